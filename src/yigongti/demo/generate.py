"""Make the county's fact files: the plan first, then month after month, then the books and what was planted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np

from yigongti.demo import truth
from yigongti.demo.calendar import DAY_SECONDS, NEVER
from yigongti.demo.care import exams, month, referrals, sites, stay_costs
from yigongti.demo.care.stays import Stays, stays_of
from yigongti.demo.care.visits import InStay
from yigongti.demo.land import rows as land_rows
from yigongti.demo.means import budget, equipment, finance
from yigongti.demo.means.ledger import Ledger
from yigongti.demo.people import contracts, identities, records
from yigongti.demo.people import rows as people_rows
from yigongti.demo.people.enrolments import Enrolments, enrol
from yigongti.demo.plants import visits as planted_visits
from yigongti.demo.plants.found import Found
from yigongti.demo.tables import Form, Tables
from yigongti.demo.workforce import payroll, postings, staff
from yigongti.demo.world import World, build
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal

Progress = Callable[[str, int, int], None]
"""Told (what, steps done, steps in all) as the work goes on."""
_CASE_STEP_DAYS = 183
_FOLLOWED_UP = 0.86


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
    _prepare(out)
    tell = progress or (lambda what, done, of: None)
    with Tables(out, form) as tables:
        course = _plan(world, tables)
        for place, label in enumerate(world.calendar.labels):
            tell(f"{label} 诊疗与费用", place, months + 1)
            month.run(place, course)
        tell("财务与预算", months, months + 1)
        books = _close(course)
    truth.write(out, world, course, books)
    tell("完成", months + 1, months + 1)
    period = world.calendar.period
    return DemoSummary(out, period.start, period.end, residents, seed, tables.rows, perf_counter() - begun)


def _prepare(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise Refusal(f"输出位置 {out} 是一个文件", remedy="请给出一个文件夹")
    if out.is_dir() and any(
        path.name != "truth.json" and path.suffix in {".parquet", ".csv"} for path in out.iterdir()
    ):
        foreign = not (out / "truth.json").exists()
        if foreign:
            raise Refusal(f"文件夹 {out} 中已有数据文件", why="演示数据不覆盖别的数据", remedy="请换一个空文件夹")
        for path in out.iterdir():
            if path.suffix in {".parquet", ".csv"}:
                path.unlink()
    out.mkdir(parents=True, exist_ok=True)


def _plan(world: World, tables: Tables) -> month.Course:
    """Write what does not depend on the months, and decide what the whole period will bring."""
    ids = people_rows.resident_ids(len(world.people))
    _write_county(world, tables, ids)
    enrolments = enrol(world.people, world.institutions, world.calendar, world.streams)
    from yigongti.demo.people.enrolments import columns as enrolment_columns

    tables.write("enrolment", enrolment_columns(enrolments, resident_ids=ids, institutions=world.institutions))
    stays = stays_of(world)
    behind = referrals.behind_stays(stays, world)
    institution_ids = world.institutions.ids
    tables.write("referral", referrals.columns(behind.each, resident_ids=ids, institution_ids=institution_ids))
    since = (world.calendar.last - _CASE_STEP_DAYS) * DAY_SECONDS
    tables.write("case_step", referrals.case_steps(behind.each, since=since, institution_ids=institution_ids))
    in_stay = InStay.of(stays)
    return month.Course(
        world=world,
        tables=tables,
        sites=sites.survey(world.people, world.institutions, world.homes, world.streams),
        stays=stays,
        in_stay=in_stay,
        stay_referrals=behind,
        enrolments=enrolments,
        extra_follow_ups=_after_down_referral(stays, behind, enrolments, world),
        outbreak=planted_visits.outbreak(world, in_stay),
        after_death=planted_visits.after_death(world),
        resident_ids=ids,
        ledger=Ledger(world),
        found=Found(world),
        costing=stay_costs.costing(world.institutions, world.streams),
        reading=exams.reading(world.institutions, world.streams),
    )


def _write_county(world: World, tables: Tables, ids: object) -> None:
    institutions, calendar, streams = world.institutions, world.calendar, world.streams
    tables.write("place", land_rows.place_columns(world.places, world.people))
    tables.write("institution", land_rows.institution_columns(institutions, world.places))
    tables.write("staff", staff.columns(world.staff, institutions))
    tables.write(
        "posting",
        postings.columns(
            world.staff, institutions=institutions, unstaffed=world.homes.unstaffed, calendar=calendar, streams=streams
        ),
    )
    tables.write("resident", people_rows.resident_columns(world.people, ids, world.places.ids, last=calendar.last))
    tables.write("identity", identities.columns(world.people, resident_ids=ids, on=calendar.last, streams=streams))
    for columns in contracts.columns(
        world.people, resident_ids=ids, institutions=institutions, calendar=calendar, streams=streams
    ):
        tables.write("contract", columns)
    tables.write("death", people_rows.death_columns(world, ids))
    tables.write("condition", records.condition_columns(world, ids))
    tables.write("immunization", records.immunization_columns(world, ids))
    tables.write("allergy", records.allergy_columns(world, ids))


def _after_down_referral(
    stays: Stays, behind: referrals.StayReferrals, enrolments: Enrolments, world: World
) -> tuple[np.ndarray, np.ndarray]:
    """(enrolment, day) of the follow-ups made within days after people came down from hospital."""
    rng = world.streams.of("after down-referral")
    down = np.flatnonzero(stays.down)
    order = np.argsort(enrolments.resident, kind="stable")
    resident = stays.each.resident[down]
    place = np.minimum(np.searchsorted(enrolments.resident[order], resident), len(order) - 1)
    enrolment = order[place]
    day = stays.each.discharged[down] + rng.choice([0, 1, 1, 2, 2, 3, 3, 6], len(down))
    able = (enrolments.resident[enrolment] == resident) & (behind.down_arrival > 0) & (day <= world.calendar.last)
    able &= (day > enrolments.start[enrolment]) & (day < np.minimum(enrolments.end[enrolment], NEVER))
    chosen = able & (rng.random(len(down)) < _FOLLOWED_UP)
    return enrolment[chosen], day[chosen].astype(np.int32)


def _close(course: month.Course) -> tuple[np.ndarray, np.ndarray]:
    """Payroll, books, budget, equipment and stock; returns the books."""
    world, tables = course.world, course.tables
    for place, paid, amount in payroll.by_month(
        world.staff, institutions=world.institutions, calendar=world.calendar, streams=world.streams
    ):
        label = world.calendar.labels[place]
        tables.write(
            "payroll", payroll.columns(world.staff, paid, amount, month=label, institutions=world.institutions)
        )
        course.ledger.add_payroll(world.staff.institution[paid], place, amount)
    which, books = finance.balances(course.ledger, world)
    tables.write("finance", finance.columns(which, books, world))
    tables.write("budget", budget.columns(course.ledger, world))
    tables.write("equipment", equipment.columns(world, without_tcm_room=course.sites.without_tcm_room))
    for columns in equipment.stock(world):
        tables.write("drug_stock", columns)
    return which, books
