"""Planted among the visits: an outbreak in a village, people treated after their death, exploding costs."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.calendar import NEVER
from yigongti.demo.care.infections import outbreak_complaint
from yigongti.demo.care.visits import OUTPATIENT, InStay, Visits, plain
from yigongti.demo.catalogue import CHRONIC, complaints
from yigongti.demo.world import World

AFTER_DEATH, OUTBREAK = 1, 2
EXPLODING = "I-TC-07"
_EXPLOSION_MONTHS = 9
_EXPLOSION = 1.6
_CASES = 28
_OUTBREAK_DAYS = 7
_TREATED_AFTER_DEATH = 0.012


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
