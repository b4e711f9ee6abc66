"""What is done in a month: ordered, examined (or recognised instead), prescribed."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care import exams, ordering, prescriptions
from yigongti.demo.care.attendance import Attended
from yigongti.demo.care.course import Course
from yigongti.demo.care.encounters import Orders
from yigongti.demo.catalogue import goods
from yigongti.demo.plants.visits import overlong_at, swelling

_INTENSITY_GROWTH = 0.035


@dataclass(frozen=True)
class Treated:
    """`charged`: orders to be paid (exams and treatments); `exams`: what became of every exam order; `prescribed`;
    `intensity`: by institution how much more drugs and treatment are given than at the beginning."""

    charged: Orders
    exams: exams.Resolved
    prescribed: prescriptions.Prescribed
    intensity: np.ndarray


def treat(attended: Attended, course: Course) -> Treated:
    """Orders of visits and stays inside the county, with their exams resolved against the month before."""
    world, encounters = course.world, attended.encounters
    rng = world.streams.of("orders", attended.month)
    ordered = _ordered(attended, course)
    intensity = swelling(world, month=attended.month) * (1 + _INTENSITY_GROWTH) ** attended.years
    is_exam = goods().exam[ordered.good] >= 0
    resolved = exams.resolve(
        ordered.take(is_exam), encounters, stamp=attended.stamp, memory=course.exam_memory, planting=course.repeating,
        rng=rng,
    )  # fmt: skip
    prescribed = prescriptions.prescribe(
        attended.visits, in_hand_until=course.in_hand_until, intensity=intensity,
        overlong=overlong_at(attended.visits, world, month=attended.month), institutions=world.institutions, rng=rng,
    )  # fmt: skip
    charged = ordered.take(~is_exam).also(resolved.orders.take(resolved.charged))
    return Treated(charged, resolved, prescribed, intensity)


def _ordered(attended: Attended, course: Course) -> Orders:
    """All orders inside the county: out of it, nobody tells us what was ordered."""
    world, visits, stays = course.world, attended.visits, attended.stays
    rng, female = world.streams.of("ordering", attended.month), world.people.female
    at_visits = ordering.for_visits(visits, female[visits.resident], course.ordering, rng)
    at_stays = ordering.for_stays(stays.disease, stays.institution, female[stays.resident], course.ordering, rng)
    both = at_visits.also(Orders(at_stays.encounter + attended.first_stay, at_stays.good))
    return both.take(world.institutions.in_county[attended.encounters.institution[both.encounter]])
