"""The county's stays of three years in their groups, by DRG or by DIP: what the dashboards and the coder's desk read.

Grouped once for each state of the facts and kept in the process: the same facts give the same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.analytics import lake
from yigongti.capabilities.payment.decisions import dip
from yigongti.capabilities.payment.decisions.dip.building import SCORE_SCALE
from yigongti.capabilities.payment.decisions.drg import figures, points
from yigongti.capabilities.payment.decisions.drg.figures import Rules, Sums
from yigongti.capabilities.payment.decisions.exact import E4
from yigongti.capabilities.payment.services.drg import cases_of, group_cases, open_scheme
from yigongti.capabilities.payment.services.stored import stored_institutions, stored_stays
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

Method = Literal["drg", "dip"]
HISTORY_YEARS = 3
KEPT = (
    "stay_id", "resident_id", "institution_id", "discharged_on", "total_fen", "dx", "procedures", "sex",
    "discharge_way", "age_years", "age_days", "birth_weight_g",
)  # fmt: skip
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("stay_id", "resident_id", "institution_id")]
    + [("discharged_on", pa.date32()), ("total_fen", pa.int64())]
    + [(name, pa.list_(pa.string())) for name in ("dx", "procedures")]
    + [("sex", pa.string()), ("discharge_way", pa.string()), ("age_years", pa.int64()), ("age_days", pa.int64())]
    + [("birth_weight_g", pa.float64())]
    + [("drg", pa.string()), ("status", pa.string()), ("reason", pa.string())]
    + [("days", pa.int64()), ("died", pa.bool_()), ("outlier", pa.string())]
)


@dataclass(frozen=True)
class Grouped:
    """stays: those of the year with their groups (SCHEMA); weights: group → relative weight by up to three years;
    names: group → name; scheme: the DRG scheme, or the digest of the DIP catalogue made from these years."""

    method: Method
    year: int
    scheme: str
    stays: pa.Table
    weights: Mapping[str, Fraction]
    names: Mapping[str, str]
    rules: Rules

    @cached_property
    def region(self) -> dict[str, Sums]:
        """Group → sums of the year over all institutions."""
        return figures.sums(self.stays) if len(self.stays) else {}

    @cached_property
    def by_institution(self) -> dict[str, dict[str, Sums]]:
        """Institution → group → sums of the year."""
        found: dict[str, dict[str, Sums]] = {}
        if len(self.stays):
            for (place, drg), each in figures.sums(self.stays, ("institution_id", "drg")).items():
                found.setdefault(place, {})[drg] = each
        return found

    @cached_property
    def cases(self) -> dict[str, int]:
        """Institution → its stays of the year, grouped or not."""
        counted = self.stays["institution_id"].value_counts().to_pylist()
        return {row["values"]: row["counts"] for row in counted}

    @cached_property
    def outliers(self) -> dict[tuple[str, str], int]:
        """(institution, kind of outlier) → stays."""
        counted = self.stays.group_by(["institution_id", "outlier"]).aggregate([([], "count_all")]).to_pylist()
        return {(row["institution_id"], row["outlier"]): row["count_all"] for row in counted}

    @cached_property
    def rate_fen(self) -> Fraction | None:
        """The price of one weight at which the year's cost of all grouped stays is paid, no more and no less."""
        cost = sum(each.total_fen for drg, each in self.region.items() if drg in self.weights)
        weight = sum(
            (self.weights[drg] * each.cases for drg, each in self.region.items() if drg in self.weights), Fraction(0)
        )
        return Fraction(cost) / weight if weight else None

    @cached_property
    def risks(self) -> dict[str, figures.Risk]:
        """Group → its risk of dying."""
        return figures.death_risks(self.region, rules=self.rules)


def years() -> list[int]:
    """The years that have stays, the latest first."""
    return list(_years(lake.facts_as_of("stay"), str(home().path)))


@lru_cache(maxsize=2)
def _years(_as_of: datetime | None, _home: str) -> tuple[int, ...]:
    days = stored_stays(columns=("discharged_on",))["discharged_on"]
    return tuple(sorted(pc.unique(pc.year(days)).to_pylist(), reverse=True))


