"""Planted among the charges: the same item twice or under another's name, more than a day can hold, an item beside the
one that includes it, after the patient's death, and what the patient's sex, age or way of treatment rules out."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.charges import Lines, PriceList
from yigongti.demo.care.encounters import Encounters
from yigongti.demo.catalogue import CATEGORIES, goods
from yigongti.demo.land.institutions import Institutions

DUPLICATE, OVER_LIMIT, WRONG_SEX, SWAPPED, INCLUDED, WRONG_AGE, NOT_IN_HOSPITAL, AFTER_DEATH = range(1, 9)
DUPLICATING = ("I-PH-01", "I-TC-14")
OVERCHARGING = ("I-PH-01",)
SWAPPING = ("I-TCM-01",)
SWAPPED_NAME = "保健推拿"
"""What is charged with the code of acupuncture."""
_DUPLICATE_SHARE, _OVER_LIMIT_SHARE, _WRONG_SEX_SHARE = 0.004, 0.006, 0.005
_SWAPPED_SHARE, _INCLUDED_SHARE, _WRONG_AGE_SHARE, _NOT_IN_HOSPITAL_SHARE = 0.012, 0.02, 0.05, 0.004
_OVER_QUANTITY = 3
_FOR_WOMEN, _FOR_MEN = "JC0303", "JY0122"
_ACUPUNCTURE, _BED = "ZL0106", "FW0201"
WITH_PART, PART, FOR_NEWBORN, FOR_INPATIENTS = "ZL0113", "ZL0121", "ZL0117", "ZL0113"
"""Items that the county's rule base limits: monitoring includes oximetry; phototherapy is for the newborn;
monitoring is for people in hospital."""
_ADULT = 18


@dataclass(frozen=True)
class Whose:
    """Of a month's encounters: sex, age and day of death of their patients; which are stays; and at what tariff."""

    female: np.ndarray
    age: np.ndarray
    died: np.ndarray
    is_stay: np.ndarray
    tariff: np.ndarray


def plant(
    charged: Lines, encounters: Encounters, whose: Whose, *, institutions: Institutions, prices: PriceList,
    last_day: int, rng: np.random.Generator,
) -> list[Lines]:  # fmt: skip
    """Lines to add to a month's charges; lines over the limit or under another's name are changed in place."""
    at = encounters.institution[charged.encounter]
    _overcharge(charged, at, institutions, rng)
    duplicates = _duplicates(charged, at, institutions, rng)
    _swap(charged, at, institutions, rng)
    added = [
        *_against_limits(encounters, whose, institutions, rng),
        _after_death(encounters, whose, institutions, last_day),
        _with_part(charged, at, institutions, rng),
    ]
    return [duplicates, *(_lines(each, whose.tariff, prices) for each in added)]


@dataclass(frozen=True)
class Single:
    """Lines of one piece each to be added: encounter, good, day, and which plant they belong to."""

    encounter: np.ndarray
    good: np.ndarray
    day: np.ndarray
    mark: int


def _single(encounter: np.ndarray, code: str, day: np.ndarray, mark: int) -> Single:
    return Single(encounter, np.full(len(encounter), goods().place(code)), day, mark)


def _lines(added: Single, tariff: np.ndarray, prices: PriceList) -> Lines:
    one = np.ones(len(added.encounter), dtype=np.int64)
    price = prices.of(added.good, tariff[added.encounter])
    mark = (one * added.mark).astype(np.int8)
    return Lines(added.encounter, added.good.astype(np.int32), one, price, added.day.astype(np.int32), mark)


def _places(ids: tuple[str, ...], institutions: Institutions) -> list[int]:
    return [institutions.place_of(name) for name in ids]


def _duplicates(charged: Lines, at: np.ndarray, institutions: Institutions, rng: np.random.Generator) -> Lines:
    """Some exams, tests and treatments are charged a second time on the same day."""
    repeatable = np.isin(goods().category, [CATEGORIES.index(name) for name in ("exam", "lab", "treatment")])
    able = np.isin(at, _places(DUPLICATING, institutions)) & repeatable[charged.good] & (charged.planted == 0)
    chosen = charged.take(np.flatnonzero(able & (rng.random(len(charged)) < _DUPLICATE_SHARE)))
    chosen.planted[:] = DUPLICATE
    return chosen


def _overcharge(charged: Lines, at: np.ndarray, institutions: Institutions, rng: np.random.Generator) -> None:
    """Beds and nursing counted three times for one day."""
    daily = np.isin(goods().category, [CATEGORIES.index(name) for name in ("bed", "nursing")])
    able = np.isin(at, _places(OVERCHARGING, institutions)) & daily[charged.good]
    chosen = able & (rng.random(len(charged)) < _OVER_LIMIT_SHARE)
    charged.quantity[chosen], charged.planted[chosen] = _OVER_QUANTITY, OVER_LIMIT


def _against_limits(
    encounters: Encounters, whose: Whose, institutions: Institutions, rng: np.random.Generator
) -> list[Single]:
    """At the private hospital: examinations of the other sex, phototherapy of adults, monitoring of people who are not
    in hospital."""
    there = np.isin(encounters.institution, _places(OVERCHARGING, institutions))
    luck, day = rng.random((3, len(encounters))), encounters.day
    sex = np.flatnonzero(there & (luck[0] < _WRONG_SEX_SHARE))
    old = np.flatnonzero(there & whose.is_stay & (whose.age >= _ADULT) & (luck[1] < _WRONG_AGE_SHARE))
    out = np.flatnonzero(there & ~whose.is_stay & (luck[2] < _NOT_IN_HOSPITAL_SHARE))
    others = np.where(whose.female[sex], goods().place(_FOR_MEN), goods().place(_FOR_WOMEN))
    return [
        Single(sex, others, day[sex], WRONG_SEX),
        _single(old, FOR_NEWBORN, day[old], WRONG_AGE),
        _single(out, FOR_INPATIENTS, day[out], NOT_IN_HOSPITAL),
    ]


def _after_death(encounters: Encounters, whose: Whose, institutions: Institutions, last_day: int) -> Single:
    """A bed for the day after the patient died in hospital (few do, so that all are taken)."""
    died = whose.is_stay & (whose.died == encounters.last) & (encounters.last < last_day)
    chosen = np.flatnonzero(died & institutions.in_county[encounters.institution])
    return _single(chosen, _BED, encounters.last[chosen] + 1, AFTER_DEATH)


def _swap(charged: Lines, at: np.ndarray, institutions: Institutions, rng: np.random.Generator) -> None:
    """Something that the fund does not pay for, under the code of acupuncture."""
    able = np.isin(at, _places(SWAPPING, institutions)) & (charged.good == goods().place(_ACUPUNCTURE))
    charged.planted[able & (charged.planted == 0) & (rng.random(len(charged)) < _SWAPPED_SHARE)] = SWAPPED


def _with_part(charged: Lines, at: np.ndarray, institutions: Institutions, rng: np.random.Generator) -> Single:
    """On some of the days on which an item is charged that includes another, that other one."""
    able = np.isin(at, _places(OVERCHARGING, institutions)) & (charged.good == goods().place(WITH_PART))
    chosen = np.flatnonzero(able & (rng.random(len(charged)) < _INCLUDED_SHARE))
    days = charged.encounter[chosen].astype(np.int64) << 20 | charged.day[chosen]
    chosen = chosen[np.unique(days, return_index=True)[1]]
    return _single(charged.encounter[chosen], PART, charged.day[chosen], INCLUDED)
