"""What a clearing reads: stays, visits, contracts and budgets of a year, each placed in the pool that pays for it.

An encounter is charged to the consortium where the patient lives (else to that of the institution) and to the
patient's insurance; care outside the county counts like any other.  People without insurance are in no pool.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yigongti.analytics.engines import Source, unbound
from yigongti.analytics.engines.duckdb import DuckDBEngine
from yigongti.capabilities.payment.decisions.budget import BudgetRow
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.indicators.places import DESCRIPTIONS, HOME_OF_RESIDENT, INSTITUTION

READS = ("institution", "place", "resident", "stay", "visit", "contract", "budget")
"""The fact tables that a clearing reads."""
HISTORY_YEARS = 3
POOL = ("pool", "insured_as", "institution_id")

Tables = Mapping[str, ir.Table]


@dataclass(frozen=True)
class Facts:
    """stays: rows of the year and the three before it with `pool` and `in_county`, by stay_id; visits: cases,
    recorded_fen, self_fen, in_region by pool, insurance, institution; people: contracted people by the same;
    institutions: id, level, consortium, in_county; budgets: rows of the year."""

    stays: pa.Table
    visits: pa.Table
    people: pa.Table
    institutions: pa.Table
    budgets: pa.Table


def facts_of(year: int, sources: Mapping[str, Source]) -> Facts:
    """The facts of a year.  sources: fact table → its Parquet files, or the table itself."""
    return Facts(*asked(sources, lambda tables: _expressions(tables, year)))


def asked(sources: Mapping[str, Source], question: Callable[[Tables], Iterable[ir.Table]]) -> list[pa.Table]:
    """What expressions over the fact tables (and the descriptions of places) come to."""
    with DuckDBEngine() as engine:
        facts = [COUNTY[name] for name in READS]
        engine.attach(facts, sources=sources)
        tables = unbound(facts)
        for name, describe in DESCRIPTIONS.items():
            engine.define(name, describe(tables))
            tables[name] = ibis.table(describe(tables).schema(), name=name)
        return [_typed(engine.collect(each), each) for each in question(tables)]


def budget_rows(year: int, sources: Mapping[str, Source]) -> list[BudgetRow]:
    """The budgets of a year as they were loaded."""
    (found,) = asked(sources, lambda tables: [_budgets(tables, year)])
    return rows_of_budgets(found)


def rows_of_budgets(found: pa.Table) -> list[BudgetRow]:
    """Rows of the budget table as the decisions take them."""
    return [BudgetRow(**row) for row in found.select([each.name for each in fields(BudgetRow)]).to_pylist()]


def _typed(found: pa.Table, expression: ir.Table) -> pa.Table:
    """The types that the expression promises: DuckDB's sums come wider than they need be."""
    return found.cast(expression.schema().to_pyarrow())


def _expressions(tables: Tables, year: int) -> tuple[ir.Table, ...]:
    seats = tables[INSTITUTION].select("institution", "level", "consortium", "in_county").order_by("institution")
    return _stays(tables, year), _visits(tables, year), _people(tables, year), seats, _budgets(tables, year)


def _budgets(tables: Tables, year: int) -> ir.Table:
    rows = tables["budget"].filter(tables["budget"].year == year)
    return rows.order_by("consortium_id", "insured_as", "scheme", "amount_fen")


def pooled(rows: ir.Table, tables: Tables) -> ir.Table:
    """Rows with the pool that pays for them and whether they were in the county; an unknown institution is not."""
    homes = tables[HOME_OF_RESIDENT].select("home_of", home="consortium")
    seats = tables[INSTITUTION].select("institution", "institution_kind", seat="consortium", inside="in_county")
    joined = rows.left_join(homes, [("resident_id", "home_of")]).left_join(seats, [("institution_id", "institution")])
    placed = joined.mutate(pool=ibis.coalesce(joined.home, joined.seat), in_county=joined.inside.fill_null(False))
    return placed.filter(placed.pool.notnull() & (placed.insured_as != "none"))


def _stays(tables: Tables, year: int) -> ir.Table:
    stay = tables["stay"]
    discharged = stay.discharged_on.year()
    rows = stay.filter((discharged >= year - HISTORY_YEARS) & (discharged <= year))
    return pooled(rows, tables).select(*COUNTY["stay"].names, "pool", "in_county").order_by("stay_id")


def _visits(tables: Tables, year: int) -> ir.Table:
    insured = tables["resident"].select(person="resident_id", insured_as="insured_as")
    rows = tables["visit"].filter(tables["visit"].day.year() == year)
    placed = pooled(rows.inner_join(insured, [("resident_id", "person")]), tables)
    counts = placed.institution_kind.fill_null("") != "retail_pharmacy"
    return (
        placed.group_by(*POOL, "in_county")
        .aggregate(
            cases=placed.count(),
            recorded_fen=placed.fund_fen.sum(),
            self_fen=placed.self_fen.sum(),
            in_region=(counts & placed.in_county).sum(),
            counted=counts.sum(),
        )
        .order_by(*POOL)
    )


def _people(tables: Tables, year: int) -> ir.Table:
    contract = tables["contract"]
    first, last = ibis.date(f"{year}-01-01"), ibis.date(f"{year}-12-31")
    running = contract.filter((contract.start_on <= last) & (contract.end_on >= first))
    insured = tables["resident"].select(person="resident_id", insured_as="insured_as")
    placed = pooled(running.inner_join(insured, [("resident_id", "person")]), tables)
    return placed.group_by(*POOL, "in_county").aggregate(people=placed.resident_id.nunique()).order_by(*POOL)
