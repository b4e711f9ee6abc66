"""Follow-ups of managed people when they fall due, and what is measured at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yigongti.demo.calendar import NEVER, instant
from yigongti.demo.draw import choose, cumulative
from yigongti.demo.keys import numbered
from yigongti.demo.people.enrolments import NAMES, Enrolments
from yigongti.demo.tables import coded
from yigongti.demo.world import World
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.facts.county import MEASURES

MODES = tuple(COUNTY["follow_up"]["mode"].choices)
_MODE_WEIGHTS = np.array([[0.4, 0.1, 0.38, 0.12], [0.78, 0.22, 0, 0]])
"""Of those followed up irregularly, and regularly (face to face)."""
RESULTS = ("控制满意", "控制不满意", "稳定", "不稳定", "自理能力良好", "自理能力受限", "正常", "需关注")
_RESULT_OF = np.array([0, 0, 0, 4, 2, 6, 6, 2])
_NEXT_DAYS = np.array([90, 90, 90, 365, 90, 30, 90, 30])
CODES = tuple(MEASURES)
UNITS = ("mmHg", "mmHg", "次/分", "mmol/L", "%", "kg", "cm", "cm", "℃", "%", "次/分")
SOURCES = tuple(COUNTY["measurement"]["source"].choices)
_EPOCH_BEFORE = 800
_RECHECKED = 0.3


@dataclass(frozen=True)
class FollowUps:
    """Follow-ups of a month: enrolment by index, day, mode, whether control was good, and whether it was an extra
    one after a down-referral (then nothing is measured)."""

    enrolment: np.ndarray
    day: np.ndarray
    mode: np.ndarray
    controlled: np.ndarray
    extra: np.ndarray

    def __len__(self) -> int:
        return len(self.enrolment)


@dataclass(frozen=True)
class Extra:
    """Follow-ups beside the regular ones: enrolments by index, and days."""

    enrolment: np.ndarray
    day: np.ndarray

    def falling_in(self, month: int, world: World) -> tuple[np.ndarray, np.ndarray]:
        """(enrolment, day) of those in a month."""
        here = world.calendar.month_of(self.day) == month
        return self.enrolment[here], self.day[here]


def due(month: int, enrolments: Enrolments, world: World, *, extra: Extra) -> FollowUps:
    """Those that fall due in the month, a second look two weeks after bad control, and the extra ones given."""
    rng = world.streams.of("follow-ups", month)
    more = extra.falling_in(month, world)
    regular = _falling_in(month, enrolments, world, delay=0)
    again = _falling_in(month, enrolments, world, delay=14)
    years = world.calendar.years_elapsed(month)
    bad = ~enrolments.is_controlled(again[0], years=years) & (rng.random(len(again[0])) < _RECHECKED)
    bad &= enrolments.programme[again[0]] <= NAMES.index("copd")
    enrolment = np.concatenate([regular[0], again[0][bad], more[0]])
    day = np.concatenate([regular[1], again[1][bad], more[1]])
    is_extra = np.arange(len(day)) >= len(day) - len(more[0])
    regularly = enrolments.is_regular[enrolment].astype(np.int64)
    mode = choose(rng, cumulative(_MODE_WEIGHTS), regularly)
    mode[enrolments.programme[enrolment] == NAMES.index("elderly")] = 0
    return FollowUps(enrolment, day, mode, enrolments.is_controlled(enrolment, years=years), is_extra)


def _falling_in(month: int, enrolments: Enrolments, world: World, *, delay: int) -> tuple[np.ndarray, np.ndarray]:
    """(enrolment, day) of the regular dates that, put off by `delay` days, lie in the month."""
    start, end = int(world.calendar.starts[month]), int(world.calendar.ends[month])
    zero = world.calendar.first - _EPOCH_BEFORE + delay + enrolments.phase
    day = zero + -((zero - start) // enrolments.interval) * enrolments.interval
    is_due = (day <= end) & (day >= enrolments.start) & (day < enrolments.end)
    which = np.flatnonzero(is_due)
    return which, day[which]


def columns(
    found: FollowUps, enrolments: Enrolments, *, stamp: int, world: World, rng: np.random.Generator
) -> Mapping[str, Any]:
    """The follow_up table of a month."""
    programme = enrolments.programme[found.enrolment]
    wait = np.where(found.controlled, _NEXT_DAYS[programme], np.minimum(_NEXT_DAYS[programme], 14))
    noted = rng.random(len(found)) < 0.95
    return {
        "follow_up_id": numbered("F", stamp * 10_000_000 + np.arange(len(found)), 11),
        "resident_id": world.resident(enrolments.resident[found.enrolment]),
        "programme": coded(programme, NAMES),
        "institution_id": world.institution(enrolments.institution[found.enrolment]),
        "day": found.day,
        "mode": coded(found.mode, MODES),
        "result": coded(_RESULT_OF[programme] + ~found.controlled, RESULTS),
        "next_due": np.where(noted, found.day + wait, NEVER),
    }


def measured(found: FollowUps, enrolments: Enrolments, *, world: World, rng: np.random.Generator) -> Mapping[str, Any]:
    """The measurement table of a month: pressures, pulse, glucose and body measures by programme."""
    taken = np.flatnonzero(~found.extra & ((found.mode < 2) | (rng.random(len(found)) < 0.5)))
    who = enrolments.resident[found.enrolment[taken]]
    programme, good = enrolments.programme[found.enrolment[taken]], found.controlled[taken]
    old = world.people.age(who, found.day[taken]) >= 65
    hypertensive = world.people.sick_with("hypertension")[who]
    parts = []
    for name, mask, values in _readings(programme, good, old, hypertensive, rng):
        parts.append((np.full(int(mask.sum()), CODES.index(name)), np.flatnonzero(mask), values[mask]))
    code, row, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    second = rng.integers(8 * 900, 17 * 900, len(taken)) * 4
    second += np.array([0, 1, 2, 3, 1, 2, 3, 0])[programme]
    at, far = instant(found.day[taken], second)[row], (found.mode[taken] >= 2)[row]
    place = np.where(far, -1, enrolments.institution[found.enrolment[taken]][row])
    return {
        "resident_id": world.resident(who[row]),
        "code": coded(code, CODES),
        "at": at,
        "institution_id": world.institution(place),
        "value": value.round(1),
        "unit": coded(code, UNITS),
        "source": coded(np.where(far, 1 + (rng.random(len(row)) < 0.3), 0), SOURCES),
    }


def _readings(
    programme: np.ndarray, good: np.ndarray, old: np.ndarray, hypertensive: np.ndarray, rng: np.random.Generator
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """(code, who has it measured, values).  Of people in two programmes each programme measures its own things."""
    count = len(programme)
    is_hypertension, is_diabetes = programme == NAMES.index("hypertension"), programme == NAMES.index("diabetes")
    elderly, copd = programme == NAMES.index("elderly"), programme == NAMES.index("copd")
    pressure = is_hypertension | ((is_diabetes | elderly | copd) & ~hypertensive)
    limit = np.where(old, 149.0, 139.0)
    treated = is_hypertension
    low = np.minimum(rng.normal(131, 6, count), limit - rng.random(count) * 3).round()
    high = np.maximum(rng.normal(limit + 13, 9), limit + 2).round()
    usual = rng.normal(124, 9, count).clip(92, 138).round()
    systolic = np.where(treated, np.where(good, low, high), usual)
    diastolic = np.where(treated & ~good, rng.normal(91, 6, count).clip(78, 118), rng.normal(79, 5, count).clip(58, 88))
    sugar = np.where(good, rng.normal(6.0, 0.5, count).clip(4.2, 6.9), rng.normal(8.9, 1.5, count).clip(7.1, 19))
    sugar = np.where(is_diabetes, sugar, rng.normal(5.2, 0.5, count).clip(3.9, 6.0))
    height = rng.normal(160, 8, count).clip(138, 185).round()
    return [
        ("sbp", pressure, systolic),
        ("dbp", pressure, diastolic.round()),
        ("heart_rate", pressure, rng.normal(75, 8, count).clip(52, 112).round()),
        ("fbg", is_diabetes | elderly, sugar),
        ("hba1c", is_diabetes & (rng.random(count) < 0.25), (sugar * 0.62 + 2.6).clip(4.8, 13)),
        ("spo2", copd, rng.normal(94.5, 2, count).clip(84, 99).round()),
        ("height", elderly, height),
        (
            "weight",
            elderly | (is_diabetes & (rng.random(count) < 0.5)),
            (height - 100 + rng.normal(-2, 8, count)).clip(36, 110),
        ),
        ("waist", elderly, rng.normal(84, 8, count).clip(60, 118).round()),
    ]
