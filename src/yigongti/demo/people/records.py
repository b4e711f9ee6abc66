"""The lasting parts of a person's record: known long-term diseases, vaccinations, allergies."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.calendar import NEVER
from yigongti.demo.catalogue import CHRONIC, complaints, sheet
from yigongti.demo.draw import choose_one
from yigongti.demo.keys import numbered
from yigongti.demo.people.residents import number_of_year
from yigongti.demo.tables import coded
from yigongti.demo.world import World

_VACCINATED = 0.965
_DAYS_A_MONTH = 30.44
_INFLUENZA_SHARE = 0.07
_OCTOBER = 273
_ALLERGIC = 0.04
_CRITICALITY = ("low", "high")


def condition_columns(world: World) -> Mapping[str, Any]:
    """The condition table: each known long-term disease, noted at some time after the record was opened."""
    rng, people = world.streams.of("conditions"), world.people
    lines = complaints()
    own = np.array([lines.text("chronic").index(disease) for disease in CHRONIC])
    disease, who = np.nonzero(people.chronic)
    span = np.maximum(np.minimum(people.died[who], world.calendar.last) - people.registered[who], 0)
    day = np.minimum(people.registered[who], people.died[who]) + np.floor(rng.random(len(who)) * span).astype(np.int64)
    return {
        "condition_id": numbered("N", np.arange(len(who)), 9),
        "resident_id": world.resident(who),
        "institution_id": world.institution(people.centre[who]),
        "day": np.minimum(day, world.calendar.last),
        "code": coded(own[disease], lines.text("code")),
        "name": coded(own[disease], lines.text("name")),
        "status": coded(np.zeros(len(who), dtype=np.int32), ["active"]),
    }


def immunization_columns(world: World) -> Mapping[str, Any]:
    """The immunization table: children by the schedule of vaccines.csv, some of the old against influenza."""
    rng, people = world.streams.of("immunizations"), world.people
    vaccines = sheet("vaccines")
    doses = [
        (v, n, int(m)) for v, cell in enumerate(vaccines.text("months")) for n, m in enumerate(cell.split("|")) if m
    ]
    children = np.flatnonzero(people.has("child"))
    who = np.tile(children, len(doses))
    vaccine, dose, months = (np.repeat(column, len(children)) for column in np.array(doses).T)
    day = people.birth[who] + np.floor(months * _DAYS_A_MONTH + rng.random(len(who)) * 20).astype(np.int64)
    given = rng.random(len(who)) < _VACCINATED
    old, old_day = _influenza(world, rng)
    who, day = np.concatenate([who[given], old]), np.concatenate([day[given], old_day])
    vaccine = np.concatenate([vaccine[given], np.full(len(old), len(vaccines) - 1)])
    dose = np.concatenate([dose[given], np.zeros(len(old), dtype=np.int64)])
    known = (day <= world.calendar.last) & (day < people.died[who])
    who, day, vaccine, dose = who[known], day[known], vaccine[known], dose[known]
    return {
        "immunization_id": numbered("Y", np.arange(len(who)), 9),
        "resident_id": world.resident(who),
        "institution_id": world.institution(people.centre[who]),
        "day": day,
        "vaccine_code": coded(vaccine, vaccines.text("code")),
        "vaccine_name": coded(vaccine, vaccines.text("name")),
        "dose": dose + 1,
        "lot": numbered("L", rng.integers(20_000, 29_999, len(who)), 5),
    }


def _influenza(world: World, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(resident, day) of the old vaccinated in the autumn of each year of the period."""
    elderly = np.flatnonzero(world.people.has("elderly"))
    found = []
    for year in world.calendar.years:
        who = elderly[rng.random(len(elderly)) < _INFLUENZA_SHARE]
        found.append((who, number_of_year(year) + _OCTOBER + rng.integers(0, 60, len(who))))
    who, day = (np.concatenate(column) for column in zip(*found, strict=True))
    return who, day


def allergy_columns(world: World) -> Mapping[str, Any]:
    """The allergy table: one substance each for a few people."""
    rng, people, lines = world.streams.of("allergies"), world.people, sheet("allergens")
    who = np.flatnonzero(rng.random(len(people)) < _ALLERGIC)
    substance = choose_one(rng, lines.numbers("weight"), len(who))
    categories = lines.text("category")
    noted = np.minimum(np.minimum(people.registered[who], people.died[who]), world.calendar.last)
    return {
        "allergy_id": numbered("G", np.arange(len(who)), 9),
        "resident_id": world.resident(who),
        "day": np.where(rng.random(len(who)) < 0.9, noted, NEVER),
        "substance_code": coded(substance, lines.text("code")),
        "substance_name": coded(substance, lines.text("name")),
        "category": coded(substance, categories),
        "criticality": coded((rng.random(len(who)) < 0.15).astype(np.int32), _CRITICALITY),
    }
