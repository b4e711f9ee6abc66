"""Notifiable infections: the visit at which one was found, and the report of it with its delay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yigongti.demo.calendar import NEVER, instant
from yigongti.demo.care.sites import CARES, Sites
from yigongti.demo.care.visits import OUTPATIENT, InStay, Visits, plain
from yigongti.demo.catalogue import BANDS, band, complaints, sheet
from yigongti.demo.draw import choose, cumulative
from yigongti.demo.keys import numbered
from yigongti.demo.tables import coded
from yigongti.demo.world import World
from yigongti.kernel.facts import COUNTY

CLASSES = tuple(COUNTY["infectious_report"]["case_class"].choices)
STATUSES = tuple(COUNTY["infectious_report"]["status"].choices)
_STATUS_WEIGHTS = np.array([0.965, 0.03, 0.005])
_HOUR = 3600
_LATE = 0.02
LATE_INSTITUTION = "I-CC-01"
"""Planted: more than half of what this institution reports comes after the legal time."""
_LATE_THERE = 0.62


def found_in(month: int, *, world: World, sites: Sites, stays: InStay) -> Visits:
    """The visits of the month at which a notifiable disease was found, by age and season."""
    rng, calendar, people = world.streams.of("infections", month), world.calendar, world.people
    lines = sheet("reportable")
    start, end = int(calendar.starts[month]), int(calendar.ends[month])
    swing = 1 + lines.numbers("swing") * np.cos(
        2 * np.pi * (int(calendar.labels[month][5:]) - lines.numbers("peak")) / 12
    )
    expected = lines.numbers("rate") * swing * len(people) / 100_000 / 12
    disease = np.repeat(np.arange(len(lines)), rng.poisson(expected))
    resident = _by_age(people, lines.numbers(*BANDS)[disease], start, rng)
    day = rng.integers(start, end + 1, len(disease)).astype(np.int32)
    able = (people.birth[resident] + 20 < day) & (people.died[resident] > day) & ~stays.holds(resident, day)
    disease, resident, day = disease[able], resident[able], day[able]
    care = lines.places("care", CARES)[disease]
    at = sites.choose(resident, care, years=calendar.years_elapsed(month), rng=rng)
    reports = world.institutions.in_county[at] & ~np.isin(
        world.institutions.kind[at], ["village_room", "community_station", "clinic"]
    )
    at = np.where(reports, at, people.centre[resident])
    complaint = (len(sheet("conditions")) + disease).astype(np.int32)
    return plain(resident, at, day, OUTPATIENT, complaint)


def _by_age(people: Any, weights: np.ndarray, day: int, rng: np.random.Generator) -> np.ndarray:
    """A resident for each case: first the age band by the disease's weights and the people in it, then one of them."""
    bands = band(people.age(np.arange(len(people)), day))
    order = np.argsort(bands, kind="stable")
    sizes = np.bincount(bands, minlength=len(BANDS))
    chosen = choose(rng, cumulative(weights * sizes), np.arange(len(weights))) if len(weights) else np.empty(0, int)
    first = np.cumsum(sizes) - sizes
    return order[first[chosen] + np.floor(rng.random(len(chosen)) * sizes[chosen]).astype(int)].astype(np.int32)


@dataclass(frozen=True)
class Reports:
    """Reports made from visits: their row among the visits and their number."""

    visit: np.ndarray
    number: np.ndarray


def reportable(visits: Visits) -> np.ndarray:
    """The visits at which a notifiable disease was found."""
    first = len(sheet("conditions"))
    return np.flatnonzero((visits.complaint >= first) & (visits.complaint < first + len(sheet("reportable"))))


def columns(visits: Visits, *, stamp: int, world: World, rng: np.random.Generator) -> tuple[Mapping[str, Any], Reports]:
    """The infectious_report table of a month, and which visit each came from."""
    which = reportable(visits)
    count, people = len(which), world.people
    resident, at, day = visits.resident[which], visits.institution[which], visits.day[which]
    disease = visits.complaint[which] - len(sheet("conditions"))
    diagnosed = instant(day, rng.integers(8 * _HOUR, 18 * _HOUR, count))
    late_there = at == world.institutions.place_of(LATE_INSTITUTION)
    late = rng.random(count) < np.where(late_there, _LATE_THERE, _LATE)
    delay = np.where(
        late,
        rng.integers(26 * _HOUR, 90 * _HOUR, count),
        (rng.lognormal(0.6, 0.9, count) * _HOUR).clip(240, 22 * _HOUR),
    )
    number = stamp * 100_000 + np.arange(count)
    status = choose(rng, cumulative(_STATUS_WEIGHTS), np.zeros(count, dtype=int))
    known = rng.random(count) < 0.94
    table = {
        "report_id": numbered("B", number, 9),
        "resident_id": world.resident(resident),
        "disease": coded(disease, sheet("reportable").text("disease")),
        "onset_on": np.where(known, np.maximum(day - rng.integers(0, 4, count), people.birth[resident]), NEVER),
        "diagnosed_at": diagnosed,
        "reported_at": np.minimum(diagnosed + delay.astype(np.int64), world.calendar.end_instant - 1),
        "place_id": coded(people.place[resident], world.places.ids),
        "institution_id": world.institution(at),
        "case_class": coded(sheet("reportable").places("case_class", CLASSES)[disease], CLASSES),
        "status": coded(status, STATUSES),
    }
    return table, Reports(which, number)


def outbreak_complaint() -> int:
    """The line of `complaints` of the disease that breaks out."""
    return complaints().text("code").index("A09.004")