def grouped(method: Method, *, year: int, scheme: str) -> Grouped:
    """The stays of a year in their groups.  scheme: a DRG scheme's name (DIP makes its catalogue from the stays).

    Raises Refusal on an unknown scheme, PolicyError where the year has no rules.
    """
    as_of = lake.facts_as_of("stay")
    return _grouped(method, year, scheme, as_of, str(home().path), str(home().choices.packs))


@lru_cache(maxsize=6)
def _grouped(method: Method, year: int, scheme: str, _as_of: datetime | None, _home: str, _packs: str) -> Grouped:
    rules = county_rules().on(date(year, 12, 31))
    stays = stored_stays(years=range(year - HISTORY_YEARS + 1, year + 1))
    make = _by_dip if method == "dip" and len(stays) else _by_drg
    return make(stays, year, scheme, rules)


def _by_drg(stays: pa.Table, year: int, scheme: str, rules: Rules) -> Grouped:
    opened = open_scheme(scheme, home=home().path)
    groups = group_cases(cases_of(stays, where="stay"), opened, where="stay")
    parts = {"drg": groups["drg"], "status": groups["status"], "reason": groups["reason"]}
    table = _table(stays, parts, ["normal"] * len(stays))
    own = _of_year(table, year)
    weights = figures.relative_weights(_sums_of_years(table, year), rules=rules) if len(own) else {}
    return Grouped("drg", year, opened.name, _with_outliers(own, rules), weights, opened.names, rules)


def _by_dip(stays: pa.Table, year: int, _scheme: str, rules: Rules) -> Grouped:
    levels = stored_institutions().levels
    catalogue = dip.build(stays, rules=rules, levels=levels)
    own = _of_year(stays, year)
    scored = dip.score(own, catalogue, rules=rules, levels=levels)
    has_group = scored.group >= 0
    parts = {
        "drg": scored.table["group"],
        "status": pa.array(np.where(has_group, "grouped", "ungrouped")),
        "reason": pc.binary_join(scored.table["reasons"].combine_chunks(), ";"),
    }
    outliers = np.array(["low", "normal", "high"])[scored.deviation.astype(np.int64) + 1]
    table = _table(own, parts, np.where(has_group, outliers, "by_cost").tolist())
    scale = Fraction(str(rules[SCORE_SCALE].exact)) * E4
    weights = {each.id: Fraction(each.score_e4) / scale for each in catalogue.groups}
    return Grouped("dip", year, catalogue.digest[:12], table, weights, {}, rules)


def _table(stays: pa.Table, parts: Mapping[str, Any], outliers: list[str]) -> pa.Table:
    days = pc.subtract(*(stays[name].cast(pa.int32()) for name in ("discharged_on", "admitted_on")))
    columns = {name: stays[name] for name in KEPT} | {
        **parts,
        "days": pc.max_element_wise(days, 1).cast(pa.int64()),
        "died": pc.fill_null(pc.equal(stays["discharge_way"], "5"), False),
        "outlier": pa.array(outliers, pa.string()),
    }
    return pa.table({name: columns[name] for name in SCHEMA.names}).cast(SCHEMA)


def _of_year(table: pa.Table, year: int) -> pa.Table:
    return table.filter(pc.equal(pc.year(table["discharged_on"]), year))


def _sums_of_years(table: pa.Table, year: int) -> list[dict[str, Sums]]:
    return [figures.sums(_of_year(table, each)) for each in range(year - HISTORY_YEARS + 1, year + 1)]


def _with_outliers(own: pa.Table, rules: Rules) -> pa.Table:
    """The stays with those of low and high cost named, by the rules of points."""
    region = figures.sums(own) if len(own) else {}
    if not region:
        return own
    standard = points.standard_of(region, rules=rules)
    kinds = points.score(own.append_column("id", own["stay_id"]), standard, {}, rules=rules)["kind"]
    return own.set_column(own.column_names.index("outlier"), "outlier", kinds)
