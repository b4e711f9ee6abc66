"""`yigongti settle`: a year cleared, pool by pool, the same bit for bit from the same facts, rules and code."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yigongti.analytics.engines import Source
from yigongti.capabilities.payment.decisions.budget import BudgetRow, budgets_to_settle
from yigongti.capabilities.payment.decisions.clearing import Care, Claim, Cleared, Line, Pool, clear
from yigongti.capabilities.payment.decisions.exact import E4
from yigongti.capabilities.payment.services.settle.books import pack_of
from yigongti.capabilities.payment.services.settle.facts import Facts, facts_of
from yigongti.capabilities.payment.services.settle.weighing import points_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook, Rules

INPATIENT, OUTPATIENT = ("inpatient", "global"), ("outpatient", "global")
CODE = Path(__file__).resolve().parents[2]
"""The capability's own code, whose text is part of what a run rests on."""

Key = tuple[str, str, str]
"""Pool (consortium), insurance, institution."""


@dataclass(frozen=True)
class Settlement:
    """A year cleared.  run names it: the digest of its facts, rules and code."""

    run: str
    year: int
    pack: str
    pools: tuple[Cleared, ...]
    rules: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `yigongti settle`."""
        lines = [_line(cleared.pool, line) for cleared in self.pools for line in cleared.lines]
        totals = {
            "budget_fen": sum(cleared.pool.budget_fen for cleared in self.pools),
            "final_fen": sum(cleared.final_fen for cleared in self.pools),
            "kept_by_fund_fen": sum(cleared.kept_by_fund_fen for cleared in self.pools),
            "fund_share_of_overrun_fen": sum(cleared.fund_share_fen for cleared in self.pools),
        }
        return {"run": self.run, "year": self.year, "pack": self.pack, "lines": lines, "totals": totals}


def _line(pool: Pool, line: Line) -> dict[str, Any]:
    return {
        "consortium_id": pool.consortium_id,
        "institution_id": line.claim.institution_id,
        "insured_as": pool.insured_as,
        "scheme": pool.scheme,
        "cases": line.claim.cases,
        "points": line.claim.inpatient.weight / E4,
        "recorded_fen": line.claim.recorded_fen,
        "payable_fen": line.payable_fen,
        "surplus_kept_fen": line.surplus_kept_fen,
        "overrun_borne_fen": line.overrun_borne_fen,
        "final_fen": line.final_fen,
    }


def settle(year: int, *, book: RuleBook, sources: Mapping[str, Source], home: Path | None = None) -> Settlement:
    """Clear a year by the rules of its last day.

    sources: fact table → its Parquet files, or the table itself.  Raises Refusal where the year has no budget or no
    care, budgets overlap or do not add up, or an amount is negative; nothing is kept then.
    """
    rules, facts = book.on(date(year, 12, 31)), facts_of(year, sources)
    budgets = budgets_to_settle(_budget_rows(facts), rules=rules)
    if not budgets:
        raise Refusal(f"{year} 年没有预算", "budget", "清算以预算为准", f"装载 {year} 年的 budget")
    claims = _claims(year, facts, rules, home)
    if not any(claims.values()):
        raise Refusal(f"{year} 年没有住院或门诊事实", "stay、visit", "没有事实不能清算", "先装载该年的住院和门诊")
    pools = tuple(clear(_pool(row, claims, facts), rules=rules) for row in budgets)
    used = {name: f"{rules[name].key} {rules[name].value}" for name in sorted(rules) if name.startswith(_RULES)}
    return Settlement(_digest(year, facts, used), year, pack_of(book), pools, used)


_RULES = ("payment.", "measure.target.visit_in_county_share")


def _budget_rows(facts: Facts) -> list[BudgetRow]:
    names = ("consortium_id", "insured_as", "scheme", "amount_fen")
    return [BudgetRow(**row) for row in facts.budgets.select(names).to_pylist()]


@dataclass
class _Gathered:
    """An institution's care for a pool while it is being added up."""

    in_county: bool
    stays: Care = field(default=Care())
    visits: Care = field(default=Care())


Claims = dict[Key, _Gathered]


def _claims(year: int, facts: Facts, rules: Rules, home: Path | None) -> Claims:
    """Everything the year's care claims, by pool, insurance and institution."""
    found: Claims = {}
    for key, in_county, care in _stay_care(year, facts, rules, home):
        found.setdefault(key, _Gathered(in_county)).stays = care
    for key, in_county, care in _visit_care(facts):
        found.setdefault(key, _Gathered(in_county)).visits = care
    return found


def _stay_care(year: int, facts: Facts, rules: Rules, home: Path | None) -> Iterator[tuple[Key, bool, Care]]:
    of_year = pc.equal(pc.year(facts.stays["discharged_on"]), year)
    here = pc.and_(of_year, facts.stays["in_county"])
    stays, away = facts.stays.filter(here), facts.stays.filter(pc.and_(of_year, pc.invert(facts.stays["in_county"])))
    history = facts.stays.filter(pc.and_(pc.invert(of_year), facts.stays["in_county"]))
    names, levels = (facts.institutions[name].to_pylist() for name in ("institution", "level"))
    points = points_of(stays, history, levels=dict(zip(names, levels, strict=True)), rules=rules, home=home)
    weighed = stays.append_column("points", pa.array(points))
    together = pa.concat_tables([weighed, away.append_column("points", pa.array([0] * len(away), pa.int64()))])
    sums = together.group_by(["pool", "insured_as", "institution_id", "in_county"]).aggregate(
        [([], "count_all"), ("fund_fen", "sum"), ("self_fen", "sum"), ("points", "sum")]
    )
    for row in sums.to_pylist():
        care = Care(row["count_all"], row["fund_fen_sum"], row["self_fen_sum"], row["points_sum"])
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


def _pool(row: BudgetRow, claims: Claims, facts: Facts) -> Pool:
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
    return Pool(row.consortium_id, row.insured_as, row.scheme, row.amount_fen, counted, region)


def _in_region(row: BudgetRow, facts: Facts) -> Fraction | None:
    """The share of a pool's visits that were made in the county; None without visits."""
    of_pool = pc.and_(
        pc.equal(facts.visits["pool"], row.consortium_id), pc.equal(facts.visits["insured_as"], row.insured_as)
    )
    own = facts.visits.filter(of_pool)
    counted = pc.sum(own["counted"]).as_py() or 0
    return Fraction(pc.sum(own["in_region"]).as_py(), counted) if counted else None


def _digest(year: int, facts: Facts, rules: Mapping[str, str]) -> str:
    """What a run rests on, in 64 characters: the facts row by row, the rules with their values, the code."""
    seen = hashlib.sha256(json.dumps([year, dict(rules), _code()], ensure_ascii=False, sort_keys=True).encode())
    for table in (facts.stays, facts.visits, facts.people, facts.institutions, facts.budgets):
        seen.update(_bytes_of(table))
    return seen.hexdigest()


def _bytes_of(table: pa.Table) -> memoryview:
    """The rows as Parquet, which keeps values alone: what lies in memory where a value is null is anything."""
    sink = pa.BufferOutputStream()
    pq.write_table(table.combine_chunks().replace_schema_metadata(None), sink, compression="none")
    return memoryview(sink.getvalue())


@lru_cache
def _code() -> str:
    texts = [
        path.read_bytes() for path in sorted((CODE / "decisions").rglob("*.py")) + sorted(CODE.glob("services/**/*.py"))
    ]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()
