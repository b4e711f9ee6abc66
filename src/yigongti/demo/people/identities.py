"""Invented names, ID numbers and phones that can belong to nobody."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.demo.calendar import completed_years
from yigongti.demo.catalogue import names
from yigongti.demo.draw import choose_one, nth_of_group
from yigongti.demo.keys import fixed_width, numbered
from yigongti.demo.people.residents import People
from yigongti.demo.world import World

REGION = "9900"
"""First digits of every ID number: no province has the code 99, so no living person has such a number."""
PHONE_PREFIX = "100"
"""First digits of every phone: mobile numbers begin with 13 to 19."""
_SURNAMES, _MALE, _FEMALE = names("surname"), names("male"), names("female")
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


def columns(world: World) -> Mapping[str, Any]:
    """The identity table; who is old enough at the end of the period mostly has a phone."""
    rng, people = world.streams.of("identities"), world.people
    has_phone = (completed_years(people.birth, world.calendar.last) >= 14) & (rng.random(len(people)) < 0.86)
    scattered = (np.arange(len(people)) * 61_803_399 + 27_182_818) % 10**8
    return {
        "resident_id": world.resident_ids,
        "name": _names(people, rng),
        "id_number": id_numbers(people.birth, people.female),
        "phone": pc.if_else(pa.array(has_phone), numbered(PHONE_PREFIX, scattered, 8), None),
    }


def _names(people: People, rng: np.random.Generator) -> pa.Array:
    count = len(people)
    rank = 1 / (np.arange(len(_SURNAMES)) + 4)
    surname = pa.array(_SURNAMES).take(pa.array(choose_one(rng, rank, count)))
    given = pa.array([*_MALE, *_FEMALE, ""])
    first = _given(people.female, rng)
    second = np.where(rng.random(count) < 0.22, len(given) - 1, _given(people.female, rng))
    return pc.binary_join_element_wise(surname, given.take(pa.array(first)), given.take(pa.array(second)), "")


def _given(female: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    luck = rng.random(len(female))
    return np.where(female, len(_MALE) + (luck * len(_FEMALE)), luck * len(_MALE)).astype(np.int64)


def id_numbers(birth: np.ndarray, female: np.ndarray) -> pa.StringArray:
    """18 characters with a correct check character: region, day of birth, serial (odd for men), check."""
    serial = nth_of_group(birth, female)
    region = int(REGION) * 100 + 1 + serial // 500
    within = serial % 500 * 2 + ~female
    stamps = birth.astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    index = months.astype(np.int64) + 1970 * 12
    day = index // 12 * 10_000 + (index % 12 + 1) * 100 + (stamps - months).astype(np.int64) + 1
    digits = np.empty((len(birth), 18), dtype=np.uint8)
    _write(digits, region, 0, 6)
    _write(digits, day, 6, 8)
    _write(digits, within, 14, 3)
    digits[:, 17] = _CHECKS[(digits[:, :17].astype(np.int64) @ _WEIGHTS) % 11]
    digits[:, :17] += ord("0")
    return fixed_width(digits)


def _write(digits: np.ndarray, numbers: np.ndarray, at: int, width: int) -> None:
    for place in range(width):
        digits[:, at + place] = numbers // 10 ** (width - 1 - place) % 10
