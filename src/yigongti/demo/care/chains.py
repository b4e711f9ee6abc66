"""Referral chains between stays: up from the township, down again for recovery."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.admissions import Added, Admissions, admissions
from yigongti.demo.people.residents import GROUPS
from yigongti.demo.world import World

_UP_SHARE = 0.17
_OUT_OF_COUNTY_REFERRED = 0.46
_DOWN_SHARE, _DOWN_SHARE_OTHERS = 0.52, 0.03
_STAYED_BEFORE = 0.2
_STAYS_AFTER = 0.3
_MANAGED = sum(1 << GROUPS.index(name) for name in ("elderly", "hypertension", "diabetes", "copd"))
"""Key groups whose people have somebody below to look after them, and are sent down more often."""
_TRANSFERRING = ("county_hospital", "tcm_hospital", "maternal_child", "specialist_hospital")


@dataclass(frozen=True)
class Chains:
    """By stay: `up` and `down` say which were referred; `before` and `after`: stays added at the centre."""

    up: np.ndarray
    down: np.ndarray
    before: Added
    after: Added


def chains(found: Admissions, world: World) -> Chains:
    """Choose referred stays among the usual ones, and add the township stays at either end of some."""
    rng = world.streams.of("chains")
    institutions, people = world.institutions, world.people
    out = ~institutions.in_county[found.institution]
    hospital = np.isin(institutions.kind[found.institution], _TRANSFERRING)
    luck = rng.random(len(found))
    up = (out & (luck < _OUT_OF_COUNTY_REFERRED)) | (hospital & (luck < _UP_SHARE))
    managed = (people.groups[found.resident] & _MANAGED) > 0
    down = (
        hospital
        & (found.days >= 5)
        & ~found.terminal
        & (rng.random(len(found)) < np.where(managed, _DOWN_SHARE, _DOWN_SHARE_OTHERS))
    )
    alone = _only_stay(found)
    before_of = np.flatnonzero(up & ~out & alone & (rng.random(len(found)) < _STAYED_BEFORE))
    came_from_a_stay = np.isin(np.arange(len(found)), before_of)
    after_of = np.flatnonzero(down & alone & ~came_from_a_stay & (rng.random(len(found)) < _STAYS_AFTER))
    before, after = _before(found.take(before_of), world, rng), _after(found.take(after_of), world, rng)
    early = before.admitted > np.maximum(world.calendar.first, people.birth[before.resident] + 1)
    timely = after.discharged <= np.minimum(world.calendar.last, people.died[after.resident] - 1)
    return Chains(up, down, Added(before, before_of).take(early), Added(after, after_of).take(timely))


def _only_stay(found: Admissions) -> np.ndarray:
    """Stays of people who have no other (so that what is added cannot clash)."""
    _, inverse, counts = np.unique(found.resident, return_inverse=True, return_counts=True)
    return counts[inverse] == 1


def _before(parents: Admissions, world: World, rng: np.random.Generator) -> Admissions:
    """A few days at the centre, moved up on the last."""
    days = rng.integers(1, 5, len(parents))
    centre = world.people.centre[parents.resident]
    end = parents.admitted - rng.integers(0, 2, len(parents))
    return admissions(parents.resident, end - days, end, parents.disease, centre)


def _after(parents: Admissions, world: World, rng: np.random.Generator) -> Admissions:
    """Recovery at the centre from the day of discharge or the next days on."""
    start = parents.discharged + rng.integers(0, 3, len(parents))
    centre = world.people.centre[parents.resident]
    return admissions(parents.resident, start, start + rng.integers(5, 13, len(parents)), parents.disease, centre)
