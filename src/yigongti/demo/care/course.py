"""What the months share: the plan made beforehand, and the memories and sums that move on with them."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.exams import Memory, Reading, reading
from yigongti.demo.care.followups import Extra
from yigongti.demo.care.ordering import Ordering, ordering
from yigongti.demo.care.prescriptions import Review, review
from yigongti.demo.care.referrals import StayReferrals
from yigongti.demo.care.sites import Sites, survey
from yigongti.demo.care.stay_costs import Costing, costing
from yigongti.demo.care.stays import Stays
from yigongti.demo.care.visits import InStay
from yigongti.demo.means.ledger import Ledger
from yigongti.demo.people.enrolments import Enrolments
from yigongti.demo.plants.found import Found
from yigongti.demo.plants.visits import AfterDeath, Outbreak, Planned, after_death, crowd, outbreak, shifted
from yigongti.demo.tables import Tables
from yigongti.demo.world import World

_REPEATING = ("I-TCM-01", "I-TC-03", "I-CC-02")
"""Planted: where exams are repeated within days without a reason."""


@dataclass(frozen=True)
class Course:
    """The plan, how each institution goes about things, and what is carried from month to month (`exam_memory`,
    `in_hand_until`: by resident the day until which drugs for long-term disease last, `ledger`, `found`)."""

    world: World
    tables: Tables
    stays: Stays
    stay_referrals: StayReferrals
    enrolments: Enrolments
    extra_follow_ups: Extra
    in_stay: InStay
    outbreak: Outbreak
    after_death: AfterDeath
    planned_visits: tuple[Planned, ...]
    sites: Sites
    ordering: Ordering
    reading: Reading
    review: Review
    costing: Costing
    repeating: np.ndarray
    in_hand_until: np.ndarray
    exam_memory: Memory
    ledger: Ledger
    found: Found


def planned(
    world: World, tables: Tables, *, stays: Stays, stay_referrals: StayReferrals, enrolments: Enrolments, extra: Extra
) -> Course:
    """The course of a county whose stays, their referrals, enrolments and extra follow-ups are known."""
    in_stay = InStay.of(stays)
    return Course(
        world=world,
        tables=tables,
        stays=stays,
        stay_referrals=stay_referrals,
        enrolments=enrolments,
        extra_follow_ups=extra,
        in_stay=in_stay,
        outbreak=outbreak(world, in_stay),
        after_death=after_death(world),
        planned_visits=(crowd(world, in_stay), shifted(world, stays, in_stay)),
        sites=survey(world),
        ordering=ordering(world.institutions),
        reading=reading(world),
        review=review(world.institutions),
        costing=costing(world),
        repeating=np.isin(world.institutions.ids, _REPEATING),
        in_hand_until=np.zeros(len(world.people), dtype=np.int32),
        exam_memory=Memory(),
        ledger=Ledger(world),
        found=Found(world),
    )
