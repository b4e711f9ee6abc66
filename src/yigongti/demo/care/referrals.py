"""Referrals: those behind stays (known for the whole period), those behind visits (month by month), and those that
came to nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.calendar import DAY_SECONDS
from yigongti.demo.care.stays import Stays
from yigongti.demo.care.timelines import OUTCOMES, Timeline, run
from yigongti.demo.care.visits import Visits
from yigongti.demo.draw import choose_one
from yigongti.demo.keys import numbered
from yigongti.demo.tables import NEVER_AT, coded
from yigongti.demo.world import World

DIRECTIONS = ("up", "down")
_SENT_BEFORE = np.array([0.55, 0.3, 0.15])
_FROM_ROOM = 0.15
_DOWN_ARRIVES = 0.9
_COME_TO_NOTHING = 0.13
"""Referrals to a visit that end without it, per referral that leads to one."""


@dataclass(frozen=True)
class Referrals:
    """Referrals by column; `numbers` are the numbers in their ids after `prefix`."""

    prefix: str
    numbers: np.ndarray
    resident: np.ndarray
    up: np.ndarray
    sender: np.ndarray
    receiver: np.ndarray
    line: Timeline

    def __len__(self) -> int:
        return len(self.resident)

    @property
    def ids(self) -> pa.StringArray:
        """Their ids in order."""
        return numbered(self.prefix, self.numbers, 10)


@dataclass(frozen=True)
class StayReferrals:
    """The referrals behind stays; up_of / down_of: index into them by stay (−1 none)."""

    each: Referrals
    up_of: np.ndarray
    down_of: np.ndarray
    down_arrival: np.ndarray

    def of_stay(self, stays: Stays) -> np.ndarray:
        """The referral that led to each stay (−1 none): its own way up, or the way down from the stay before."""
        before = np.maximum(stays.by_down, 0)
        return np.where(stays.by_down >= 0, self.down_of[before], self.up_of)


def behind_stays(stays: Stays, world: World) -> StayReferrals:
    """Referrals up that led to a stay, and down after one."""
    rng = world.streams.of("referrals of stays")
    each = stays.each
    up, down = np.flatnonzero(stays.up), np.flatnonzero(stays.down)
    which = np.concatenate([up, down])
    is_up = np.arange(len(which)) < len(up)
    resident, hospital = each.resident[which], each.institution[which]
    at_centre = np.isin(which, stays.by_down) | (stays.preceded[which] >= 0)
    below = _below(world, resident, hospital, rng, at_centre=at_centre)
    sent = np.where(is_up, each.admitted[which] - choose_one(rng, _SENT_BEFORE, len(which)), each.discharged[which])
    next_stay = _next_stay(stays, down)
    arrival = np.concatenate([each.admitted[up], next_stay(each.discharged[down] + rng.integers(0, 4, len(down)))])
    arrives = is_up | (rng.random(len(which)) < _DOWN_ARRIVES)
    arrives[len(up) :] |= next_stay(np.zeros(len(down), dtype=np.int64)) > 0
    leaving = np.where(is_up, each.discharged[which], arrival + rng.integers(2, 12, len(which)))
    line = run(sent, arrival, leaving, up=is_up, arrives=arrives, end=world.calendar.end_instant, rng=rng)
    found = Referrals(
        "TS", np.arange(len(which)), resident, is_up, np.where(is_up, below, hospital),
        np.where(is_up, hospital, below), line,
    )  # fmt: skip
    up_of, down_of = np.full((2, len(stays)), -1, dtype=np.int64)
    up_of[up], down_of[down] = np.arange(len(up)), len(up) + np.arange(len(down))
    came = np.where(arrives, arrival, 0)
    return StayReferrals(found, up_of, down_of, came[len(up) :])


def _below(
    world: World, resident: np.ndarray, hospital: np.ndarray, rng: np.random.Generator, *, at_centre: np.ndarray
) -> np.ndarray:
    """Who is at the other end: for a county hospital the resident's centre or room (`at_centre`: surely the centre),
    for one outside the county his consortium's lead hospital."""
    people, institutions = world.people, world.institutions
    from_room = ~at_centre & (people.room[resident] >= 0) & (rng.random(len(resident)) < _FROM_ROOM)
    base = np.where(from_room, people.room[resident], people.centre[resident])
    lead = np.array([i for i, one in enumerate(institutions.each) if one.is_lead])
    return np.where(institutions.in_county[hospital], base, lead[people.consortium[resident]])


