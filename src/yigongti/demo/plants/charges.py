"""Planted among the charges: the same item twice, more than a day can hold, and what the patient's sex rules out."""

import numpy as np

from yigongti.demo.care.charges import Lines, PriceList
from yigongti.demo.care.encounters import Encounters
from yigongti.demo.catalogue import CATEGORIES, goods
from yigongti.demo.land.institutions import Institutions

DUPLICATE, OVER_LIMIT, WRONG_SEX = 1, 2, 3
DUPLICATING = ("I-PH-01", "I-TC-14")
OVERCHARGING = ("I-PH-01",)
_DUPLICATE_SHARE, _OVER_LIMIT_SHARE, _WRONG_SEX_SHARE = 0.004, 0.006, 0.003
_OVER_QUANTITY = 3
_FOR_WOMEN, _FOR_MEN = "JC0303", "JY0122"


def plant(
    charged: Lines, encounters: Encounters, *, female: np.ndarray, institutions: Institutions, prices: PriceList,
    rng: np.random.Generator,
) -> list[Lines]:  # fmt: skip
    """Lines to add to a month's charges (female: by encounter).  Over-limit lines are changed in place."""
    at = encounters.institution[charged.encounter]
    _overcharge(charged, at, institutions, rng)
    return [
        _duplicates(charged, at, institutions, rng),
        _wrong_sex(encounters, female, institutions, prices, rng),
    ]


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


def _wrong_sex(
    encounters: Encounters, female: np.ndarray, institutions: Institutions, prices: PriceList, rng: np.random.Generator
) -> Lines:
    """Examinations of the other sex at the private hospital."""
    able = np.isin(encounters.institution, _places(OVERCHARGING, institutions))
    chosen = np.flatnonzero(able & (rng.random(len(encounters)) < _WRONG_SEX_SHARE))
    good = np.where(female[chosen], goods().place(_FOR_MEN), goods().place(_FOR_WOMEN)).astype(np.int32)
    price = prices.of(good, institutions.tariff[encounters.institution[chosen]])
    one = np.ones(len(chosen), dtype=np.int64)
    mark = np.full(len(chosen), WRONG_SEX, dtype=np.int8)
    return Lines(chosen, good, one, price, encounters.day[chosen].astype(np.int32), mark)
