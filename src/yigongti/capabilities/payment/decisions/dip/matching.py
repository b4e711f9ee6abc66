"""From a stay's key to its group: a core group whose procedures the stay has, else a composite one by treatment.

Of several core groups the one counts whose treatment ranks highest, then with the most procedures, then that holds the
main procedure, then the commonest, then the first by name (technical specification, order of choice).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from yigongti.capabilities.payment.decisions.dip.cases import TREATMENTS, Key

PREFIXES = (3, 2, 1, 0)
"""Characters of a diagnosis by which composite groups gather: category, its neighbours, its chapter's letter, all."""

Kind = Literal["core", "composite"]


@dataclass(frozen=True)
class GroupKey:
    """What defines a group.  Core: subcategory and procedures (none: conservative); composite: prefix and treatment."""

    kind: Kind
    diagnosis: str
    procedures: tuple[str, ...]
    treatment: str

    @property
    def id(self) -> str:
        if self.kind == "composite":
            return f"{self.diagnosis or '*'}~{self.treatment}"
        return f"{self.diagnosis}:{'+'.join(self.procedures)}" if self.procedures else self.diagnosis


@dataclass(frozen=True)
class Candidate:
    """A core group as matching weighs it: its procedures, the rank of its treatment, how many cases made it."""

    group: GroupKey
    procedures: frozenset[str]
    cases: int

    def weight(self, main: str) -> tuple[int, int, bool, int]:
        return self.rank, len(self.procedures), main in self.procedures, self.cases

    @property
    def rank(self) -> int:
        return TREATMENTS.index(self.group.treatment)


class Matcher:
    """The groups of a catalogue, ready to be looked up.  groups: each with the number of cases that made it."""

    def __init__(self, groups: Iterable[tuple[GroupKey, int]]) -> None:
        self._core: dict[str, list[Candidate]] = defaultdict(list)
        self._composite: dict[tuple[str, str], GroupKey] = {}
        for group, cases in sorted(groups, key=lambda each: each[0].id):
            if group.kind == "core":
                self._core[group.diagnosis].append(Candidate(group, frozenset(group.procedures), cases))
            else:
                self._composite[group.diagnosis, group.treatment] = group

    def match(self, key: Key, *, treatment: str) -> GroupKey | None:
        """The group of a key, or None where the catalogue has none for it."""
        return self.core(key) or self._gathered(key, treatment)

    def core(self, key: Key) -> GroupKey | None:
        """The core group of a key, or None."""
        candidates = self._core.get(key.diagnosis, ())
        if not key.procedures:
            return next((each.group for each in candidates if not each.procedures), None)
        own, main = frozenset(key.procedures), key.procedures[0]
        fitting = [each for each in candidates if each.procedures and each.procedures <= own]
        return max(fitting, key=lambda each: each.weight(main)).group if fitting else None

    def _gathered(self, key: Key, treatment: str) -> GroupKey | None:
        found = (self._composite.get((prefix, treatment)) for prefix in prefixes(key.diagnosis))
        return next((group for group in found if group), None)


def prefixes(diagnosis: str) -> Sequence[str]:
    """The widening circles around a diagnosis; none without a diagnosis."""
    return [diagnosis[:length] for length in PREFIXES] if diagnosis else []
