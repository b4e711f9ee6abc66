"""DRG points: base points, cost (difference) factor, cases of high and low cost, readmissions, base-level groups.

A point is held as an integer of ten-thousandths (`*_e4`), as money is held in fen: sums are exact, and the order of
cases changes nothing.  Each case says by which rule it has its points.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.drg.figures import Rules, Sums, total
from yigongti.capabilities.payment.decisions.exact import E4, day_numbers, divided, half_up

POINTS_SCALE = "payment.drg.points_scale"
HOSPITAL_SHARE = "payment.drg.hospital_factor_share"
NEW_GROUP_FACTOR = "payment.drg.new_group_factor"
BASE_LEVEL_FACTOR = "payment.drg.base_level_factor"
LOW_OUTLIER = "payment.drg.low_outlier"
HIGH_OUTLIER = "payment.drg.high_outlier"
READMISSION_WITHIN = "payment.drg.readmission_within"
READMISSION_SHARE = "payment.drg.readmission_share"

Kind = Literal["normal", "low", "high", "by_cost"]
KINDS: tuple[Kind, ...] = ("normal", "low", "high", "by_cost")
KIND_LABELS: Mapping[Kind, str] = {"normal": "正常", "low": "低倍率", "high": "高倍率", "by_cost": "按费用折点"}
SAME_STAY = ("resident_id", "institution_id", "drg")
KIND_RULES: Mapping[Kind, str] = {
    "normal": HOSPITAL_SHARE, "low": LOW_OUTLIER, "high": HIGH_OUTLIER, "by_cost": POINTS_SCALE,
}  # fmt: skip


@dataclass(frozen=True)
class GroupPoints:
    """What one group is worth: base points, mean cost (fen), and from how many times that a case is of high cost."""

    base_e4: int
    mean_fen: int
    high_from: Fraction


@dataclass(frozen=True)
class Standard:
    """The year's standard: what each group is worth, and the mean cost (fen) of all cases."""

    groups: Mapping[str, GroupPoints]
    mean_fen: int


def standard_of(region: Mapping[str, Sums], *, rules: Rules) -> Standard:
    """Base points of every group: its cost per case ÷ that of all cases × 100.  ValueError without any case."""
    overall = total(region.values()).mean_fen
    if not overall:
        raise ValueError("a standard needs cases with a cost")
    scale = Fraction(str(rules[POINTS_SCALE].exact))
    groups = {
        drg: _group(mean / overall * scale, mean, rules) for drg, sums in region.items() if (mean := sums.mean_fen)
    }
    return Standard(groups, half_up(overall))


def _group(points: Fraction, mean: Fraction, rules: Rules) -> GroupPoints:
    high_from = rules[HIGH_OUTLIER].band(points).value
    return GroupPoints(half_up(points * E4), half_up(mean), Fraction(str(high_from)))


def cost_factor(own: Sums | None, *, level: Sums | None, region: Sums | None, rules: Rules) -> Fraction:
    """The difference factor of an institution for a group, from last year's sums of the group.

    Share α of (own mean ÷ the region's) and the rest of (the mean of institutions of its level ÷ the region's).  A
    group that is new to the region or to the level has the factor of new groups.
    """
    region_mean = region.mean_fen if region else None
    level_mean = level.mean_fen if level else None
    if not region_mean or not level_mean:
        return Fraction(str(rules[NEW_GROUP_FACTOR].exact))
    share = Fraction(str(rules[HOSPITAL_SHARE].exact))
    own_mean = own.mean_fen if own and own.mean_fen else level_mean
    return (share * own_mean + (1 - share) * level_mean) / region_mean


Factors = Mapping[tuple[str, str], int]
"""(institution, group) → cost factor in ten-thousandths."""


