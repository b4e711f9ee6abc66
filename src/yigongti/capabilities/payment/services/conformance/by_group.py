"""Answers about groups: DRG grouping, DIP catalogues, scores and coefficients, DRG points."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pyarrow as pa

from yigongti.capabilities.payment.decisions import dip
from yigongti.capabilities.payment.decisions.dip.catalogue import Catalogue, Group, Institution
from yigongti.capabilities.payment.decisions.dip.coefficient import Profile, coefficient
from yigongti.capabilities.payment.decisions.drg import Scheme, explain, points
from yigongti.capabilities.payment.decisions.drg.figures import Sums
from yigongti.capabilities.payment.decisions.exact import E4, e4
from yigongti.capabilities.payment.services.conformance.parameters import Rules, rules_of

Answer = Mapping[str, Any]
Row = Mapping[str, Any]

DIP_PARAMETERS = {
    name: f"payment.dip.{name}"
    for name in (
        "case_threshold", "score_scale", "year_weights", "procedure_kinds", "low_deviation", "high_deviation",
        "blank_share", "base_level_factor", "base_level_groups",
    )
}  # fmt: skip
COEFFICIENT_PARAMETERS = {
    name: f"payment.dip.coefficient.{name}" for name in ("base", "case_mix", "children", "elderly", "tcm")
}
POINT_PARAMETERS = {
    "points_scale": points.POINTS_SCALE,
    "hospital_factor_share": points.HOSPITAL_SHARE,
    "new_group_factor": points.NEW_GROUP_FACTOR,
    "base_level_factor": points.BASE_LEVEL_FACTOR,
    "low_outlier": points.LOW_OUTLIER,
    "high_outlier": points.HIGH_OUTLIER,
    "readmission_within_days": points.READMISSION_WITHIN,
    "readmission_share": points.READMISSION_SHARE,
}
NOT_GIVEN = "no-code"
_STAY = pa.schema(
    [("stay_id", pa.string()), ("institution_id", pa.string()), ("dx", pa.list_(pa.string())),
     ("procedures", pa.list_(pa.string())), ("total_fen", pa.int64()), ("discharged_on", pa.date32()),
     ("operation_level", pa.int64())]
)  # fmt: skip


def grouping_answer(asked: Row) -> Answer:
    """The group of one case by a scheme in the neutral format."""
    trace = explain(asked["case"], Scheme.from_document(asked["scheme"]))
    return {
        "mdc": trace.mdc, "adrg": trace.adrg, "drg": trace.drg, "status": trace.status,
        "reason": trace.reason, "trace": trace.lines(),
    }  # fmt: skip


def dip_answer(asked: Row) -> Answer:
    """A catalogue from stays, a stay scored by a catalogue, or an institution's coefficient."""
    return {"build": _built, "score": _scored, "coefficient": _coefficient}[asked["task"]](asked)


def _built(asked: Row) -> Answer:
    rows = [row for each in asked["stays"] for row in [each] * each["count"]]
    stays = [
        {**row, "stay_id": str(number), "institution_id": "", "discharged_on": date(row["year"], 6, 30)}
        for number, row in enumerate(rows)
    ]
    rules = rules_of(asked["parameters"], DIP_PARAMETERS)
    made = dip.build(pa.Table.from_pylist([{n: row[n] for n in _STAY.names} for row in stays], _STAY), rules=rules)
    groups = {
        _named(group): {"cases": sum(group.cases), "score": group.score_e4 / E4, "mean_fen": group.mean_fen}
        for group in made.groups
    }
    return {"groups": groups, "core_share": made.report["core_share"]}


def _named(group: Group) -> str:
    """A group as the suite names it: kind, diagnosis or prefix (`*`: all), procedures or kind of treatment."""
    how = group.treatment if group.kind == "composite" else "+".join(group.procedures)
    return f"{group.kind} {group.diagnosis or '*'} {how}".strip()


