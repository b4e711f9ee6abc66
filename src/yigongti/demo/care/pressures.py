"""Blood pressure taken at the visits of old people to the base level, whatever they come for."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.calendar import instant
from yigongti.demo.care.visits import CIRCUIT, HOME, OUTPATIENT, Visits
from yigongti.demo.tables import coded
from yigongti.demo.world import World

_CODES, _UNITS, _SOURCES = ("sbp", "dbp"), ("mmHg",), ("clinic",)
_FROM_AGE, _TAKEN = 65, 0.75
_BEFORE_NOON = (7 * 3600, 8 * 3600)
"""Before the hours of follow-ups, so that no two measurements are of one instant."""


def at_visits(found: Visits, *, world: World, rng: np.random.Generator) -> Mapping[str, Any]:
    """The measurement rows of a month's visits, once a person and day; people managed for high pressure have theirs
    taken at follow-ups (`followups.measured`)."""
    who, people = found.resident, world.people
    asked = (people.age(who, found.day) >= _FROM_AGE) & ~people.sick_with("hypertension")[who]
    asked &= world.institutions.primary[found.institution] & np.isin(found.kind, (OUTPATIENT, CIRCUIT, HOME))
    asked &= rng.random(len(found)) < _TAKEN
    _days, first = np.unique(who.astype(np.int64) << 20 | found.day, return_index=True)
    once = np.zeros(len(found), dtype=bool)
    once[first] = True
    row = np.flatnonzero(asked & once)
    count = len(row)
    at = instant(found.day[row], rng.integers(*_BEFORE_NOON, count))
    values = (rng.normal(126, 9, count).clip(95, 148), rng.normal(77, 6, count).clip(58, 88))
    zero = np.zeros(2 * count, dtype=np.int64)
    return {
        "resident_id": world.resident(np.tile(who[row], 2)),
        "code": coded(np.repeat((0, 1), count), _CODES),
        "at": np.tile(at, 2),
        "institution_id": world.institution(np.tile(found.institution[row], 2)),
        "value": np.concatenate(values).round(),
        "unit": coded(zero, _UNITS),
        "source": coded(zero, _SOURCES),
    }
