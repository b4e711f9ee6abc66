"""Who is attended to in a month: the visits, the stays that begin, and both as one list of encounters."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yigongti.demo.care import infections, visits
from yigongti.demo.care.admissions import Admissions
from yigongti.demo.care.course import Course
from yigongti.demo.care.encounters import Encounters
from yigongti.demo.care.followups import FollowUps
from yigongti.demo.catalogue import complaints
from yigongti.demo.keys import numbered
from yigongti.demo.people.enrolments import NAMES
from yigongti.demo.plants.visits import after_death_visits, outbreak_visits


@dataclass(frozen=True)
class Attended:
    """A month: its index, the stamp in its ids, years since the beginning; its visits in order of day; the stays
    that begin in it (`admitted`: their indices among all stays); and the encounters, visits first."""

    month: int
    stamp: int
    years: float
    visits: visits.Visits
    admitted: np.ndarray
    stays: Admissions
    encounters: Encounters

    @property
    def first_stay(self) -> int:
        """The place of the first stay among the encounters."""
        return len(self.visits)


def attend(month: int, follow_ups: FollowUps, course: Course) -> Attended:
    """Usual visits, check-ups of the old, found infections, and what is planted; and the stays that begin."""
    calendar = course.world.calendar
    found = _visits(month, follow_ups, course)
    begun = np.maximum(calendar.month_of(course.stays.each.admitted), 0)
    admitted = np.flatnonzero(begun == month)
    stays, stamp = course.stays.each.take(admitted), calendar.stamp(month)
    encounters = Encounters(
        ids=pa.concat_arrays([visit_ids(stamp, len(found)), stay_ids(admitted)]),
        resident=np.concatenate([found.resident, stays.resident]),
        institution=np.concatenate([found.institution, stays.institution]),
        day=np.concatenate([found.day, stays.admitted]),
        last=np.concatenate([found.day, stays.discharged]),
    )
    return Attended(month, stamp, calendar.years_elapsed(month), found, admitted, stays, encounters)


def visit_ids(stamp: int, count: int) -> pa.StringArray:
    """Ids of a month's visits, in order of day."""
    return numbered("O", stamp * 10_000_000 + np.arange(count), 11)


def stay_ids(numbers: np.ndarray) -> pa.StringArray:
    """Ids of stays by index."""
    return numbered("S", numbers, 9)


def _visits(month: int, follow_ups: FollowUps, course: Course) -> visits.Visits:
    world, sites, in_stay = course.world, course.sites, course.in_stay
    found = visits.of_month(month, world=world, sites=sites, stays=in_stay)
    for part in (
        _check_ups(follow_ups, course),
        infections.found_in(month, world=world, sites=sites, stays=in_stay),
        outbreak_visits(course.outbreak, world, month=month),
        after_death_visits(course.after_death, world, month=month),
        *(each.of_month(world, month=month) for each in course.planned_visits),
    ):
        found = found.also(part)
    return found.take(np.argsort(found.day, kind="stable"))


def _check_ups(found: FollowUps, course: Course) -> visits.Visits:
    """The yearly check-ups of the old are visits at their centre, paid from public-health funds (no charge)."""
    people, enrolments = course.world.people, course.enrolments
    elderly = enrolments.programme[found.enrolment] == NAMES.index("elderly")
    which = np.flatnonzero(elderly & ~found.extra)
    resident, day = enrolments.resident[found.enrolment[which]], found.day[which]
    free = ~course.in_stay.holds(resident, day) & (people.died[resident] > day)
    resident, day = resident[free].astype(np.int32), day[free]
    complaint = np.full(len(resident), len(complaints()) - 1, dtype=np.int32)
    return visits.plain(resident, people.centre[resident], day, visits.CHECK_UP, complaint)
