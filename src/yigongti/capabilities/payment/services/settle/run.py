"""`yigongti settle`: a year cleared, pool by pool, the same bit for bit from the same facts, rules and code."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.analytics.engines import Source
from yigongti.capabilities.payment.decisions.budget import budgets_to_settle
from yigongti.capabilities.payment.decisions.clearing import clear
from yigongti.capabilities.payment.decisions.exact import E4
from yigongti.capabilities.payment.decisions.pools import Cleared, Line, Pool
from yigongti.capabilities.payment.decisions.special_cases import Judged
from yigongti.capabilities.payment.services.drg.library import scheme_digest
from yigongti.capabilities.payment.services.settle.adjusting import PutForward
from yigongti.capabilities.payment.services.settle.books import pack_of
from yigongti.capabilities.payment.services.settle.claims import claims_of, pool_of
from yigongti.capabilities.payment.services.settle.facts import Facts, facts_of, rows_of_budgets
from yigongti.capabilities.payment.services.settle.paid_cases import paid_cases
from yigongti.capabilities.payment.services.settle.weighed_cases import weighed_cases
from yigongti.capabilities.payment.services.settle.weighing import USE_DIP, scheme_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook

CODE = Path(__file__).resolve().parents[2]
"""The capability's own code, whose text is part of what a run rests on."""


@dataclass(frozen=True)
class Given:
    """What a clearing is given beside facts and rules.  scheme: a DRG scheme other than the rule's; quality:
    consortium → the factor of its frozen evaluation; special: stays to be judged by themselves."""

    scheme: str = ""
    quality: Mapping[str, Fraction] = field(default_factory=dict)
    special: Sequence[PutForward] = ()

    def as_dict(self) -> dict[str, Any]:
        """As a run records it."""
        special = [[each.stay_id, each.ground, each.applied_on.isoformat()] for each in self.special]
        quality = {name: str(factor) for name, factor in sorted(self.quality.items())}
        return {"scheme": self.scheme, "quality": quality, "special": sorted(special)}

    @classmethod
    def from_dict(cls, recorded: Mapping[str, Any]) -> "Given":
        """From a run's record."""
        special = [PutForward(stay, ground, date.fromisoformat(day)) for stay, ground, day in recorded["special"]]
        quality = {name: Fraction(factor) for name, factor in recorded["quality"].items()}
        return cls(recorded["scheme"], quality, special)


NOTHING = Given()


@dataclass(frozen=True)
class Settlement:
    """A year cleared.  run names it: the digest of its facts, rules, code and what else it was given.

    rules: rule id → its version and value; cases: every stay with its points and what it is due (`paid_cases`);
    names: group → what it is called; answers: the special cases as judged; scheme: how stays were grouped.
    """

    run: str
    year: int
    pack: str
    pools: tuple[Cleared, ...]
    rules: Mapping[str, str]
    cases: pa.Table
    names: Mapping[str, str]
    answers: tuple[Judged, ...]
    scheme: str

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

    @property
    def result_digest(self) -> str:
        """Over the lines and every case: equal digests are equal results, bit for bit, whatever code made them."""
        lines = {**self.as_dict(), "run": ""}
        seen = hashlib.sha256(json.dumps(lines, ensure_ascii=False, sort_keys=True).encode())
        seen.update(bytes_of(self.cases))
        return seen.hexdigest()


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


def settle(
    year: int, *, book: RuleBook, sources: Mapping[str, Source], home: Path | None = None, given: Given = NOTHING,
    known_on: date | None = None,
) -> Settlement:  # fmt: skip
    """Clear a year by the rules of its last day, as known on a day (as known now).

    sources: fact table → its Parquet files, or the table itself.  Raises Refusal where the year has no budget or no
    care, budgets overlap or do not add up, or an amount is negative; nothing is kept then.
    """
    rules, facts = book.on(date(year, 12, 31), known_on), facts_of(year, sources)
    budgets = budgets_to_settle(rows_of_budgets(facts.budgets), rules=rules)
    if not budgets:
        raise Refusal(f"{year} 年没有预算", "budget", "清算以预算为准", f"装载 {year} 年的 budget")
    found = weighed_cases(
        year, facts, book=book, rules=rules, home=home, scheme=given.scheme, special=given.special
    )  # fmt: skip
    claims = claims_of(found.table, facts)
    if not any(claims.values()):
        raise Refusal(f"{year} 年没有住院或门诊事实", "stay、visit", "没有事实不能清算", "先装载该年的住院和门诊")
    pools = tuple(
        clear(pool_of(row, claims, facts, quality=given.quality.get(row.consortium_id)), rules=rules) for row in budgets
    )
    used = {name: f"{rules[name].key} {rules[name].value}" for name in sorted(rules) if name.startswith(_RULES)}
    scheme = "DIP" if rules[USE_DIP].is_on else given.scheme or scheme_of(rules)
    edition = "" if rules[USE_DIP].is_on else scheme_digest(scheme, home=home)
    named = _digest([year, used, edition, given.as_dict(), _code()], facts)
    cases = paid_cases(found.table, pools, rules=rules)
    return Settlement(named, year, pack_of(book), pools, used, cases, found.names, found.answers, scheme)


_RULES = ("payment.", "measure.target.visit_in_county_share")


def _digest(rests_on: Sequence[Any], facts: Facts) -> str:
    """What a run rests on, in 64 characters: rules with their values, scheme, what it was given, code, facts."""
    seen = hashlib.sha256(json.dumps(rests_on, ensure_ascii=False, sort_keys=True).encode())
    for table in (facts.stays, facts.visits, facts.people, facts.institutions, facts.budgets):
        seen.update(bytes_of(table))
    return seen.hexdigest()


def bytes_of(table: pa.Table) -> memoryview:
    """The rows as Parquet, which keeps values alone: what lies in memory where a value is null is anything."""
    sink = pa.BufferOutputStream()
    pq.write_table(table.combine_chunks().replace_schema_metadata(None), sink, compression="none")
    return memoryview(sink.getvalue())


@lru_cache
def _code() -> str:
    texts = [
        path.read_bytes()
        for path in sorted((CODE / "decisions").rglob("*.py")) + sorted(CODE.glob("services/settle/*.py"))
    ]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()
