"""What the insured cost, month by month, and how many they are: read from the lake for budgets and months."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from yigongti.analytics.engines import Source
from yigongti.capabilities.payment.decisions.budget import BudgetRow
from yigongti.capabilities.payment.services.settle.facts import POOL, Tables, asked, pooled
from yigongti.kernel.indicators.places import HOME_OF_RESIDENT

OF_SCHEME: Mapping[str, tuple[str, ...]] = {
    "inpatient": ("inpatient",), "outpatient": ("outpatient",), "global": ("inpatient", "outpatient"),
}  # fmt: skip
"""A budget's scheme → the kinds of care it pays for."""


@dataclass(frozen=True)
class Spent:
    """What an institution's care of one kind (inpatient, outpatient) cost a pool's fund in a month."""

    year: int
    month: int
    kind: str
    pool: str
    insured_as: str
    institution_id: str
    in_county: bool
    recorded_fen: int


def is_paid_from(each: Spent, row: BudgetRow) -> bool:
    """Whether a budget pays for this care."""
    return (each.pool, each.insured_as) == (row.consortium_id, row.insured_as) and each.kind in OF_SCHEME[row.scheme]


@dataclass(frozen=True)
class Insured:
    """How many of a pool's people are of an age and sex."""

    pool: str
    insured_as: str
    age: int
    sex: str
    number: int


def spending(sources: Mapping[str, Source], *, first: int, last: int) -> list[Spent]:
    """Every month of some years, stays by the day of discharge."""

    def question(tables: Tables) -> Iterable[ir.Table]:
        stay, visit = tables["stay"], tables["visit"]
        insured = tables["resident"].select(person="resident_id", insured_as="insured_as")
        stays = stay.mutate(day=stay.discharged_on)
        visits = visit.inner_join(insured, [("resident_id", "person")])
        return (
            _by_month(rows, tables, kind, first, last) for kind, rows in (("inpatient", stays), ("outpatient", visits))
        )

    return [Spent(**row) for table in asked(sources, question) for row in table.to_pylist()]


def _by_month(rows: ir.Table, tables: Tables, kind: str, first: int, last: int) -> ir.Table:
    year = rows.day.year()
    placed = pooled(rows.filter((year >= first) & (year <= last)), tables)
    dated = placed.mutate(year=placed.day.year(), month=placed.day.month(), kind=ibis.literal(kind))
    keys = ("year", "month", "kind", *POOL, "in_county")
    return dated.group_by(*keys).aggregate(recorded_fen=dated.fund_fen.sum()).order_by(*keys)


def insured_on(sources: Mapping[str, Source], day: date) -> list[Insured]:
    """The insured living on a day, by pool, age in whole years and sex; a resident without a consortium is in none."""

    def question(tables: Tables) -> Iterable[ir.Table]:
        homes = tables[HOME_OF_RESIDENT].select("home_of", pool="consortium")
        resident = tables["resident"]
        lives = (resident.died_on.isnull() | (resident.died_on > day)) & (resident.birth_date <= day)
        people = resident.filter(lives & (resident.insured_as != "none")).inner_join(
            homes, [("resident_id", "home_of")]
        )
        birth = people.birth_date
        later = (birth.month() > day.month) | ((birth.month() == day.month) & (birth.day() > day.day))
        aged = people.filter(people.pool.notnull()).mutate(age=day.year - birth.year() - later.cast("int32"))
        keys = ("pool", "insured_as", "age", "sex")
        yield aged.group_by(*keys).aggregate(number=aged.count()).order_by(*keys)

    (found,) = asked(sources, question)
    return [Insured(**row) for row in found.to_pylist()]


def whole_years(found: Iterable[Spent]) -> set[int]:
    """The years of which every month has care."""
    months: dict[int, set[int]] = {}
    for each in found:
        months.setdefault(each.year, set()).add(each.month)
    return {year for year, seen in months.items() if len(seen) == 12}
