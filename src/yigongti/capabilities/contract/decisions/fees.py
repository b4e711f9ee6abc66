"""What is paid for contracts: price × quality factor, from which sources, to whom; to the fen.

Quality: each measured indicator of the rule's table gives value ÷ full mark (at most 1) of its weight; one that could
not be measured is left out, and the rest share its weight.  Nothing measured: the factor cannot be told, and only
what the rule prepays is paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yigongti.capabilities.contract.decisions.packages import SOURCES, Package
from yigongti.kernel.money import allocate
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import Rules

WEIGHTS, FACTOR, TIED = "contract.quality.weights", "contract.quality.factor", "contract.fee_tied_to_quality"
PREPAID, TEAM_SHARE, DUTY_WEIGHTS = "contract.fee.prepaid_share", "contract.fee.team_share", "contract.fee.duty_weights"
RULES = (TIED, WEIGHTS, FACTOR, PREPAID, TEAM_SHARE, DUTY_WEIGHTS)


@dataclass(frozen=True)
class Mark:
    """One indicator in the quality: its measured value (None: not measured), its weight and what gives full marks."""

    indicator: str
    value: float | None
    weight: Fraction
    full_at: Fraction

    @property
    def score(self) -> Fraction | None:
        """From 0 to 1; None where not measured."""
        if self.value is None:
            return None
        return max(Fraction(0), min(Fraction(1), Fraction(str(self.value)) / self.full_at))


@dataclass(frozen=True)
class Quality:
    """score: weighted over what was measured; factor: by which prices are multiplied; label: the band in words.
    score and factor are None where nothing was measured."""

    marks: tuple[Mark, ...]
    score: Fraction | None
    factor: Fraction | None
    label: str = ""


def quality(measured: Mapping[str, float | None], *, rules: Rules) -> Quality:
    """The quality of a team's (or institution's) contracts from measured indicators, by id.

    Where the rule contract.fee_tied_to_quality says no, quality is shown and the factor is 1.
    """
    rows = rules[WEIGHTS].table.items()
    marks = tuple(
        Mark(name, measured.get(name), Fraction(str(row["weight"])), Fraction(str(row["full_at"])))
        for name, row in rows
    )
    known = [(mark.weight, mark.score) for mark in marks if mark.score is not None]
    untied = None if rules[TIED].is_on else Fraction(1)
    if not sum(weight for weight, _ in known):
        return Quality(marks, None, untied)
    score = sum((weight * mark for weight, mark in known), Fraction(0)) / sum(weight for weight, _ in known)
    band = rules[FACTOR].band(score)
    return Quality(marks, score, untied or Fraction(str(band.value)), band.label)


@dataclass(frozen=True)
class Kept:
    """A contract in the year: its package, and its first and last day."""

    package: Package
    start_on: date
    end_on: date


@dataclass(frozen=True)
class Fee:
    """One or more contracts' fee in fen.  price: by days in force; due: price × factor (None where the factor cannot
    be told); prepaid: paid ahead; by_source: SOURCES → fen of what is due (or prepaid, where due is None)."""

    price: int
    prepaid: int
    due: int | None
    by_source: Mapping[str, int]

    @property
    def total(self) -> int:
        """What counts now: what is due, or what is prepaid while that cannot be told."""
        return self.prepaid if self.due is None else self.due

    @property
    def settled(self) -> int | None:
        """What is still to be paid after the prepayment, or to be given back where negative."""
        return None if self.due is None else self.due - self.prepaid


def fee_of(kept: Kept, *, year: Period, factor: Fraction | None, rules: Rules) -> Fee:
    """The fee of a contract for the days of the year on which it is in force."""
    days = (min(kept.end_on, year.end) - max(kept.start_on, year.start)).days + 1
    price = _portion(kept.package.price_fen, Fraction(min(max(days, 0), year.days), year.days))
    prepaid = _portion(price, Fraction(str(rules[PREPAID].exact)))
    due = None if factor is None else _portion(price, factor)
    whole = prepaid if due is None else due
    weights = list(kept.package.sources.values())
    parts = allocate(whole, weights) if sum(weights) else [0] * len(SOURCES)
    return Fee(price, prepaid, due, dict(zip(SOURCES, parts, strict=True)))


def total(fees: Sequence[Fee]) -> Fee:
    """Fees together; due is None where any is."""
    dues = [fee.due for fee in fees]
    by_source = {source: sum(fee.by_source[source] for fee in fees) for source in SOURCES}
    due = None if None in dues else sum(each for each in dues if each is not None)
    return Fee(sum(fee.price for fee in fees), sum(fee.prepaid for fee in fees), due, by_source)


def times(fee: Fee, count: int) -> Fee:
    """So many fees of the same amount."""
    by_source = {source: amount * count for source, amount in fee.by_source.items()}
    return Fee(fee.price * count, fee.prepaid * count, None if fee.due is None else fee.due * count, by_source)


@dataclass(frozen=True)
class Shares:
    """A fee between the team's members, in the order given, and the institution; they sum to the fee."""

    members: tuple[int, ...]
    institution: int

    @property
    def team(self) -> int:
        return sum(self.members)


def shares(amount: int, *, duties: Sequence[str], rules: Rules) -> Shares:
    """Split fen between institution and team (rule contract.fee.team_share), and the team's part by duties.

    A team without members leaves all to the institution.
    """
    share = Fraction(str(rules[TEAM_SHARE].exact))
    weights = [Fraction(str(rules[DUTY_WEIGHTS].table[duty])) for duty in duties]
    if not sum(weights):
        return Shares(tuple(0 for _ in duties), amount)
    team, institution = allocate(amount, [share, 1 - share])
    return Shares(tuple(allocate(team, weights)), institution)


def _portion(amount: int, of: Fraction) -> int:
    """A part of an amount, half a fen up."""
    return int(amount * of + Fraction(1, 2)) if amount >= 0 else -_portion(-amount, of)
