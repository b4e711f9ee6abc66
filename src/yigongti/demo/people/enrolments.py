"""Who is managed in which programme, by whom, how regularly, and with what success."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yigongti.demo.calendar import NEVER, Calendar
from yigongti.demo.keys import numbered
from yigongti.demo.people.residents import People
from yigongti.demo.tables import coded
from yigongti.demo.world import World
from yigongti.kernel.facts.county import PROGRAMMES

NAMES = tuple(PROGRAMMES)
_GROUP_OF = {"maternal": "pregnant"}
_ENROLLED = {
    "hypertension": 0.88, "diabetes": 0.88, "copd": 0.62, "elderly": 0.93, "severe_mental_disorder": 0.96,
    "maternal": 0.95, "child": 0.92, "tuberculosis": 1.0,
}  # fmt: skip
_REGULAR_DAYS = np.array([84, 84, 84, 365, 80, 40, 150, 33])
_REGULAR = np.array([0.72, 0.74, 0.6, 0.74, 0.9, 0.9, 0.85, 0.92])
"""Share of the enrolled who are followed up as often as they should be (by programme, in the order of NAMES)."""
_CONTROLLED = np.array([0.655, 0.60, 0.55, 0.9, 0.82, 0.92, 0.95, 0.9])
_NEW_SHARE = 0.13


@dataclass(frozen=True)
class Enrolments:
    """Enrolments by column.  interval: days between follow-ups; phase: the first one's offset; success: a number in
    [0, 1) below which control lies when the county's rate is that high (control improves with the years)."""

    resident: np.ndarray
    programme: np.ndarray
    institution: np.ndarray
    start: np.ndarray
    end: np.ndarray
    interval: np.ndarray
    phase: np.ndarray
    success: np.ndarray

    @property
    def is_regular(self) -> np.ndarray:
        """Who is followed up as often as he should be."""
        return self.interval == _REGULAR_DAYS[self.programme]

    def __len__(self) -> int:
        return len(self.resident)

    def is_controlled(self, which: np.ndarray, *, years: float) -> np.ndarray:
        """Whether control is good so many years after the beginning."""
        return self.success[which] < _CONTROLLED[self.programme[which]] + 0.013 * years


def enrol(world: World) -> Enrolments:
    """Everybody's enrolments, those of the dead ending on the day of death."""
    rng, people = world.streams.of("enrolments"), world.people
    members = [_members(people, name, rng) for name in NAMES]
    programme = np.repeat(np.arange(len(NAMES)), [len(found) for found in members])
    resident = np.concatenate(members)
    count = len(resident)
    quality = rng.normal(0, 0.08, len(world.institutions))[people.centre[resident]]
    regular = rng.random(count) < _REGULAR[programme] + quality
    interval = np.where(regular, _REGULAR_DAYS[programme], _REGULAR_DAYS[programme] * rng.uniform(1.35, 2.6, count))
    at_room = (people.room[resident] >= 0) & (rng.random(count) < 0.4) & (programme != NAMES.index("maternal"))
    start, end = _dates(people, resident, programme, world.calendar, rng)
    return Enrolments(
        resident, programme, np.where(at_room, people.room[resident], people.centre[resident]), start, end,
        interval.astype(np.int32), np.floor(rng.random(count) * interval).astype(np.int32),
        rng.random(count) - quality / 2,
    )  # fmt: skip


def _members(people: People, programme: str, rng: np.random.Generator) -> np.ndarray:
    able = np.flatnonzero(people.has(_GROUP_OF.get(programme, programme)))
    return able[rng.random(len(able)) < _ENROLLED[programme]]


def _dates(
    people: People, resident: np.ndarray, programme: np.ndarray, calendar: Calendar, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Most began before the period; children at birth, old people at 65, pregnancies and tuberculosis lately."""
    count, span = len(resident), calendar.last - calendar.first
    before = calendar.first - rng.integers(30, 2600, count)
    start = np.where(rng.random(count) < _NEW_SHARE, calendar.first + rng.integers(0, span, count), before)
    birth = people.birth[resident].astype(np.int64)
    start = np.where(programme == NAMES.index("child"), birth + rng.integers(3, 29, count), start)
    start = np.where(programme == NAMES.index("elderly"), np.maximum(start, birth + 65 * 365 + 30), start)
    start = np.where(programme == NAMES.index("maternal"), calendar.last - rng.integers(10, 230, count), start)
    tuberculosis = programme == NAMES.index("tuberculosis")
    start = np.where(tuberculosis, calendar.first - 120 + rng.integers(0, span, count), start)
    start = np.clip(start, birth + 1, np.minimum(people.died[resident], calendar.last))
    cured = np.where(tuberculosis & (start + 240 <= calendar.last), start + 240, NEVER)
    return start.astype(np.int32), np.minimum(cured, people.died[resident]).astype(np.int32)


def columns(found: Enrolments, world: World) -> Mapping[str, Any]:
    """The enrolment table."""
    return {
        "enrolment_id": numbered("M", np.arange(len(found)), 9),
        "resident_id": world.resident(found.resident),
        "programme": coded(found.programme, NAMES),
        "institution_id": world.institution(found.institution),
        "start_on": found.start,
        "end_on": found.end,
    }
