"""The first follow-up of people who came down from hospital, by those who manage them at home."""

import numpy as np

from yigongti.demo.care.followups import Extra
from yigongti.demo.care.referrals import StayReferrals
from yigongti.demo.care.stays import Stays
from yigongti.demo.people.enrolments import Enrolments
from yigongti.demo.world import World

_FOLLOWED_UP = 0.86
_DAYS_AFTER = np.array([0, 1, 1, 2, 2, 3, 3, 6])


def follow_ups_after(stays: Stays, behind: StayReferrals, enrolments: Enrolments, world: World) -> Extra:
    """Most of those who arrived and are managed in some programme are followed up within days after discharge."""
    rng = world.streams.of("after down-referral")
    down = np.flatnonzero(stays.down)
    resident = stays.each.resident[down]
    order = np.argsort(enrolments.resident, kind="stable")
    place = np.minimum(np.searchsorted(enrolments.resident[order], resident), len(order) - 1)
    enrolment = order[place]
    day = stays.each.discharged[down] + rng.choice(_DAYS_AFTER, len(down))
    able = (enrolments.resident[enrolment] == resident) & (behind.down_arrival > 0) & (day <= world.calendar.last)
    able &= (day > enrolments.start[enrolment]) & (day < enrolments.end[enrolment])
    chosen = able & (rng.random(len(down)) < _FOLLOWED_UP)
    return Extra(enrolment[chosen], day[chosen].astype(np.int32))