def factors(
    history: Mapping[tuple[str, str], Sums], levels: Mapping[str, str], groups: Iterable[str], *,
    rules: Rules, base_level: Container[str] = (),
) -> dict[tuple[str, str], int]:  # fmt: skip
    """The factor of every institution for every group; base-level groups have one factor for all.

    history: (institution, group) → last year's sums; levels: institution → its level.
    """
    region: dict[str, Sums] = {}
    by_level: dict[tuple[str, str], Sums] = {}
    for (institution, drg), sums in history.items():
        region[drg] = region.get(drg, Sums()) + sums
        key = (levels[institution], drg)
        by_level[key] = by_level.get(key, Sums()) + sums
    alike = half_up(E4 * Fraction(str(rules[BASE_LEVEL_FACTOR].exact)))

    def factor(institution: str, level: str, drg: str) -> int:
        own, of_level = history.get((institution, drg)), by_level.get((level, drg))
        return half_up(E4 * cost_factor(own, level=of_level, region=region.get(drg), rules=rules))

    return {
        (institution, drg): alike if drg in base_level else factor(institution, level, drg)
        for institution, level in levels.items()
        for drg in groups
    }


def score(cases: pa.Table, standard: Standard, factors: Factors, *, rules: Rules) -> pa.Table:
    """The points of every case: `id, kind, base_e4, factor_e4, ratio_e4, points_e4, rule`.

    cases: id, drg, status, institution_id, total_fen (≥ 0).  Normal: base × factor.  Low cost: base × cost ÷ mean.
    High cost: base + base × (cost ÷ mean − threshold).  Ungrouped or a group without a standard: cost ÷ the mean of
    all cases × 100.  Outliers take no factor.  Half a ten-thousandth goes up.
    """
    columns = _columns(cases, standard, factors)
    kind = _kinds(columns, rules)
    points = _points(columns, kind, standard, rules)
    names = pa.array(KINDS)
    return pa.table(
        {
            "id": cases["id"],
            "kind": pc.take(names, pa.array(kind)),
            "base_e4": columns["base"],
            "factor_e4": columns["factor"],
            "ratio_e4": columns["ratio"],
            "points_e4": points,
            "rule": pc.take(pa.array([KIND_RULES[name] for name in KINDS]), pa.array(kind)),
        }
    )


Columns = dict[str, NDArray[np.int64]]


def _columns(cases: pa.Table, standard: Standard, factors: Factors) -> Columns:
    """Per case: its group's base, mean and high threshold (0 where it has none), its factor, cost and cost ÷ mean."""
    drg = pc.if_else(pc.equal(cases["status"], "grouped"), cases["drg"], None)
    names = list(standard.groups)
    number = pc.fill_null(pc.index_in(drg, value_set=pa.array(names, pa.string())), len(names)).to_numpy()
    groups = [*standard.groups.values(), GroupPoints(0, 0, Fraction(0))]
    cost = cases["total_fen"].to_numpy()
    mean = np.array([group.mean_fen for group in groups], np.int64)[number]
    return {
        "cost": cost,
        "mean": mean,
        "base": np.array([group.base_e4 for group in groups], np.int64)[number],
        "high": np.array([half_up(group.high_from * E4) for group in groups], np.int64)[number],
        "factor": _factor_of(cases["institution_id"], number, names, factors),
        "ratio": divided(cost * E4, np.maximum(mean, 1)) * (mean > 0),
    }


def _factor_of(
    institutions: pa.ChunkedArray, number: NDArray[np.int32], names: list[str], factors: Factors
) -> NDArray[np.int64]:  # fmt: skip
    """Each case's factor; one where none is given."""
    encoded = institutions.combine_chunks().dictionary_encode()
    table = [[factors.get((who, drg), E4) for drg in (*names, "")] for who in encoded.dictionary.to_pylist()]
    found: NDArray[np.int64] = np.array(table, np.int64)[encoded.indices.to_numpy(), number]
    return found


def _kinds(columns: Columns, rules: Rules) -> NDArray[np.int8]:
    low = half_up(Fraction(str(rules[LOW_OUTLIER].exact)) * E4)
    kind = np.zeros(len(columns["cost"]), np.int8)
    kind[columns["ratio"] >= columns["high"]] = KINDS.index("high")
    kind[columns["ratio"] <= low] = KINDS.index("low")
    kind[columns["mean"] == 0] = KINDS.index("by_cost")
    return kind


