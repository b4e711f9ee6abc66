"""One indicator's numbers for every group: numerator, denominator, value, whether the target is met, why there is none.

Everything here is arrays with one place a group; nothing loops over groups but the look-up of absent facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from yigongti.analytics.runner.grid import Grid, Key, Numbers
from yigongti.analytics.runner.presence import Presence
from yigongti.kernel.indicators import MONTH, Amount, Indicator, Proof, Target, evaluate
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

NO_DENOMINATOR = "no_denominator"
MISSING_FACT = "missing_fact:"


@dataclass(frozen=True)
class Answers:
    """Arrays as long as `keys`: nan in a number means null, "" in `why` that there is a value.

    as_of: the last day up to which there are facts.
    """

    indicator: Indicator
    period: Period
    keys: list[Key]
    numerator: Numbers
    denominator: Numbers
    value: Numbers
    why: Numbers
    versions: Mapping[str, RuleVersion]
    target: Target | None = None
    as_of: date | None = None

    @property
    def met(self) -> Numbers:
        """1 met, 0 not met, nan where there is no value or no target."""
        if self.target is None:
            return np.full(len(self.keys), np.nan)
        low = -np.inf if self.target.low is None else self.target.low
        high = np.inf if self.target.high is None else self.target.high
        enough = self.value >= low if self.target.low_included else self.value > low
        little = self.value <= high if self.target.high_included else self.value < high
        return np.where(np.isnan(self.value), np.nan, enough & little)


def unanswered(
    indicator: Indicator, period: Period, *, by: tuple[str, ...], why: str, versions: Mapping[str, RuleVersion]
) -> Answers:
    """One row without a number, and the reason."""
    null = np.full(1, np.nan)
    return Answers(indicator, period, [(None,) * len(by)], null, null, null, np.array([why], dtype=object), versions)


def answers(
    indicator: Indicator,
    period: Period,
    *,
    grid: Grid,
    presence: Presence,
    versions: Mapping[str, RuleVersion],
    target: Target | None,
) -> Answers:
    """Work an indicator out over a grid, for the groups of which its tallies have any rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        numerator = _worked_out(indicator.numerator, grid, versions)
        denominator = _worked_out(indicator.denominator, grid, versions)
        value = _worked_out(indicator.formula, grid, versions)
    why = _why(indicator, denominator, value, grid=grid, presence=presence)
    here = _present(indicator, grid)
    if not here.any():
        reason = _missing(indicator, presence, None) or NO_DENOMINATOR
        return unanswered(indicator, period, by=grid.by, why=reason, versions=versions)
    valued, missing = why == "", np.char.startswith(why.astype(str), MISSING_FACT)
    return Answers(
        indicator,
        period,
        [key for key, is_here in zip(grid.keys, here, strict=True) if is_here],
        np.where(missing, np.nan, numerator)[here],
        np.where(missing, np.nan, denominator)[here],
        np.where(valued, value, np.nan)[here],
        why[here],
        versions,
        target,
        presence.as_of(indicator.needs),
    )


def _worked_out(amount: Amount | None, grid: Grid, versions: Mapping[str, RuleVersion]) -> Numbers:
    if amount is None:
        return np.full(len(grid.keys), np.nan)
    found = evaluate(amount, tally=grid.numbers, rules=versions)
    return np.where(np.isfinite(found), found, np.nan)


def _present(indicator: Indicator, grid: Grid) -> Numbers:
    if not grid.by:
        return np.ones(len(grid.keys), dtype=bool)
    elsewhere = {proof.rows for proof in indicator.proofs if proof.scope == "county"}
    counted = [tally for tally in indicator.tallies if tally not in elsewhere]
    return np.any([grid.found(tally) for tally in counted], axis=0)


def _why(indicator: Indicator, denominator: Numbers, value: Numbers, *, grid: Grid, presence: Presence) -> Numbers:
    """The first reason why each group has no value; "" where it has one."""
    months = grid.months()
    by_month = {month: _missing(indicator, presence, month) for month in dict.fromkeys(months)}
    why = np.array([by_month[month] for month in months], dtype=object)
    for proof in indicator.proofs:
        why[(why == "") & ~_proven(proof, grid, months)] = proof.why
    empty = np.isnan(value)
    if indicator.denominator is not None:
        empty |= np.isnan(denominator) | (denominator == 0)
    why[(why == "") & empty] = NO_DENOMINATOR
    return why


def _missing(indicator: Indicator, presence: Presence, month: date | None) -> str:
    for tally in indicator.tallies:
        for table in tally.rows.needs:
            if not presence.has((table.name, tally.era), month):
                return f"{MISSING_FACT}{table.name}" if tally.era == "now" else f"no_year_before:{table.name}"
    return ""


def _proven(proof: Proof, grid: Grid, months: list[date | None]) -> Numbers:
    numbers = grid.numbers(proof.rows)
    if proof.scope == "group":
        return numbers > 0
    if MONTH not in grid.by:
        return np.full(len(numbers), numbers.sum() > 0)
    names, places = np.unique(np.array([str(month) for month in months]), return_inverse=True)
    return (np.bincount(places, weights=numbers, minlength=len(names)) > 0)[places]
