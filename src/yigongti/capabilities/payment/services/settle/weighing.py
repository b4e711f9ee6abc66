"""The points of a year's stays in the county: by DIP scores or DRG points, as the county's rules say.

The standard comes from the years before (the three before it for DIP, the one before it for DRG), from the year itself
where there are none.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions import dip
from yigongti.capabilities.payment.decisions.drg import figures, points
from yigongti.capabilities.payment.services.drg import cases_of, group_cases, open_scheme
from yigongti.kernel.rules import RuleVersion

USE_DIP = "payment.inpatient.use_dip"
BASE_LEVEL_GROUPS = "payment.drg.base_level_groups"
SCHEME = "county-core"
"""The grouping scheme that ships with the product."""

Rules = Mapping[str, RuleVersion]
Points = NDArray[np.int64]


def points_of(
    stays: pa.Table, history: pa.Table, *, levels: Mapping[str, str], rules: Rules, home: Path | None = None
) -> Points:
    """Each stay's points in ten-thousandths, in the order given.  stays, history: the columns of the fact table."""
    if not len(stays):
        return np.zeros(0, np.int64)
    by = _by_dip if rules[USE_DIP].is_on else _by_drg
    return by(stays, history, levels, rules, home)


def _by_dip(stays: pa.Table, history: pa.Table, levels: Mapping[str, str], rules: Rules, _home: Path | None) -> Points:
    catalogue = dip.build(history if len(history) else stays, rules=rules, levels=levels)
    return dip.score(stays, catalogue, rules=rules, levels=levels).adjusted_e4


def _by_drg(stays: pa.Table, history: pa.Table, levels: Mapping[str, str], rules: Rules, home: Path | None) -> Points:
    grouped = _grouped(stays, home)
    latest = history.filter(_of_last_year(history)) if len(history) else history
    before = _grouped(latest, home) if len(latest) else grouped
    region, own = figures.sums(before), figures.sums(before, ("institution_id", "drg"))
    if not region:
        return np.asarray(stays["total_fen"].to_numpy(), np.int64)
    standard = points.standard_of(region, rules=rules)
    known = {name: levels.get(name, "none") for name in pc.unique(pc.fill_null(_both(before, grouped), "")).to_pylist()}
    base_level = rules[BASE_LEVEL_GROUPS].codes if BASE_LEVEL_GROUPS in rules else ()
    factors = points.factors(own, known, standard.groups, rules=rules, base_level=base_level)
    scored = points.score(grouped, standard, factors, rules=rules)
    return _less_readmissions(np.array(scored["points_e4"].to_numpy(), np.int64), grouped, rules)


def _of_last_year(history: pa.Table) -> pa.Array:
    years = pc.year(history["discharged_on"])
    return pc.equal(years, pc.max(years))


def _both(before: pa.Table, now: pa.Table) -> pa.ChunkedArray:
    return pa.chunked_array([*before["institution_id"].chunks, *now["institution_id"].chunks])


def _grouped(stays: pa.Table, home: Path | None) -> pa.Table:
    """Stays with what points need: id, drg, status, days, died and the columns they came with."""
    groups = group_cases(cases_of(stays, where="stay"), open_scheme(SCHEME, home=home), where="stay")
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


def _less_readmissions(points_e4: Points, grouped: pa.Table, rules: Rules) -> Points:
    """Points with those of stays reduced that were followed by a readmission to the same group."""
    of_stay = dict(zip(grouped["id"].to_pylist(), points_e4.tolist(), strict=True))
    real = grouped.filter(pc.equal(grouped["status"], "grouped"))
    reduced = points.reduced_for_readmission(of_stay, real, rules=rules)
    return np.array([*(of_stay | reduced).values()], np.int64)