def _points(columns: Columns, kind: NDArray[np.int8], standard: Standard, rules: Rules) -> NDArray[np.int64]:
    base, ratio = columns["base"], columns["ratio"]
    scale = half_up(Fraction(str(rules[POINTS_SCALE].exact)) * E4)
    by_kind: Mapping[Kind, NDArray[np.int64]] = {
        "normal": divided(base * columns["factor"], E4),
        "low": divided(base * ratio, E4),
        "high": base + divided(base * (ratio - columns["high"]), E4),
        "by_cost": divided(columns["cost"] * scale, standard.mean_fen),
    }
    return np.choose(kind, [by_kind[name] for name in KINDS])


def reduced_for_readmission(points_e4: Mapping[str, int], stays: pa.Table, *, rules: Rules) -> dict[str, int]:
    """Earlier stays that count for a part only, as the same person came back to the same place for the same group.

    stays: id, resident_id, institution_id, drg, admitted_on, discharged_on.  Returns stay id → its reduced points.
    """
    share = Fraction(str(rules[READMISSION_SHARE].exact))
    earlier = stays["id"].take(pa.array(readmitted(stays, rules=rules))).to_pylist()
    return {stay: half_up(points_e4[stay] * share) for stay in earlier}


def readmitted(stays: pa.Table, *, rules: Rules) -> NDArray[np.int64]:
    """The rows of stays that were followed by a readmission within the days of the rule; columns as above."""
    rows = _repeated(stays)
    few = stays.select([*SAME_STAY, "admitted_on", "discharged_on", "id"]).take(pa.array(rows))
    ordered = few.append_column("row", pa.array(rows)).sort_by(
        [(name, "ascending") for name in (*SAME_STAY, "admitted_on", "id")]
    )
    is_same = np.ones(max(len(ordered) - 1, 0), bool)
    for name in SAME_STAY:
        is_same &= pc.equal(ordered[name][:-1], ordered[name][1:]).to_numpy()
    gap = day_numbers(ordered["admitted_on"][1:]) - day_numbers(ordered["discharged_on"][:-1])
    earlier = np.flatnonzero(is_same & (gap >= 0) & (gap <= rules[READMISSION_WITHIN].days))
    return np.asarray(ordered["row"].to_numpy()[earlier], np.int64)


def _repeated(stays: pa.Table) -> NDArray[np.int64]:
    """The rows whose person, place and group occur more than once: few, so that only these are sorted."""
    key = np.zeros(len(stays), np.int64)
    for name in SAME_STAY:
        encoded = stays[name].combine_chunks().dictionary_encode()
        codes = np.asarray(encoded.indices.to_numpy(), np.int64)
        key = np.unique(key * len(encoded.dictionary) + codes, return_inverse=True)[1]
    return np.flatnonzero(np.bincount(key)[key] > 1) if len(key) else key


def less_readmissions(scored: pa.Table, stays: pa.Table, *, rules: Rules) -> pa.Table:
    """Scored cases with those reduced that were followed by a readmission, by the rule that says so.

    stays: as for `reduced_for_readmission`, with `status`; in the order of `scored`.
    """
    share = Fraction(str(rules[READMISSION_SHARE].exact))
    real = np.flatnonzero(pc.equal(stays["status"], "grouped").to_numpy())
    rows = real[readmitted(stays.take(pa.array(real)), rules=rules)]
    points = np.array(scored["points_e4"].to_numpy(), np.int64)
    points[rows] = divided(points[rows] * share.numerator, share.denominator)
    return marked(scored, rows, kind="readmitted", rule=READMISSION_SHARE, points_e4=points)


def marked(
    scored: pa.Table, rows: NDArray[np.int64], *, kind: str, rule: str, points_e4: NDArray[np.int64]
) -> pa.Table:
    """Scored cases with new points, some rows of another kind and by another rule."""
    here = np.zeros(len(scored), bool)
    here[rows] = True
    changed = {
        "kind": pc.if_else(pa.array(here), kind, scored["kind"]),
        "rule": pc.if_else(pa.array(here), rule, scored["rule"]),
        "points_e4": pa.array(points_e4),
    }
    return pa.table({name: changed.get(name, scored[name]) for name in scored.column_names})
