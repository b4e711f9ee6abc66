"""Which versions of rules hold for an indicator, and where a change of rule cuts the period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.indicators import Indicator, Target, target_of
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import Document, OutsideDates, RuleVersion, UnknownRule

ABOUT = "measure.about_tolerance"
"""How far from an “about” target a value may lie, as a share of the target."""


class Book(Protocol):
    """What a run asks of the rules; kernel.rules.RuleBook has it."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents that can be cited, by id."""

    def find(self, rule_id: str, on: date, known_on: date | None = None) -> RuleVersion:
        """The version in force on a day."""

    def within(self, rule_id: str, period: Period, known_on: date | None = None) -> list[RuleVersion]:
        """Every version in force inside a period, in order."""


@dataclass(frozen=True)
class Ruling:
    """One stretch of the period in which no rule of the indicator changes, or the reason why there is no number."""

    period: Period
    versions: Mapping[str, RuleVersion] = field(default_factory=dict)
    why_null: str = ""


def rulings(indicator: Indicator, period: Period, *, book: Book, known_on: date | None = None) -> list[Ruling]:
    """The stretches for which an indicator is worked out: one, unless a rule changes inside the period."""
    changes: set[date] = set()
    for rule_id in indicator.rules:
        try:
            versions = book.within(rule_id, period, known_on)
        except PolicyError:
            return [Ruling(period, why_null=f"no_rule:{rule_id}")]
        if len(versions) > 1 and indicator.on_rule_change == "refuse":
            return [Ruling(period, why_null=f"rule_changes:{rule_id}")]
        changes |= set(_changes(versions, period.start))
    return [
        Ruling(stretch, {rule_id: book.find(rule_id, stretch.start, known_on) for rule_id in indicator.rules})
        for stretch in _cut(period, changes)
    ]


def target_for(
    indicator: Indicator, period: Period, *, book: Book, known_on: date | None = None
) -> tuple[Target, RuleVersion] | None:
    """The target in force at the end of the period; None where the county has none."""
    version = _found(indicator.target, period.end, book=book, known_on=known_on) if indicator.target else None
    if version is None:
        return None
    about = book.find(ABOUT, period.end, known_on) if version.comparator == "~" else None
    return target_of(version, better=indicator.better, about=about), version


def _found(rule_id: str, day: date, *, book: Book, known_on: date | None) -> RuleVersion | None:
    try:
        return book.find(rule_id, day, known_on)
    except (UnknownRule, OutsideDates):
        return None


def _changes(versions: list[RuleVersion], start: date) -> Iterator[date]:
    """The day on which each later version takes over: its own first day, or the day after the one before ended."""
    day = start
    for before, after in pairwise(versions):
        ended = before.effective_to
        own = after.effective_from
        day = own if own > day or ended is None else ended + timedelta(days=1)
        yield day


def _cut(period: Period, changes: set[date]) -> list[Period]:
    firsts = [period.start, *sorted(changes)]
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), period.end]
    return [Period(first, last) for first, last in zip(firsts, lasts, strict=True)]