def _scored(asked: Row) -> Answer:
    base_level = asked["catalogue"].get("base_level") or [NOT_GIVEN]
    rules = rules_of({**asked["parameters"], "base_level_groups": base_level}, DIP_PARAMETERS)
    catalogue = _catalogue(asked["catalogue"], rules)
    stay = {**asked["stay"], "discharged_on": date(2025, 6, 30)}
    table = pa.Table.from_pylist([{name: stay.get(name) for name in _STAY.names}], _STAY)
    scored = dip.score(table, catalogue, rules=rules)
    (row,), place = scored.table.to_pylist(), int(scored.group[0])
    group = _named(catalogue.groups[place]) if place >= 0 else None
    return {"group": group, "score": row["score"], "adjusted_score": row["adjusted_score"], "reasons": row["reasons"]}


def _catalogue(given: Row, rules: Rules) -> Catalogue:
    groups = sorted((_group(name, figures, rules) for name, figures in given["groups"].items()), key=lambda g: g.id)
    institutions = {
        name: Institution("", e4(Fraction(str(each))), {}, {})
        for name, each in given["institution_coefficients"].items()
    }
    return Catalogue((2025,), given["mean_fen"], tuple(groups), {}, institutions, {}, {})


def _group(name: str, figures: Row, rules: Rules) -> Group:
    kind, diagnosis, *how = name.split(" ")
    procedures = tuple(how[0].split("+")) if kind == "core" and how else ()
    treatment = how[0] if kind == "composite" else dip.treatment_of(procedures, rules=rules)
    shown = "" if diagnosis == "*" else diagnosis
    key = dip.GroupKey("core" if kind == "core" else "composite", shown, procedures, treatment)
    mean, cases, score = figures["mean_fen"], figures["cases"], e4(Fraction(str(figures["score"])))
    return Group(
        key.id, key.kind, key.diagnosis, key.procedures, key.treatment, (cases,), (cases * mean,), mean, score,
        variation=0.0, days_e4=E4, deaths=0, means_fen={"": mean},
    )  # fmt: skip


def _coefficient(asked: Row) -> Answer:
    own, peers = (
        Profile(**{name: Fraction(str(value)) for name, value in asked[who].items()}) for who in ("own", "peers")
    )
    rules = rules_of(asked["parameters"], COEFFICIENT_PARAMETERS)
    found = coefficient(own, peers=peers, level=asked["level"], rules=rules)
    return {"coefficient": found.total_e4 / E4, "steps": {name: step / E4 for name, step in found.steps.items()}}


def points_answer(asked: Row) -> Answer:
    """Base points of the groups and the points of cases, from last year's sums."""
    rules = rules_of(asked["parameters"], POINT_PARAMETERS)
    history = {(row["institution_id"], row["drg"]): Sums(row["cases"], row["total_fen"]) for row in asked["history"]}
    region: dict[str, Sums] = {}
    for (_, drg), sums in history.items():
        region[drg] = region.get(drg, Sums()) + sums
    standard = points.standard_of(region, rules=rules)
    factors = points.factors(
        history, asked["levels"], standard.groups, rules=rules, base_level=frozenset(asked["base_level"])
    )
    groups = {drg: {"base_points": each.base_e4 / E4} for drg, each in standard.groups.items()}
    return {"groups": groups, "cases": _pointed(asked["cases"], standard, factors, rules)}


def _pointed(cases: Sequence[Row], standard: points.Standard, factors: points.Factors, rules: Rules) -> Answer:
    if not cases:
        return {}
    days = ("admitted_on", "discharged_on")
    rows = [{**row, **{name: date.fromisoformat(row[name]) for name in days}} for row in cases]
    table = pa.Table.from_pylist(rows)
    scored = points.score(table, standard, factors, rules=rules).to_pylist()
    whole = {row["id"]: row["points_e4"] for row in scored}
    grouped = pa.Table.from_pylist([row for row in rows if row["status"] == "grouped"], table.schema)
    reduced = points.reduced_for_readmission(whole, grouped, rules=rules)
    return {row["id"]: {"kind": row["kind"], "points": (whole | reduced)[row["id"]] / E4} for row in scored}
