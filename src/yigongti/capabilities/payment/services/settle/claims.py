"""Everything a year's care claims, added up by pool, insurance and institution, and the pools it is claimed from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions.budget import BudgetRow
from yigongti.capabilities.payment.decisions.pools import Care, Claim, Pool
from yigongti.capabilities.payment.services.settle.facts import Facts

INPATIENT, OUTPATIENT = ("inpatient", "global"), ("outpatient", "global")
Key = tuple[str, str, str]
"""Pool (consortium), insurance, institution."""


@dataclass
class Gathered:
    """An institution's care for a pool while it is being added up."""

    in_county: bool
    stays: Care = field(default=Care())
    visits: Care = field(default=Care())


Claims = dict[Key, Gathered]


def claims_of(cases: pa.Table, facts: Facts) -> Claims:
    """The care of all stays (weighed) and visits, and the people under contract."""
    found: Claims = {}
    for key, in_county, care in _stay_care(cases):
        found.setdefault(key, Gathered(in_county)).stays = care
    for key, in_county, care in _visit_care(facts):
        found.setdefault(key, Gathered(in_county)).visits = care
    return found


def _stay_care(cases: pa.Table) -> Iterator[tuple[Key, bool, Care]]:
    sums = cases.group_by(["pool", "insured_as", "institution_id", "in_county"]).aggregate(
        [([], "count_all"), ("fund_fen", "sum"), ("self_fen", "sum"), ("points_e4", "sum")]
    )
    for row in sums.to_pylist():
        care = Care(row["count_all"], row["fund_fen_sum"], row["self_fen_sum"], row["points_e4_sum"])
        yield _key(row), row["in_county"], care


def _visit_care(facts: Facts) -> Iterator[tuple[Key, bool, Care]]:
    people = {_key(row): row for row in facts.people.to_pylist() if row["in_county"]}
    visits = {_key(row): row for row in facts.visits.to_pylist()}
    for key in sorted(people.keys() | visits.keys()):
        row = visits.get(key, {"cases": 0, "recorded_fen": 0, "self_fen": 0, "in_county": True})
        number = people.get(key, {"people": 0})["people"]
        yield key, row["in_county"], Care(row["cases"], row["recorded_fen"], row["self_fen"], number)


def _key(row: Mapping[str, Any]) -> Key:
    return row["pool"], row["insured_as"], row["institution_id"]


def pool_of(row: BudgetRow, claims: Claims, facts: Facts, *, quality: Fraction | None) -> Pool:
    """A budget with the claims on it."""
    own = {key[2]: care for key, care in claims.items() if key[:2] == (row.consortium_id, row.insured_as)}
    consortia = dict(
        zip(*(facts.institutions[name].to_pylist() for name in ("institution", "consortium")), strict=True)
    )
    listed = [
        Claim(
            name, gathered.in_county, consortia.get(name) == row.consortium_id,
            gathered.stays if row.scheme in INPATIENT else Care(),
            gathered.visits if row.scheme in OUTPATIENT else Care(),
        )
        for name, gathered in sorted(own.items())
    ]  # fmt: skip
    counted = tuple(claim for claim in listed if claim.cases or claim.outpatient.weight)
    region = _in_region(row, facts)
    return Pool(row.consortium_id, row.insured_as, row.scheme, row.amount_fen, counted, region, quality)


def _in_region(row: BudgetRow, facts: Facts) -> Fraction | None:
    """The share of a pool's visits that were made in the county; None without visits."""
    of_pool = pc.and_(
        pc.equal(facts.visits["pool"], row.consortium_id), pc.equal(facts.visits["insured_as"], row.insured_as)
    )
    own = facts.visits.filter(of_pool)
    counted = pc.sum(own["counted"]).as_py() or 0
    return Fraction(pc.sum(own["in_region"]).as_py(), counted) if counted else None
