"""Equipment of the institutions, and the drugs they have in stock at each month's end."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from yigongti.demo.catalogue import sheet
from yigongti.demo.tables import coded
from yigongti.demo.world import World

KINDS = ("ecg", "dr", "ultrasound", "ct", "mri", "lab_analyzer", "ventilator", "dialysis", "ambulance", "telemedicine",
         "tcm_room", "mobile_clinic")  # fmt: skip
_HOSPITALS = {
    "county_hospital": (14, 3, 10, 3, 1, 8, 12, 24, 6, 4, 1, 1), "tcm_hospital": (8, 2, 6, 1, 1, 5, 5, 10, 3, 2, 1, 1),
    "maternal_child": (3, 1, 5, 0, 0, 3, 2, 0, 1, 1, 0, 0), "specialist_hospital": (2, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0),
    "private_hospital": (3, 1, 2, 1, 0, 2, 1, 0, 0, 0, 0, 0), "township_center": (2, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0),
    "community_center": (3, 1, 2, 0, 0, 2, 0, 0, 1, 1, 1, 0), "community_station": (1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0),
}  # fmt: skip
_ROOMS_WITH_ECG, _NETWORKED = 0.86, 0.8
_STOCKED_KINDS = ("county_hospital", "tcm_hospital", "township_center", "community_center")
_STOCKED_DRUGS = 60


def columns(world: World, *, without_tcm_room: int) -> Mapping[str, Any]:
    """The equipment table: what each kind of institution has; most village rooms have an ECG, most of them online."""
    rng, institutions = world.streams.of("equipment"), world.institutions
    rows = []
    for place, kind in enumerate(institutions.kind):
        for name, count in zip(KINDS, _HOSPITALS.get(str(kind), ()), strict=False):
            if count and not (name == "tcm_room" and place == without_tcm_room):
                rows.append((place, KINDS.index(name), count, bool(rng.random() < 0.93)))
    rooms = institutions.of("village_room")
    have = rooms[rng.random(len(rooms)) < _ROOMS_WITH_ECG]
    rows += [
        (int(room), 0, 1, bool(online)) for room, online in zip(have, rng.random(len(have)) < _NETWORKED, strict=True)
    ]
    place_of, kind_of, count_of, networked = (np.array(column) for column in zip(*rows, strict=True))
    return {
        "institution_id": coded(place_of, institutions.ids),
        "kind": coded(kind_of, KINDS),
        "count": count_of,
        "networked": networked,
    }


def stock(world: World) -> Iterator[Mapping[str, Any]]:
    """The drug_stock table, month by month: quantities by the size of the place, now and then run out."""
    rng, institutions = world.streams.of("stock"), world.institutions
    drugs, which = sheet("drugs"), institutions.of(*_STOCKED_KINDS)
    line, place = np.meshgrid(np.linspace(0, len(drugs) - 1, _STOCKED_DRUGS).astype(int), which)
    line, place = line.ravel(), place.ravel()
    size = np.maximum(institutions.beds[place], 4)
    usual = rng.lognormal(np.log(size * 4), 0.6)
    unit_cost = np.rint(drugs.numbers("price")[line] * 0.97).astype(np.int64)
    for end in world.calendar.ends:
        quantity = np.where(rng.random(len(line)) < 0.025, 0, np.rint(usual * rng.uniform(0.3, 1.7, len(line))))
        yield {
            "institution_id": coded(place, institutions.ids),
            "drug_code": coded(line, drugs.text("code")),
            "day": np.full(len(line), end, dtype=np.int32),
            "quantity": quantity,
            "unit_cost_fen": unit_cost,
        }
