"""Institutions unlike their peers: robust z over several figures, and an isolation forest as a second opinion."""

from collections.abc import Iterator

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from yigongti.capabilities.supervision.decisions.detector import HIT, Detector, Severity, Sight
from yigongti.capabilities.supervision.facts.drawing import days_between

FIGURES = {
    "visit_fen": "门诊次均费用", "visits_per_person": "人均门诊次数", "stay_fen": "住院次均费用",
    "stay_days": "平均住院日", "exam_share": "住院检查检验占比", "drug_share": "住院药品占比",
    "diagnoses": "住院诊断数",
}  # fmt: skip
"""The figures by which institutions of a kind are compared."""
OPINIONS = {True: "孤立森林也认为离群", False: "孤立森林不认为离群"}
SEED = 20210501
TREES = 100


def _figures(sight: Sight) -> ir.Table:
    """One row an institution of the county: its kind, its fund money of the period, and its figures."""
    visits, stays = sight.during("visit"), sight.during("stay", "discharged_on")
    least = sight.number("least_cases")
    seen = visits.group_by("institution_id").having(visits.count() >= least).agg(
        visit_fen=visits.total_fen.mean(), visits_per_person=visits.count() / visits.resident_id.nunique(),
        visit_fund=visits.fund_fen.sum(),
    )  # fmt: skip
    spent = stays.total_fen.sum().nullif(0)
    lain = stays.group_by("institution_id").having(stays.count() >= least).agg(
        stay_fen=stays.total_fen.mean(), stay_days=days_between(stays.admitted_on, stays.discharged_on).mean(),
        exam_share=(stays.exam_fen + stays.lab_fen).sum() / spent, drug_share=stays.drug_fen.sum() / spent,
        diagnoses=stays.dx.length().mean(), stay_fund=stays.fund_fen.sum(),
    )  # fmt: skip
    places = sight["institution"]
    places = places.filter(places.in_county).select("institution_id", "kind")
    joined = places.left_join(seen, "institution_id").drop("institution_id_right")
    joined = joined.left_join(lain, "institution_id").drop("institution_id_right")
    return joined.mutate(fund_fen=joined.visit_fund.fill_null(0) + joined.stay_fund.fill_null(0))


def _outliers(found: pa.Table, sight: Sight) -> pa.Table:
    """Hits: figures further above those of institutions of the same kind than the limit."""
    kinds = np.array(found["kind"].to_pylist(), dtype=object)
    rows: list[dict[str, object]] = []
    for kind in sorted({each for each in kinds if each is not None}):
        peers = found.filter(pa.array(kinds == kind))
        if peers.num_rows >= sight.number("least"):
            rows += _of_kind(peers, sight)
    return pa.Table.from_pylist(rows, schema=HIT)


def _of_kind(peers: pa.Table, sight: Sight) -> list[dict[str, object]]:
    """The hits among institutions of one kind; the forest is asked only where there is a hit to judge."""
    far = list(_far(peers, sight))
    odd = _isolated(peers, share=sight.number("outliers")) if far else ()
    return [
        _hit(peers, place, name, z, sight, f"{FIGURES[name]}为同类中位数的 {times:.1f} 倍,{OPINIONS[bool(odd[place])]}")
        for name, place, z, times in far
    ]


def _far(peers: pa.Table, sight: Sight) -> Iterator[tuple[str, int, float, float]]:
    """(figure, place, z, times the median) of every figure beyond the limit."""
    for name in FIGURES:
        values = peers[name].to_numpy(zero_copy_only=False).astype(float)
        if np.isfinite(values).sum() < sight.number("least"):
            continue
        z, middle = robust_z(values)
        for place in np.flatnonzero(z >= sight.number("deviation")):
            yield name, int(place), float(z[place]), float(values[place] / middle)


def _hit(peers: pa.Table, place: int, figure: str, z: float, sight: Sight, note: str) -> dict[str, object]:
    institution = peers["institution_id"][place].as_py()
    return {
        "subject": f"{institution} {figure} {sight.year}", "institution_id": institution, "resident_id": None,
        "prescriber_id": None, "day": sight.period.end, "evidence": [f"institution:{institution}"], "amount_fen": 0,
        "measured": float(z), "allowed": sight.number("deviation"), "note": note,
    }  # fmt: skip


def robust_z(values: np.ndarray) -> tuple[np.ndarray, float]:
    """(distance from the median in robust standard deviations, the median); NaN where a value is missing.

    The spread is 1.4826 × the median deviation, at least a twentieth of the median, so that peers alike to the fen do
    not make an outlier of the next one.
    """
    middle = float(np.nanmedian(values))
    spread = max(1.4826 * float(np.nanmedian(np.abs(values - middle))), abs(middle) / 20, 1e-9)
    return (values - middle) / spread, middle


def _isolated(peers: pa.Table, *, share: float) -> np.ndarray:
    """Which institutions an isolation forest takes for outliers; missing figures count as the median."""
    from sklearn.ensemble import IsolationForest  # a second to import: only where there is somebody to judge

    columns = [peers[name].to_numpy(zero_copy_only=False).astype(float) for name in FIGURES]
    known = [column for column in columns if np.isfinite(column).any()]
    if not known:
        return np.zeros(peers.num_rows, dtype=bool)
    figures = np.column_stack([np.where(np.isfinite(column), column, np.nanmedian(column)) for column in known])
    forest = IsolationForest(n_estimators=TREES, contamination=share, random_state=SEED)
    return np.asarray(forest.fit_predict(figures) < 0)


PEERS = (
    Detector(
        "peer_outlier", label="偏离同类机构",
        definition="同类机构中次均费用、人均次数、住院日、检查与药品占比、诊断数远高于中位数(稳健Z值);孤立森林只作旁证。",
        source=("fund-rule-base-2023", "医疗类"), severity=Severity.SUSPICION, reads=("visit", "stay", "institution"),
        parameters={"deviation": "supervision.peers.deviation", "least": "supervision.peers.least",
                    "least_cases": "supervision.peers.least_cases", "outliers": "supervision.peers.outliers"},
        says="{note}(Z={measured},界限 {allowed})", find=_figures, judge=_outliers,
    ),
)  # fmt: skip
