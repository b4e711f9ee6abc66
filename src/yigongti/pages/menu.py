"""The menu: which pages stand in the side bar.  Who sees an entry follows from the roles its page declares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from django.urls import resolve, reverse

from yigongti.kernel.roles import Role
from yigongti.spine.access.guard import Guard, guard_of


@dataclass(frozen=True)
class Entry:
    """One line: the name of a URL without parameters, its label and icon; `also`: names of the pages below it."""

    name: str
    label: str
    icon: str
    also: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return reverse(self.name)

    def is_open_at(self, name: str) -> bool:
        return name == self.name or name in self.also


@dataclass(frozen=True)
class Section:
    """Lines under one heading ("" has none)."""

    label: str
    entries: Sequence[Entry]


def visible(sections: Sequence[Section], *, roles: Collection[Role]) -> list[Section]:
    """The sections and entries whose pages admit one of the roles."""
    shown = [
        Section(section.label, [entry for entry in section.entries if _admits(entry.name, roles)])
        for section in sections
    ]
    return [section for section in shown if section.entries]


def _admits(name: str, roles: Collection[Role]) -> bool:
    guard = _guard(name)
    return guard is not None and guard.admits(roles)


@cache
def _guard(name: str) -> Guard | None:
    return guard_of(resolve(reverse(name)).func)