def _next_stay(stays: Stays, down: np.ndarray) -> Any:
    """A function that replaces a value by the day of admission where the way down led to a stay."""
    admitted = np.full(len(stays), -1, dtype=np.int64)
    later = np.flatnonzero(stays.by_down >= 0)
    admitted[stays.by_down[later]] = stays.each.admitted[later]
    return lambda otherwise: np.where(admitted[down] >= 0, admitted[down], otherwise)


def behind_visits(visits: Visits, *, stamp: int, world: World, rng: np.random.Generator) -> Referrals:
    """Referrals up that led to this month's referred visits (first, in their order), then those that led to none."""
    which = np.flatnonzero(visits.referred)
    failed = which[rng.random(len(which)) < _COME_TO_NOTHING]
    both = np.concatenate([which, failed])
    resident, hospital, day = visits.resident[both], visits.institution[both], visits.day[both]
    resident[len(which) :] = rng.permutation(visits.resident)[: len(failed)]
    arrives = np.arange(len(both)) < len(which)
    sent = day - choose_one(rng, _SENT_BEFORE, len(both)) - (rng.random(len(both)) < 0.2)
    sent = np.maximum(sent, world.people.birth[resident])
    line = run(sent, day, day + rng.integers(0, 3, len(both)), up=np.ones(len(both), dtype=bool), arrives=arrives,
               end=world.calendar.end_instant, rng=rng)  # fmt: skip
    sender = _below(world, resident, hospital, rng, at_centre=np.zeros(len(both), dtype=bool))
    numbers = stamp * 1_000_000 + np.arange(len(both))
    return Referrals("T", numbers, resident, np.ones(len(both), dtype=bool), sender, hospital, line)


def columns(found: Referrals, world: World) -> Mapping[str, Any]:
    """The referral table."""
    line = found.line
    return {
        "referral_id": found.ids,
        "resident_id": world.resident(found.resident),
        "direction": coded((~found.up).astype(np.int32), DIRECTIONS),
        "from_institution_id": world.institution(found.sender),
        "to_institution_id": world.institution(found.receiver),
        "sent_at": line.sent,
        "accepted_at": line.accepted,
        "arrived_at": line.arrived,
        "returned_at": line.returned,
        "closed_at": line.closed,
        "reserved": line.reserved & found.up,
        "outcome": coded(line.outcome, OUTCOMES),
    }


_STEPS = ("send", "accept", "arrive", "return", "close")
_STATES = ("sent", "accepted", "arrived", "returned", "closed")
_ROLES = ("family_doctor", "referral_desk", "referral_desk", "clinician", "family_doctor")
_STEPS_KEPT_DAYS = 183
_DUE_HOURS = np.array([0, 24, 72, 0, 7 * 24])


def case_steps(found: Referrals, world: World) -> Mapping[str, Any]:
    """The case_step table of the referrals sent in the last half-year: every step that was taken, in order."""
    line, since = found.line, world.calendar.end_instant - _STEPS_KEPT_DAYS * DAY_SECONDS
    moments = np.column_stack([line.sent, line.accepted, line.arrived, line.returned, line.closed])
    moments[line.sent < since] = NEVER_AT
    moments[:, 1:] = np.where(moments[:, :1] == NEVER_AT, NEVER_AT, moments[:, 1:])
    row, step = np.nonzero(moments != NEVER_AT)
    at = moments[row, step]
    before = np.where((row[1:] == row[:-1]), step[:-1], -1) if len(row) else np.empty(0, dtype=int)
    came_from = np.concatenate([[-1], before]) if len(row) else before
    started = np.where(came_from >= 0, moments[row, np.maximum(came_from, 0)], at)
    due = np.where(_DUE_HOURS[step] > 0, started + _DUE_HOURS[step] * 3600, NEVER_AT)
    place = np.where(np.isin(step, [0, 4]), found.sender[row], found.receiver[row])
    return {
        "case_id": found.ids.take(pa.array(row)),
        "at": at,
        "step": coded(step, _STEPS),
        "workflow": coded(np.zeros(len(row), dtype=np.int32), ["referral"]),
        "from_state": coded(came_from, _STATES),
        "to_state": coded(step, _STATES),
        "institution_id": world.institution(place),
        "role": coded(step, _ROLES),
        "due_at": due,
        "late": at > due,
    }
