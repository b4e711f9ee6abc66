"""Residents and deaths as they are written."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.calendar import NEVER
from yigongti.demo.catalogue import sheet
from yigongti.demo.people.residents import GROUPS, INSURED, causes
from yigongti.demo.tables import coded
from yigongti.demo.world import World

SEXES = ("male", "female")


def resident_columns(world: World) -> Mapping[str, Any]:
    """The resident table."""
    people = world.people
    return {
        "resident_id": world.resident_ids,
        "sex": coded(people.female.astype(np.int32), SEXES),
        "birth_date": people.birth,
        "place_id": coded(people.place, world.places.ids),
        "insured_as": coded(people.insured, INSURED),
        "key_groups": _groups(people.groups),
        "registered_on": np.minimum(np.minimum(people.registered, people.died), world.calendar.last),
        "died_on": people.died,
    }


def _groups(mask: np.ndarray) -> pa.ListArray:
    """Bit masks to lists of key groups, one list made for each mask that occurs."""
    found, inverse = np.unique(mask, return_inverse=True)
    named = [[name for place, name in enumerate(GROUPS) if one >> place & 1] for one in found.tolist()]
    return pa.array(named, pa.list_(pa.string())).take(pa.array(inverse))


def death_columns(world: World) -> Mapping[str, Any]:
    """The death table: everybody who died in the period, with the underlying cause."""
    people, lines = world.people, sheet("causes")
    who = np.flatnonzero(people.died != NEVER)
    weights = lines.numbers("w0", "w15", "w30", "w70")
    cause = causes(people, who, weights=weights, rng=world.streams.of("causes"))
    return {
        "resident_id": world.resident(who),
        "day": people.died[who],
        "cause": coded(cause, lines.text("code")),
        "age_years": people.age(who, people.died[who]),
    }
