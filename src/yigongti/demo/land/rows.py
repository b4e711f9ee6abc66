"""Places and institutions as they are written."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.calendar import NEVER
from yigongti.demo.land.institutions import CONSORTIA, ZONES
from yigongti.demo.tables import coded
from yigongti.demo.world import World

_UNPLACED = 2
"""The last two places are outside the county: no people, no area."""


def place_columns(world: World) -> Mapping[str, Any]:
    """The place table; population counts those alive at the end, summed up from villages to town and county."""
    places, people = world.places, world.people
    own = np.bincount(people.place[people.alive_at_end], minlength=len(places.ids))
    population = own.copy()
    np.add.at(population, places.seat[places.homes], own[places.homes])
    population[0] = own.sum()
    area = places.area.copy()
    seats = np.concatenate([places.of("town"), places.of("street")])
    area[seats] = 0
    np.add.at(area, places.seat[places.homes], places.area[places.homes])
    area[0] = area[seats].sum()
    outside = np.arange(len(places.ids)) >= len(places.ids) - _UNPLACED
    return {
        "place_id": places.ids,
        "name": places.names,
        "kind": places.kinds,
        "parent_id": coded(places.seat, places.ids),
        "lon": places.lon,
        "lat": places.lat,
        "population": pa.array(population, mask=outside),
        "area_km2": pa.array(area.round(2), mask=outside),
    }


def institution_columns(world: World) -> Mapping[str, Any]:
    """The institution table."""
    institutions = world.institutions
    each, beds = institutions.each, institutions.beds
    return {
        "institution_id": institutions.ids,
        "name": [one.name for one in each],
        "kind": [one.kind for one in each],
        "level": [one.level for one in each],
        "ownership": [one.ownership for one in each],
        "consortium_id": coded(institutions.consortium, CONSORTIA),
        "zone_id": coded(np.array([one.zone for one in each]), ZONES),
        "parent_id": world.institution(institutions.parent),
        "place_id": coded(institutions.place, world.places.ids),
        "lon": institutions.lon,
        "lat": institutions.lat,
        "beds": pa.array(beds, mask=beds < 0),
        "is_lead": np.array([one.is_lead for one in each]),
        "in_county": institutions.in_county,
        "opened_on": institutions.opened,
        "closed_on": np.full(len(each), NEVER),
    }
