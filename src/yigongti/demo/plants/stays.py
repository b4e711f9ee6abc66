"""Added among the stays: one illness cut into two stays, and one person in two hospitals at once."""

from dataclasses import replace

import numpy as np

from yigongti.demo.care.admissions import Added, Admissions, admissions
from yigongti.demo.catalogue import sheet
from yigongti.demo.world import World

_SPLITS = 0.004
_OVERLAPS = 0.0015
_SPLIT_AT = ("tcm_hospital", "township_center")
_PROFILES = ("medical", "rehab")


def _candidates(found: Admissions, world: World, allowed: np.ndarray) -> np.ndarray:
    """In-county medical stays of people who have no other stay."""
    _, inverse, counts = np.unique(found.resident, return_inverse=True, return_counts=True)
    medical = np.isin(sheet("diseases").text("profile"), _PROFILES)[found.disease]
    able = allowed & (counts[inverse] == 1) & medical & ~found.terminal & (found.days >= 7)
    return able & world.institutions.in_county[found.institution]


def _draw(able: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    places = np.flatnonzero(able)
    wanted = min(len(places), max(3, round(share * len(able))))
    return np.sort(rng.choice(places, wanted, replace=False))


def split(found: Admissions, world: World, *, allowed: np.ndarray) -> tuple[Admissions, Added]:
    """Cut some stays in two: discharged half-way, admitted again within days with the same disease."""
    rng = world.streams.of("split admissions")
    at = np.isin(world.institutions.kind[found.institution], _SPLIT_AT)
    room = found.discharged + 8 <= np.minimum(world.calendar.last, world.people.died[found.resident] - 1)
    inside = found.admitted >= world.calendar.first
    chosen = _draw(_candidates(found, world, allowed) & at & room & inside, _SPLITS, rng)
    discharged = found.discharged.copy()
    half = found.days[chosen] // 2
    discharged[chosen] = found.admitted[chosen] + half
    again = discharged[chosen] + rng.integers(1, 5, len(chosen))
    rest = again + found.days[chosen] - half + rng.integers(0, 2, len(chosen))
    second = admissions(found.resident[chosen], again, rest, found.disease[chosen], found.institution[chosen])
    return replace(found, discharged=discharged), Added(second, chosen)


def overlapping(found: Admissions, world: World, *, allowed: np.ndarray) -> Added:
    """Add to some stays a second one elsewhere in the county, overlapping by at least two days."""
    rng = world.streams.of("overlapping stays")
    able = _candidates(found, world, allowed) & (found.discharged + 5 <= world.calendar.last)
    able &= found.discharged + 5 < world.people.died[found.resident]
    chosen = _draw(able, _OVERLAPS, rng)
    start = found.admitted[chosen] + rng.integers(1, 4, len(chosen))
    end = np.maximum(found.discharged[chosen] + rng.integers(-1, 4, len(chosen)), start + 2)
    private = world.institutions.of("private_hospital")[0]
    centre = world.people.centre[found.resident[chosen]]
    elsewhere = np.where(found.institution[chosen] == private, centre, private)
    return Added(admissions(found.resident[chosen], start, end, found.disease[chosen], elsewhere), chosen)
