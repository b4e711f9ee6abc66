"""Make the county's fact files: the plan first, then month after month, then the books and what was planted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from yigongti.demo import truth
from yigongti.demo.care import month, referrals
from yigongti.demo.care.after_discharge import follow_ups_after
from yigongti.demo.care.course import Course, planned
from yigongti.demo.care.stays import stays_of
from yigongti.demo.land import rows as land_rows
from yigongti.demo.means import budget, equipment, finance
from yigongti.demo.people import contracts, enrolments, identities, records
from yigongti.demo.people import rows as people_rows
from yigongti.demo.tables import Form, Tables
from yigongti.demo.workforce import payroll, postings, staff
from yigongti.demo.world import World, build
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal

Progress = Callable[[str, int, int], None]
"""Told (what, steps done, steps in all) as the work goes on."""


@dataclass(frozen=True)
class DemoSummary:
    """What was made: where, first and last day, rows by table, seconds taken."""

    folder: Path
    start: date
    end: date
    residents: int
    seed: int
    rows: dict[str, int]
    seconds: float

    @property
    def total_rows(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


def generate(
    *, residents: int, months: int, seed: int, out: Path, until: date | None = None, form: Form = "parquet",
    progress: Progress | None = None,
) -> DemoSummary:  # fmt: skip
    """Write `<table>.parquet` (or .csv) of every fact table, truth.json and README.md into `out`.

    residents: at least 500; months: whole months, the last complete one before `until` (today) being the last;
    the same arguments give the same bytes.  Raises Refusal for numbers that make no county or a folder in use.
    """
    begun = perf_counter()
    world = build(residents=residents, months=months, seed=seed, until=until or clock.today())
    _make_room(out)
    tell = progress or _silently
    with Tables(out, form) as tables:
        course = _plan(world, tables)
        for place, label in enumerate(world.calendar.labels):
            tell(f"{label} 诊疗与费用", place, months + 1)
            month.run(place, course)
        tell("财务与预算", months, months + 1)
        books = _close(course)
    truth.write(out, course, books)
    tell("完成", months + 1, months + 1)
    period = world.calendar.period
    return DemoSummary(out, period.start, period.end, residents, seed, tables.rows, perf_counter() - begun)


def _silently(what: str, done: int, of: int) -> None:
    """Nobody watches."""


def _make_room(out: Path) -> None:
    """An empty folder, or one of an earlier demo whose tables make way; never anybody else's."""
    if out.exists() and not out.is_dir():
        raise Refusal(f"输出位置 {out} 是一个文件", remedy="请给出一个文件夹")
    out.mkdir(parents=True, exist_ok=True)
    tables = [path for path in out.iterdir() if path.suffix in {".parquet", ".csv"}]
    if tables and not (out / truth.FILE).exists():
        raise Refusal(f"文件夹 {out} 中已有数据文件", why="演示数据不覆盖别的数据", remedy="请换一个空文件夹")
    for path in tables:
        path.unlink()


def _plan(world: World, tables: Tables) -> Course:
    """Write what does not depend on the months, and decide what the whole period will bring."""
    _write_county(world, tables)
    managed = enrolments.enrol(world)
    tables.write("enrolment", enrolments.columns(managed, world))
    stays = stays_of(world)
    behind = referrals.behind_stays(stays, world)
    tables.write("referral", referrals.columns(behind.each, world))
    tables.write("case_step", referrals.case_steps(behind.each, world))
    extra = follow_ups_after(stays, behind, managed, world)
    return planned(world, tables, stays=stays, stay_referrals=behind, enrolments=managed, extra=extra)


def _write_county(world: World, tables: Tables) -> None:
    tables.write("place", land_rows.place_columns(world))
    tables.write("institution", land_rows.institution_columns(world))
    tables.write("staff", staff.columns(world.staff, world.institutions))
    tables.write("posting", postings.columns(world))
    tables.write("resident", people_rows.resident_columns(world))
    tables.write("identity", identities.columns(world))
    for columns in contracts.columns(world):
        tables.write("contract", columns)
    tables.write("death", people_rows.death_columns(world))
    tables.write("condition", records.condition_columns(world))
    tables.write("immunization", records.immunization_columns(world))
    tables.write("allergy", records.allergy_columns(world))


def _close(course: Course) -> finance.Books:
    """Payroll, books, budget, equipment and stock; returns the books."""
    world, tables = course.world, course.tables
    for place, paid, amount in payroll.by_month(world):
        label = world.calendar.labels[place]
        tables.write("payroll", payroll.columns(paid, amount, month=label, world=world))
        course.ledger.add_payroll(world.staff.institution[paid], place, amount)
    books = finance.balance(course.ledger, world)
    tables.write("finance", finance.columns(books, world))
    tables.write("budget", budget.columns(course.ledger, world))
    tables.write("equipment", equipment.columns(world, without_tcm_room=course.sites.without_tcm_room))
    for columns in equipment.stock(world):
        tables.write("drug_stock", columns)
    return books
