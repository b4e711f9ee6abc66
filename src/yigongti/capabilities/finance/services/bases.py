"""What counts for each member: staff, equipment, capacity, participation, use of centres, services; from the lake."""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.types as ir

from yigongti.analytics import lake
from yigongti.analytics.engines import unbound
from yigongti.analytics.engines.duckdb import DuckDBEngine
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.indicators.places import DESCRIPTIONS, HOME_OF_RESIDENT
from yigongti.kernel.periods import Period

READS = (
    "institution", "place", "resident", "staff", "equipment", "visit", "stay", "exam", "referral", "follow_up",
    "immunization", "finance",
)  # fmt: skip
Counts = dict[str, Fraction]
Tables = Mapping[str, ir.Table]


class Facts:
    """The lake of the moment, open for a few small questions."""

    def __init__(self, engine: DuckDBEngine, tables: Tables, period: Period) -> None:
        self._engine, self._tables, self._period = engine, tables, period

    def of(self, name: str, *, day: str = "") -> ir.Table:
        """A fact table; with `day`, its rows of the period."""
        table = self._tables[name]
        return table.filter(_within(table[day], self._period)) if day else table

    def counted(self, rows: ir.Table, by: str, value: Any = None) -> Counts:
        """Institution (or whatever `by` names) → how many rows, or Σ value."""
        amount = rows.count() if value is None else value
        found = self._engine.collect(rows.group_by(key=by).aggregate(amount=amount))
        rows_of = zip(found["key"].to_pylist(), found["amount"].to_pylist(), strict=True)
        return {key: Fraction(str(amount)) for key, amount in rows_of if key is not None and amount}

    def collect(self, rows: ir.Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._engine.collect(rows).to_pylist()
        return found

    def homes(self) -> ir.Table:
        """One row a resident: home_of, zone, consortium, town."""
        return self._tables[HOME_OF_RESIDENT]


@contextmanager
def facts(period: Period) -> Any:
    """Facts as they are now in the lake."""
    with DuckDBEngine() as engine:
        engine.attach([COUNTY[name] for name in READS], sources={name: lake.paths(name) for name in READS})
        tables = dict(unbound([COUNTY[name] for name in READS]))
        for name, describe in DESCRIPTIONS.items():
            engine.define(name, describe(tables))
            tables[name] = ibis.table(describe(tables).schema(), name=name)
        yield Facts(engine, tables, period)


def _within(day: ir.Column, period: Period) -> ir.BooleanValue:
    if isinstance(day, ir.TimestampValue):
        return (day >= _moment(period.start)) & (day < _moment(period.end + timedelta(days=1)))
    return (day >= period.start) & (day <= period.end)


def _moment(day: Any) -> ir.TimestampScalar:
    return ibis.timestamp(f"{day.isoformat()}T00:00:00+08:00", timezone=COUNTY_TIME.key)


def added(counts: Iterable[Counts]) -> Counts:
    """Counts of the same keys added up."""
    found: Counts = {}
    for each in counts:
        for key, amount in each.items():
            found[key] = found.get(key, Fraction(0)) + amount
    return found


def gathered(counts: Counts, home: Mapping[str, str]) -> Counts:
    """Counts of institutions as counts of the members whose books hold them; strangers are left out."""
    return added({home[key]: amount} for key, amount in counts.items() if key in home)


def staff_points(found: Facts, period: Period, points: Mapping[str, Any]) -> Counts:
    """Points of the staff in post at the end of the period, by title."""
    staff = found.of("staff")
    here = staff.filter(staff.hired_on <= period.end, staff.left_on.isnull() | (staff.left_on > period.end))
    rows = found.collect(here.group_by("institution_id", "title").aggregate(people=here.count()))
    return added({row["institution_id"]: row["people"] * Fraction(str(points.get(row["title"], 0)))} for row in rows)


def capacity(found: Facts, *, stay_equals: Fraction) -> Counts:
    """Visits, and stays worth so many visits each."""
    visits, stays = found.of("visit", day="day"), found.of("stay", day="discharged_on")
    worth = {key: amount * stay_equals for key, amount in found.counted(stays, "institution_id").items()}
    return added([found.counted(visits, "institution_id"), worth])


def participation(found: Facts) -> Counts:
    """Exams sent to a shared centre, and referrals sent or taken in."""
    exams, referrals = found.of("exam", day="ordered_at"), found.of("referral", day="sent_at")
    sent = exams.filter(exams.read_by.notnull(), exams.read_by != exams.ordered_by)
    return added(
        [
            found.counted(sent, "ordered_by"),
            found.counted(referrals, "from_institution_id"),
            found.counted(referrals, "to_institution_id"),
        ]
    )


def centre_use(found: Facts, *, centre: str, hosts: Iterable[str]) -> Counts:
    """Exams of a centre's kind read by its hosts, by who ordered them."""
    exams = found.of("exam", day="ordered_at")
    return found.counted(exams.filter(exams.kind == centre, exams.read_by.isin(sorted(hosts))), "ordered_by")


def services(found: Facts) -> dict[tuple[str, str], int]:
    """(institution, service) → how many: follow-ups by programme, and vaccinations."""
    visits, doses = found.of("follow_up", day="day"), found.of("immunization", day="day")
    rows = found.collect(visits.group_by("institution_id", service="programme").aggregate(number=visits.count()))
    given = found.collect(doses.group_by("institution_id").aggregate(number=doses.count()))
    rows += [{**row, "service": "immunization"} for row in given]
    return {(row["institution_id"], row["service"]): row["number"] for row in rows if row["institution_id"]}
