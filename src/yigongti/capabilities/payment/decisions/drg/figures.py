"""What grouped cases come to: weights, rates, CMI, indices of cost and time, low-risk deaths (standards of CHS-DRG).

A table of grouped cases has `drg, status, total_fen, days, died` and whatever it is asked to be summed by.  Only cases
of status grouped count.  Sums are exact integers, figures exact fractions; a figure without a denominator is None.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt
from statistics import fmean, pstdev
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.kernel.rules import RuleVersion

Rules = Mapping[str, RuleVersion]
Risk = Literal["low", "medium_low", "medium_high", "high"]
RISK_LABELS: Mapping[Risk, str] = {
    "low": "低风险",
    "medium_low": "中低风险",
    "medium_high": "中高风险",
    "high": "高风险",
}

YEAR_WEIGHTS = "payment.drg.year_weights"
STABLE_CASES = "payment.drg.stable_cases"
STABLE_VARIATION = "payment.drg.stable_variation"
DEATH_RISK_DEVIATION = "payment.drg.death_risk_deviation"
YEARS = ("earliest", "middle", "latest")


@dataclass(frozen=True)
class Sums:
    """Cases with their cost (fen), days in hospital and deaths added up; squares: Σ cost² for the variation."""

    cases: int = 0
    total_fen: int = 0
    days: int = 0
    deaths: int = 0
    squares: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.cases + other.cases,
            self.total_fen + other.total_fen,
            self.days + other.days,
            self.deaths + other.deaths,
            self.squares + other.squares,
        )

    @property
    def mean_fen(self) -> Fraction | None:
        """Cost per case."""
        return Fraction(self.total_fen, self.cases) if self.cases else None

    @property
    def variation(self) -> float | None:
        """Coefficient of variation of the cost within these cases (population)."""
        if not self.cases or not self.total_fen:
            return None
        mean = self.total_fen / self.cases
        return sqrt(max(self.squares / self.cases - mean * mean, 0.0)) / mean


def sums(cases: pa.Table, by: Sequence[str] = ("drg",)) -> dict[Any, Sums]:
    """The grouped cases added up by columns: key → sums; the key is the value of the one column, or the tuple."""
    grouped = cases.filter(pc.equal(cases["status"], "grouped"))
    cost = grouped["total_fen"].cast(pa.float64())
    table = grouped.select([*by, "total_fen", "days"]).append_column("died", grouped["died"].cast(pa.int64()))
    added = table.append_column("squares", pc.multiply(cost, cost)).group_by(list(by)).aggregate(
        [([], "count_all"), *((name, "sum") for name in ("total_fen", "days", "died", "squares"))]
    )  # fmt: skip
    return {
        (row[by[0]] if len(by) == 1 else tuple(row[name] for name in by)): Sums(
            row["count_all"],
            row["total_fen_sum"],
            row["days_sum"] or 0,
            row["died_sum"] or 0,
            row["squares_sum"] or 0.0,
        )
        for row in added.to_pylist()
    }


def total(parts: Iterable[Sums]) -> Sums:
    """All parts together."""
    return sum(parts, start=Sums())


def mean_of_years(years: Sequence[Sums | None], *, rules: Rules) -> Fraction | None:
    """Cost per case over three years, oldest first, weighted (1:2:7); a year without cases passes its weight on."""
    weights = [Fraction(str(rules[YEAR_WEIGHTS].table[year])) for year in YEARS]
    present = [(weight, year.mean_fen) for weight, year in zip(weights, years, strict=True) if year and year.mean_fen]
    if not present:
        return None
    return sum((w * mean for w, mean in present), Fraction(0)) / sum(w for w, _ in present)


def relative_weights(years: Sequence[Mapping[str, Sums]], *, rules: Rules) -> dict[str, Fraction]:
    """RW of every group: its cost per case ÷ that of all cases, three years (oldest first) weighted.

    Leave outliers out of the sums beforehand.  Groups without any cost have no weight.
    """
    overall = mean_of_years([total(year.values()) for year in years], rules=rules)
    groups = sorted(set().union(*years))
    means = {drg: mean_of_years([year.get(drg) for year in years], rules=rules) for drg in groups}
    return {drg: mean / overall for drg, mean in means.items() if mean is not None and overall}


def cmi(own: Mapping[str, Sums], weights: Mapping[str, Fraction]) -> Fraction | None:
    """Case-mix index: Σ(RW × cases) ÷ Σ cases, over the cases whose group has a weight."""
    cases = sum(sums.cases for drg, sums in own.items() if drg in weights)
    weight = sum((weights[drg] * sums.cases for drg, sums in own.items() if drg in weights), Fraction(0))
    return weight / cases if cases else None


def rate_fen(*, budget_fen: int, paid_share: Fraction, weight: Fraction) -> Fraction | None:
    """The price of one weight: the inpatient budget (the fund's ÷ the share the fund pays) ÷ the predicted weight."""
    return budget_fen / paid_share / weight if paid_share and weight else None


def standard_fen(weight: Fraction, *, rate: Fraction, factor: Fraction = Fraction(1)) -> int:
    """What a case is worth: weight × rate × the institution's factor, to the fen, half up."""
    return int(weight * rate * factor + Fraction(1, 2))


def consumption_index(
    own: Mapping[str, Sums], region: Mapping[str, Sums], *, of: Literal["total_fen", "days"]
) -> Fraction | None:
    """Index of cost (or time): Σ(k × cases) ÷ Σ cases, k = own mean of the group ÷ the region's (1: as the region)."""
    expected = [(sums, region[drg]) for drg, sums in own.items() if drg in region and getattr(region[drg], of)]
    cases = sum(mine.cases for mine, _ in expected)
    used = (Fraction(getattr(mine, of) * theirs.cases, getattr(theirs, of)) for mine, theirs in expected)
    return sum(used, Fraction(0)) / cases if cases else None


def death_risks(region: Mapping[str, Sums], *, rules: Rules) -> dict[str, Risk]:
    """The risk of dying of each group, by the logarithm of its mortality in the region; no deaths: the lowest."""
    rates = {drg: sums.deaths / sums.cases for drg, sums in region.items() if sums.cases}
    logs = {drg: log(rate) for drg, rate in rates.items() if rate > 0}
    if not logs:
        return dict.fromkeys(rates, "low")
    middle, spread = fmean(logs.values()), pstdev(logs.values()) * rules[DEATH_RISK_DEVIATION].number
    return {drg: _risk(logs.get(drg), middle, spread) for drg in rates}


def _risk(value: float | None, middle: float, spread: float) -> Risk:
    if value is None or value < middle - spread:
        return "low"
    if value < middle:
        return "medium_low"
    return "medium_high" if value < middle + spread else "high"


def low_risk_mortality(own: Mapping[str, Sums], risks: Mapping[str, Risk]) -> Fraction | None:
    """Deaths ÷ cases in the groups of low risk."""
    low = total(sums for drg, sums in own.items() if risks.get(drg) == "low")
    return Fraction(low.deaths, low.cases) if low.cases else None


def is_stable(group: Sums, *, rules: Rules) -> bool:
    """Whether a group has cases enough, and of like cost, for its mean to be trusted."""
    variation = group.variation
    enough = group.cases >= rules[STABLE_CASES].exact
    return enough and variation is not None and variation <= rules[STABLE_VARIATION].number


def explained_variation(groups: Mapping[str, Sums]) -> float | None:
    """RIV: the share of the variation of cost that the groups explain (1 − within ÷ total)."""
    whole = total(groups.values())
    if not whole.cases:
        return None
    spread = whole.squares - whole.total_fen**2 / whole.cases
    within = sum(each.squares - each.total_fen**2 / each.cases for each in groups.values() if each.cases)
    return 1 - within / spread if spread > 0 else None


@dataclass(frozen=True)
class Performance:
    """One institution's figures; each None where it has no denominator."""

    cases: int
    grouped: int
    groups: int
    grouped_share: Fraction | None
    cmi: Fraction | None
    weight: Fraction
    cost_index: Fraction | None
    time_index: Fraction | None
    low_risk_mortality: Fraction | None
    stable_share: Fraction | None
    explained_variation: float | None


def performance(
    cases: int, own: Mapping[str, Sums], *, region: Mapping[str, Sums], weights: Mapping[str, Fraction], rules: Rules
) -> Performance:
    """The figures of one institution; cases: all of them, grouped or not; region: the sums of all institutions."""
    grouped = total(own.values()).cases
    stable = sum(is_stable(each, rules=rules) for each in own.values())
    return Performance(
        cases=cases,
        grouped=grouped,
        groups=len(own),
        grouped_share=Fraction(grouped, cases) if cases else None,
        cmi=cmi(own, weights),
        weight=sum((weights.get(drg, Fraction(0)) * sums.cases for drg, sums in own.items()), Fraction(0)),
        cost_index=consumption_index(own, region, of="total_fen"),
        time_index=consumption_index(own, region, of="days"),
        low_risk_mortality=low_risk_mortality(own, death_risks(region, rules=rules)),
        stable_share=Fraction(stable, len(own)) if own else None,
        explained_variation=explained_variation(own),
    )
