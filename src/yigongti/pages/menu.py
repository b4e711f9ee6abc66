"""The menu: which pages stand in the side bar.  Who sees an entry follows from the roles its page declares."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.safestring import SafeString

from yigongti.kernel.roles import Role
from yigongti.spine.access.guard import Guard, guard_of


@dataclass(frozen=True)
class Entry:
    """One line: the name of a URL without parameters, its label and icon; `also`: names of the pages below it."""

    name: str
    label: str
    icon: str
    also: tuple[str, ...] = ()

    @cached_property
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
        Section(section.label, [entry for entry in section.entries if admits(entry.name, roles)])
        for section in sections
    ]
    return [section for section in shown if section.entries]


def drawn(sections: Sequence[Section], *, at: str) -> SafeString:
    """Sections as markup in the reader's language, the entry of the page with this URL name marked as open."""
    entries = (entry for section in sections for entry in section.entries)
    opened = next((entry for entry in entries if entry.is_open_at(at)), None)
    return render_to_string("pages/menu.html", {"menu": sections, "open": opened})


def admits(name: str, roles: Collection[Role]) -> bool:
    """Whether the page of a URL name admits one of the roles; False where there is no such page."""
    guard = _guards().get(name)
    return guard is not None and guard.admits(roles)


@cache
def _guards() -> dict[str, Guard]:
    """URL name → its declaration, of every page."""
    return {pattern.name: guard for pattern in _patterns(get_resolver()) if (guard := guard_of(pattern.callback))}


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        elif entry.name:
            yield entry
