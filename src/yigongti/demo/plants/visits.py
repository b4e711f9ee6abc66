"""Planted among the visits: an outbreak in a village, people treated after their death, exploding costs, a doctor who
sees more people than a day holds, drugs for half a year at once, and what belongs to a stay charged as visits."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.calendar import NEVER
from yigongti.demo.care.infections import outbreak_complaint
from yigongti.demo.care.stays import Stays
from yigongti.demo.care.visits import OUTPATIENT, InStay, Visits, plain
from yigongti.demo.catalogue import CHRONIC, complaints
from yigongti.demo.world import World

AFTER_DEATH, OUTBREAK, CROWD, SHIFTED = 1, 2, 3, 4
EXPLODING = "I-TC-07"
_EXPLOSION_MONTHS = 9
_EXPLOSION = 2.0
_CASES = 28
_OUTBREAK_DAYS = 7
_TREATED_AFTER_DEATH = 0.012
CROWDED = "I-CL-002"
_CROWD, _CROWDED_DAYS = 140, 2
OVERLONG = ("I-CC-01", "I-TC-02")
_OVERLONG_SHARE = 0.06
SHIFTING = "I-PH-01"
_SHIFTED_DAYS = (-5, -3, -1, 3, 6)
_SHIFTED_SHARE = 0.9
_SHIFTED_FOR = "I25.103"
"""What the visits before and after a stay are for: dear examinations go with it."""


@dataclass(frozen=True)
class Outbreak:
    """Where and when: place index, days, the residents who fall ill and on which day."""

    place: int
    resident: np.ndarray
    day: np.ndarray


def outbreak(world: World, stays: InStay) -> Outbreak:
    """Infectious diarrhoea in the third town's most populous village, within a week, four months before the end."""
    rng, people, places = world.streams.of("outbreak"), world.people, world.places
    calendar = world.calendar
    villages = np.flatnonzero((places.seat == places.of("town")[2]) & (places.service == 0))
    population = np.bincount(people.place, minlength=len(places.ids))
    place = int(villages[population[villages].argmax()])
    first = int(calendar.starts[max(calendar.count - 4, 0)]) + 9
    here = np.flatnonzero((people.place == place) & (people.birth < first - 700) & (people.died > first + 30))
    chosen = np.sort(rng.choice(here, min(_CASES, max(len(here) * 3 // 4, 1)), replace=False))
    day = first + rng.integers(0, _OUTBREAK_DAYS, len(chosen))
    free = ~stays.holds(chosen, day)
    return Outbreak(place, chosen[free].astype(np.int32), day[free].astype(np.int32))


def outbreak_visits(found: Outbreak, world: World, *, month: int) -> Visits:
    """The outbreak's visits of a month, all at the township centre."""
    here = world.calendar.month_of(found.day) == month
    resident = found.resident[here]
    complaint = np.full(len(resident), outbreak_complaint(), dtype=np.int32)
    visits = plain(resident, world.people.centre[resident], found.day[here], OUTPATIENT, complaint)
    visits.planted[:] = OUTBREAK
    return visits


@dataclass(frozen=True)
class AfterDeath:
    """Residents treated after their death, and on which day."""

    resident: np.ndarray
    day: np.ndarray


def after_death(world: World) -> AfterDeath:
    """A few of the dead with long-term disease go on being treated for it."""
    rng, people = world.streams.of("after death"), world.people
    last = world.calendar.last
    ill = people.chronic[:2].any(axis=0) & (people.died != NEVER) & (people.died < last - 5)
    dead = np.flatnonzero(ill) if ill.any() else np.flatnonzero((people.died != NEVER) & (people.died < last - 5))
    wanted = min(len(dead), max(2, round(_TREATED_AFTER_DEATH * int((people.died != NEVER).sum()))))
    chosen = np.sort(rng.choice(dead, wanted, replace=False))
    day = np.minimum(people.died[chosen] + rng.integers(3, 75, wanted), last)
    return AfterDeath(chosen.astype(np.int32), day.astype(np.int32))


def after_death_visits(found: AfterDeath, world: World, *, month: int) -> Visits:
    """Their visits of a month, at the centre of their town."""
    here = world.calendar.month_of(found.day) == month
    resident = found.resident[here]
    own = [complaints().text("chronic").index(disease) for disease in CHRONIC[:2]]
    complaint = np.where(world.people.chronic[0][resident], own[0], own[1]).astype(np.int32)
    visits = plain(resident, world.people.centre[resident], found.day[here], OUTPATIENT, complaint)
    visits.planted[:] = AFTER_DEATH
    return visits


@dataclass(frozen=True)
class Planned:
    """Visits decided beforehand: who, when, where, what for, and which plant they belong to."""

    resident: np.ndarray
    day: np.ndarray
    institution: int
    complaint: int
    plant: int

    def of_month(self, world: World, *, month: int) -> Visits:
        """Those of a month."""
        here = world.calendar.month_of(self.day) == month
        resident = self.resident[here].astype(np.int32)
        at, what = (np.full(len(resident), each, dtype=np.int32) for each in (self.institution, self.complaint))
        visits = plain(resident, at, self.day[here], OUTPATIENT, what)
        visits.planted[:] = self.plant
        return visits


def crowd(world: World, stays: InStay) -> Planned:
    """On two days a clinic's only doctor signs for more people than can be seen."""
    rng, people, calendar = world.streams.of("crowd"), world.people, world.calendar
    days = np.array([int(calendar.starts[month]) + 12 for month in range(calendar.count)])[-1 - _CROWDED_DAYS : -1]
    day = np.repeat(days, _CROWD)
    alive = np.flatnonzero((people.birth < calendar.first - 20 * 365) & (people.died > calendar.last))
    resident = np.concatenate([rng.choice(alive, _CROWD, replace=False) for _ in days]) if len(days) else days
    free = ~stays.holds(resident, day)
    place = world.institutions.place_of(CROWDED)
    return Planned(resident[free], day[free], place, 0, CROWD)


def shifted(world: World, stays: Stays, in_stay: InStay) -> Planned:
    """Around most stays at one hospital, visits to it for what the stay should have included."""
    rng, each, calendar = world.streams.of("shifted"), stays.each, world.calendar
    place = world.institutions.place_of(SHIFTING)
    own = np.flatnonzero((each.institution == place) & ~each.terminal)
    chosen = own[rng.random(len(own)) < _SHIFTED_SHARE]
    day = np.concatenate([
        (each.admitted if gap < 0 else each.discharged)[chosen] + gap for gap in _SHIFTED_DAYS
    ])  # fmt: skip
    resident = np.tile(each.resident[chosen], len(_SHIFTED_DAYS))
    able = (day >= calendar.first) & (day <= calendar.last) & (day < world.people.died[resident])
    able &= (day > world.people.birth[resident]) & ~in_stay.holds(resident, day)
    return Planned(resident[able], day[able], place, complaints().text("code").index(_SHIFTED_FOR), SHIFTED)


def overlong_at(visits: Visits, world: World, *, month: int) -> np.ndarray:
    """By visit whether it is one at which drugs for half a year are given at once."""
    luck = world.streams.of("overlong", month).random(len(visits))
    places = [world.institutions.place_of(name) for name in OVERLONG]
    return np.isin(visits.institution, places) & (luck < _OVERLONG_SHARE)


def explosion_from(world: World) -> int:
    """The index of the month in which the centre's costs begin to explode."""
    return max(world.calendar.count - _EXPLOSION_MONTHS, 0)


def swelling(world: World, *, month: int) -> np.ndarray:
    """By institution the factor by which what is prescribed and done swells: 1 but at the exploding centre."""
    factor = np.ones(len(world.institutions))
    gone = month - explosion_from(world) + 1
    if gone > 0:
        factor[world.institutions.place_of(EXPLODING)] = 1 + _EXPLOSION * min(gone / 4, 1)
    return factor
