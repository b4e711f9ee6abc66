"""One month of the county's care: who comes, what is done, what it costs, written to the fact tables."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from yigongti.demo.care import (
    charges,
    exams,
    followups,
    infections,
    ordering,
    prescriptions,
    referrals,
    stay_costs,
    stay_rows,
    visit_costs,
    visit_rows,
    visits,
)
from yigongti.demo.care.encounters import Encounters, Orders
from yigongti.demo.care.sites import Sites
from yigongti.demo.care.stays import Stays
from yigongti.demo.catalogue import goods
from yigongti.demo.means.ledger import INPATIENT, OUTPATIENT, Ledger
from yigongti.demo.people.enrolments import NAMES, Enrolments
from yigongti.demo.plants import charges as planted_charges
from yigongti.demo.plants import visits as planted_visits
from yigongti.demo.plants.found import Found
from yigongti.demo.tables import Tables
from yigongti.demo.world import World

_REPEATING = ("I-TCM-01", "I-TC-03", "I-CC-02")
"""Planted: where exams are repeated within days without a reason."""


@dataclass
class Course:
    """What the months share: the fixed plan, and the memories and sums that move on with them."""

    world: World
    tables: Tables
    sites: Sites
    stays: Stays
    in_stay: visits.InStay
    stay_referrals: referrals.StayReferrals
    enrolments: Enrolments
    extra_follow_ups: tuple[np.ndarray, np.ndarray]
    outbreak: planted_visits.Outbreak
    after_death: planted_visits.AfterDeath
    resident_ids: pa.Array
    ledger: Ledger
    found: Found
    costing: stay_costs.Costing
    reading: exams.Reading
    exam_memory: exams.Memory = field(default_factory=exams.Memory)

    def __post_init__(self) -> None:
        institutions = self.world.institutions
        self.ordering = ordering.ordering(institutions)
        self.review = prescriptions.review(institutions)
        self.repeating = np.isin(institutions.ids, _REPEATING)
        self.in_hand_until = np.zeros(len(self.world.people), dtype=np.int32)


def run(month: int, course: Course) -> None:
    """Write one month of visits, stays, charges, prescriptions, exams, follow-ups, measurements and reports."""
    world = course.world
    rng, stamp = world.streams.of("month", month), world.calendar.stamp(month)
    follow_ups = _follow_ups(month, course)
    seen = _visits(month, course, follow_ups)
    admitted = _admitted(month, course)
    encounters = _encounters(seen, admitted, course, stamp)
    orders, resolved = _orders(seen, admitted, encounters, course, month)
    _write_exams(resolved, encounters, course, rng)
    prescribed = prescriptions.prescribe(
        seen, in_hand_until=course.in_hand_until, institutions=world.institutions, rng=rng
    )
    charged = _charges(month, course, seen, admitted, encounters, orders, prescribed, rng)
    money = _money(month, course, seen, admitted, encounters, charged, rng)
    _write_rows(month, course, seen, admitted, encounters, prescribed, charged, money)
    _write_reports(month, course, seen)


def _write_exams(resolved: exams.Resolved, encounters: Encounters, course: Course, rng: np.random.Generator) -> None:
    ids, institutions = course.resident_ids, course.world.institutions
    table = exams.columns(
        resolved,
        encounters,
        resident_ids=ids,
        institutions=institutions,
        by=course.reading,
        end=course.world.calendar.end_instant,
        rng=rng,
    )
    course.tables.write("exam", table)


def _follow_ups(month: int, course: Course) -> followups.FollowUps:
    world, stamp = course.world, course.world.calendar.stamp(month)
    enrolment, day = course.extra_follow_ups
    here = world.calendar.month_of(day) == month
    found = followups.due(month, course.enrolments, world, extra=(enrolment[here], day[here]))
    rng = world.streams.of("measurements", month)
    ids = world.institutions.ids
    course.tables.write(
        "follow_up",
        followups.columns(
            found, course.enrolments, stamp=stamp, resident_ids=course.resident_ids, institution_ids=ids, rng=rng
        ),
    )
    course.tables.write(
        "measurement",
        followups.measured(
            found, course.enrolments, world=world, institution_ids=ids, resident_ids=course.resident_ids, rng=rng
        ),
    )
    return found  # fmt: skip


def _visits(month: int, course: Course, follow_ups: followups.FollowUps) -> visits.Visits:
    """Usual visits, check-ups of the old, found infections, and what is planted; in order of day."""
    world = course.world
    parts = [
        visits.of_month(month, world=world, sites=course.sites, stays=course.in_stay),
        visit_rows.check_ups(follow_ups, course.enrolments, course.in_stay, NAMES.index("elderly"), world),
        infections.found_in(month, world=world, sites=course.sites, stays=course.in_stay),
        planted_visits.outbreak_visits(course.outbreak, world, month=month),
        planted_visits.after_death_visits(course.after_death, world, month=month),
    ]
    found = parts[0]
    for part in parts[1:]:
        found = found.also(part)
    return found.take(np.argsort(found.day, kind="stable"))


def _admitted(month: int, course: Course) -> np.ndarray:
    """Indices of the stays that begin in the month (in the first month also those begun before)."""
    begun = np.maximum(course.world.calendar.month_of(course.stays.each.admitted), 0)
    return np.flatnonzero(begun == month)


def _encounters(seen: visits.Visits, admitted: np.ndarray, course: Course, stamp: int) -> Encounters:
    stays = course.stays.each.take(admitted)
    return Encounters(
        ids=pa.concat_arrays([visit_rows.visit_ids(stamp, len(seen)), stay_rows.stay_ids(admitted)]),
        resident=np.concatenate([seen.resident, stays.resident]),
        institution=np.concatenate([seen.institution, stays.institution]),
        day=np.concatenate([seen.day, stays.admitted]),
        last=np.concatenate([seen.day, stays.discharged]),
        visits=len(seen),
    )


def _orders(
    seen: visits.Visits, admitted: np.ndarray, encounters: Encounters, course: Course, month: int
) -> tuple[Orders, exams.Resolved]:
    """(everything to be charged, exams as they turned out)."""
    world = course.world
    rng = world.streams.of("orders", month)
    female = world.people.female
    stays = course.stays.each.take(admitted)
    ordered = ordering.for_visits(seen, female[seen.resident], course.ordering, rng)
    for_stays = ordering.for_stays(stays.disease, stays.institution, female[stays.resident], course.ordering, rng)
    both = ordered.also(Orders(for_stays.encounter + len(seen), for_stays.good))
    both = both.take(world.institutions.in_county[encounters.institution[both.encounter]])
    is_exam = goods().exam[both.good] >= 0
    resolved = exams.resolve(
        both.take(is_exam), encounters, stamp=world.calendar.stamp(month), memory=course.exam_memory,
        planting=course.repeating, rng=rng,
    )  # fmt: skip
    return both.take(~is_exam).also(resolved.orders.take(resolved.charged)), resolved


def _charges(
    month: int, course: Course, seen: visits.Visits, admitted: np.ndarray, encounters: Encounters, orders: Orders,
    prescribed: prescriptions.Prescribed, rng: np.random.Generator,
) -> charges.Lines:  # fmt: skip
    world = course.world
    prices = charges.price_list(year=int(world.calendar.labels[month][:4]), first_year=world.calendar.years[0])
    at_visit = orders.encounter < len(seen)
    of_stays = Orders(orders.encounter[~at_visit] - len(seen), orders.good[~at_visit])
    parts = visit_costs.lines_of(
        seen, orders=orders.take(at_visit), prescribed=prescribed, prices=prices,
        swelling=planted_visits.swelling(world, month=month), institutions=world.institutions, rng=rng,
    )  # fmt: skip
    aim = stay_costs.target(
        course.stays, admitted, years=world.calendar.years_elapsed(month), by=course.costing, rng=rng
    )
    stay_lines = stay_costs.lines_of(
        course.stays, admitted, orders=of_stays, target_fen=aim, prices=prices, institutions=world.institutions, rng=rng
    )
    parts += [charges.moved(part, by=len(seen)) for part in stay_lines]
    usual = charges.gathered(parts)
    female = world.people.female[encounters.resident]
    added = planted_charges.plant(
        usual, encounters, female=female, institutions=world.institutions, prices=prices,
        rng=world.streams.of("planted charges", month),
    )  # fmt: skip
    return charges.gathered([usual, *added])


@dataclass(frozen=True)
class Money:
    """Fen by encounter: parts (by bucket), total, fund, deductible (stays only, 0 for visits)."""

    parts: np.ndarray
    total: np.ndarray
    fund: np.ndarray
    deductible: np.ndarray


def _money(
    month: int, course: Course, seen: visits.Visits, admitted: np.ndarray, encounters: Encounters,
    charged: charges.Lines, rng: np.random.Generator,
) -> Money:  # fmt: skip
    world = course.world
    parts = charges.totals(charged, len(encounters))
    total = parts.sum(axis=1)
    years = world.calendar.years_elapsed(month)
    total[: len(seen)] += visit_costs.outside_totals(seen, years=years, institutions=world.institutions, rng=rng)
    outside = len(seen) + np.flatnonzero(~world.institutions.in_county[encounters.institution[len(seen) :]])
    which = admitted[outside - len(seen)]
    total[outside] = np.rint(stay_costs.target(course.stays, which, years=years, by=course.costing, rng=rng))
    parts[outside] = stay_costs.outside_parts(course.stays.each.disease[which], total[outside])
    insured = world.people.insured[encounters.resident].astype(np.int64)
    visit_fund = visit_costs.fund_of(
        seen, total[: len(seen)], insured=insured[: len(seen)], institutions=world.institutions, rng=rng
    )
    deductible, stay_fund = stay_rows.reimbursed(course, admitted, total[len(seen) :], rng)
    fund = np.concatenate([visit_fund, stay_fund])
    return Money(parts, total, fund, np.concatenate([np.zeros(len(seen), dtype=np.int64), deductible]))


def _write_rows(
    month: int, course: Course, seen: visits.Visits, admitted: np.ndarray, encounters: Encounters,
    prescribed: prescriptions.Prescribed, charged: charges.Lines, money: Money,
) -> None:  # fmt: skip
    world, stamp = course.world, course.world.calendar.stamp(month)
    rng = world.streams.of("rows", month)
    behind = referrals.behind_visits(seen, stamp=stamp, world=world, rng=rng)
    course.tables.write(
        "referral", referrals.columns(behind, resident_ids=course.resident_ids, institution_ids=world.institutions.ids)
    )
    prescriber = world.staff.prescriber_at(encounters.institution, rng.random(len(encounters)))
    dx = visit_rows.diagnoses(seen)
    course.tables.write(
        "visit",
        visit_rows.columns(
            seen,
            total=money.total,
            fund=money.fund,
            ids=encounters.ids,
            dx=dx,
            referral=behind.ids,
            resident_ids=course.resident_ids,
            world=world,
            rng=rng,
        ),
    )
    course.tables.write("stay", stay_rows.columns(course, admitted, money, first=len(seen)))
    course.tables.write("procedure", stay_rows.procedure_columns(course, admitted, stamp=stamp))
    course.tables.write(
        "prescription_line",
        prescriptions.columns(
            prescribed,
            seen,
            stamp=stamp,
            visit_ids=encounters.ids,
            resident_ids=course.resident_ids,
            dx=dx,
            institutions=world.institutions,
            staff=world.staff,
            by=course.review,
            prescriber=prescriber,
            years=world.calendar.years_elapsed(month),
            rng=rng,
        ),
    )
    course.tables.write(
        "charge",
        charges.columns(
            charged,
            encounters,
            stamp=stamp,
            fund=charges.spread(charged, money.fund),
            prescriber=prescriber,
            resident_ids=course.resident_ids,
            institutions=world.institutions,
        ),
    )
    course.ledger.add_charges(charged, encounters)
    course.ledger.add_fund(seen.resident, seen.day, money.fund[: len(seen)], scheme=OUTPATIENT)
    stays = course.stays.each.take(admitted)
    course.ledger.add_fund(stays.resident, stays.discharged, money.fund[len(seen) :], scheme=INPATIENT)
    course.found.note_visits(seen, stamp)
    course.found.note_charges(charged, stamp)


def _write_reports(month: int, course: Course, seen: visits.Visits) -> None:
    rng, stamp = course.world.streams.of("reports", month), course.world.calendar.stamp(month)
    table, made = infections.columns(seen, stamp=stamp, world=course.world, resident_ids=course.resident_ids, rng=rng)
    course.tables.write("infectious_report", table)
    course.found.note_reports(made, seen)
