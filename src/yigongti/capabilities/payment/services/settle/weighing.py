"""The points of a year's stays in the county, and how each came by them: by DIP scores or DRG points, as rules say.

The standard comes from the years before (the three before it for DIP, the one before it for DRG), from the year itself
where there are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions import dip
from yigongti.capabilities.payment.decisions.dip.building import SCORE_SCALE, NothingToCount
from yigongti.capabilities.payment.decisions.dip.scoring import BLANK_SHARE, Scored
from yigongti.capabilities.payment.decisions.dip.supervision import HIGH_DEVIATION, LOW_DEVIATION
from yigongti.capabilities.payment.decisions.drg import Scheme, figures, points
from yigongti.capabilities.payment.decisions.exact import E4, Ints, divided
from yigongti.capabilities.payment.services.drg import cases_of, group_cases, open_scheme
from yigongti.kernel.rules import RuleVersion

USE_DIP = "payment.inpatient.use_dip"
BASE_LEVEL_GROUPS = "payment.drg.base_level_groups"
DRG_SCHEME = "payment.inpatient.drg_scheme"
COLUMNS = ("group", "kind", "rule", "base_e4", "factor_e4", "ratio_e4", "points_e4")

Rules = Mapping[str, RuleVersion]
Levels = Mapping[str, str]


@dataclass(frozen=True)
class Weighed:
    """Stays with their points: `group, kind, rule, base_e4, factor_e4, ratio_e4, points_e4` in the order given.

    kind: normal, low, high, by_cost, or why a stay is weighed otherwise; rule: the one it has its points by.
    mean_fen: the mean cost of all cases, which is worth `scale` points; names: group → what it is called.
    """

    table: pa.Table
    mean_fen: int
    scale: Fraction
    names: Mapping[str, str]


def scheme_of(rules: Rules) -> str:
    """The DRG scheme that the county groups by."""
    return str(rules[DRG_SCHEME].table["scheme"])


def weighed(
    stays: pa.Table, history: pa.Table, *, levels: Levels, rules: Rules, home: Path | None = None, scheme: str = ""
) -> Weighed:
    """Each stay's points.  stays, history: the columns of the fact table; scheme: another than the rule's."""
    if rules[USE_DIP].is_on:
        return _by_dip(stays, history, levels, rules)
    return _by_drg(stays, history, levels, rules, open_scheme(scheme or scheme_of(rules), home=home))


def _by_dip(stays: pa.Table, history: pa.Table, levels: Levels, rules: Rules) -> Weighed:
    scale = Fraction(str(rules[SCORE_SCALE].exact))
    catalogue = _catalogue(history, stays, levels, rules)
    if catalogue is None:
        return _by_cost(stays, scale)
    scored = dip.score(stays, catalogue, rules=rules, levels=levels)
    kinds, how = ("normal", "low", "high", "by_cost"), _dip_kinds(scored)
    by_rule = (SCORE_SCALE, LOW_DEVIATION, HIGH_DEVIATION, BLANK_SHARE)
    groups = pa.array([*(group.id for group in catalogue.groups), None], pa.string())
    cost, mean = np.asarray(stays["total_fen"].to_numpy(), np.int64), np.maximum(scored.mean_fen, 1)
    columns = (
        groups.take(pa.array(scored.group % len(groups))),
        pa.array(kinds).take(pa.array(how)),
        pa.array(by_rule).take(pa.array(how)),
        scored.score_e4,
        divided(scored.coefficient_e4 * scored.auxiliary_e4, E4),
        divided(cost * E4, mean) * (scored.group >= 0),
        scored.adjusted_e4,
    )
    return Weighed(pa.table(dict(zip(COLUMNS, columns, strict=True))), catalogue.mean_fen, scale, {})


def _catalogue(history: pa.Table, stays: pa.Table, levels: Levels, rules: Rules) -> dip.Catalogue | None:
    """From the years before, from the year itself where they have nothing to count; None where it has neither."""
    for source in (history, stays):
        try:
            return dip.build(source, rules=rules, levels=levels)
        except NothingToCount:
            continue
    return None


def _dip_kinds(scored: Scored) -> Ints:
    """0 normal, 1 far below the mean, 2 far above it, 3 without a group."""
    found = np.select([scored.group < 0, scored.deviation < 0, scored.deviation > 0], [3, 1, 2], 0)
    return found.astype(np.int64)


def _by_drg(stays: pa.Table, history: pa.Table, levels: Levels, rules: Rules, scheme: Scheme) -> Weighed:
    grouped = _grouped(stays, scheme)
    latest = history.filter(_of_last_year(history)) if len(history) else history
    before = _grouped(latest, scheme) if len(latest) else grouped
    region, own = figures.sums(before), figures.sums(before, ("institution_id", "drg"))
    scale = Fraction(str(rules[points.POINTS_SCALE].exact))
    if not region:
        return _by_cost(stays, scale)
    standard = points.standard_of(region, rules=rules)
    known = {name: levels.get(name, "none") for name in pc.unique(pc.fill_null(_both(before, grouped), "")).to_pylist()}
    listed = rules[BASE_LEVEL_GROUPS].codes if BASE_LEVEL_GROUPS in rules else ()
    base_level = {drg for drg in standard.groups if drg in listed or drg in scheme.base_level}
    factors = points.factors(own, known, standard.groups, rules=rules, base_level=base_level)
    scored = points.score(grouped, standard, factors, rules=rules).append_column("group", grouped["drg"])
    table = points.less_readmissions(scored, grouped, rules=rules).select(COLUMNS)
    return Weighed(table, standard.mean_fen, scale, scheme.names)


def _by_cost(stays: pa.Table, scale: Fraction) -> Weighed:
    """Where not one stay has a group: points as cost."""
    cost = np.asarray(stays["total_fen"].to_numpy(), np.int64)
    none, zeros = pa.nulls(len(stays), pa.string()), np.zeros(len(stays), np.int64)
    kinds, by_rule = (pa.array([each] * len(stays), pa.string()) for each in ("by_cost", points.POINTS_SCALE))
    mean = max(int(cost.sum()) // max(len(cost), 1), 1)
    columns = (none, kinds, by_rule, zeros, zeros, zeros, cost)
    return Weighed(pa.table(dict(zip(COLUMNS, columns, strict=True))), mean, scale, {})


def _of_last_year(history: pa.Table) -> pa.Array:
    years = pc.year(history["discharged_on"])
    return pc.equal(years, pc.max(years))


def _both(before: pa.Table, now: pa.Table) -> pa.ChunkedArray:
    return pa.chunked_array([*before["institution_id"].chunks, *now["institution_id"].chunks])


def _grouped(stays: pa.Table, scheme: Scheme) -> pa.Table:
    """Stays with what points need: id, drg, status, days, died and the columns they came with."""
    groups = group_cases(cases_of(stays, where="stay"), scheme, where="stay")
    days = pc.subtract(*(stays[name].cast(pa.int32()) for name in ("discharged_on", "admitted_on")))
    added = {
        "id": stays["stay_id"],
        "drg": groups["drg"],
        "status": groups["status"],
        "days": pc.max_element_wise(days, 1).cast(pa.int64()),
        "died": pc.fill_null(pc.equal(stays["discharge_way"], "5"), False),
    }
    kept = ("resident_id", "institution_id", "admitted_on", "discharged_on", "total_fen")
    return pa.table(added | {name: stays[name] for name in kept})
