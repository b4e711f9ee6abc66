"""Charge lines: what each encounter was charged, to the fen, and how the fund's part is spread over the lines."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.care.encounters import Encounters
from yigongti.demo.catalogue import CATEGORIES, goods
from yigongti.demo.keys import numbered
from yigongti.demo.tables import coded
from yigongti.demo.workforce.staff import staff_ids
from yigongti.demo.world import World

_ROUND_TO = 10
_PRICE_GROWTH = 0.055
"""The county's price list of services rises so much each calendar year; drug prices stay."""
BUCKETS = ("service", "drug", "material", "exam", "lab")
_BUCKET_OF = {"exam": 3, "lab": 4, "drug": 1, "tcm_drug": 1, "material": 2}
BUCKET = np.array([_BUCKET_OF.get(name, 0) for name in CATEGORIES])
"""The income bucket (index into BUCKETS) of each charge category."""


@dataclass(frozen=True)
class Lines:
    """Charge lines by column; encounter and good are indices, price in fen; planted: which plant made the line."""

    encounter: np.ndarray
    good: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    day: np.ndarray
    planted: np.ndarray

    def __len__(self) -> int:
        return len(self.encounter)

    @property
    def amount(self) -> np.ndarray:
        """Fen of each line."""
        return self.quantity * self.price

    def take(self, which: np.ndarray) -> "Lines":
        """Some of them."""
        return Lines(*(getattr(self, field.name)[which] for field in fields(self)))


def lines(encounter: np.ndarray, good: np.ndarray, quantity: np.ndarray, price: np.ndarray, day: np.ndarray) -> Lines:
    """Charge lines with nothing planted."""
    return Lines(encounter, good, quantity, price, day, np.zeros(len(encounter), dtype=np.int8))


def moved(charged: Lines, *, by: int) -> Lines:
    """The same lines with their encounters numbered from `by` on."""
    return replace(charged, encounter=charged.encounter + by)


def gathered(parts: list[Lines]) -> Lines:
    """All lines in order of encounter."""
    columns = [np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Lines)]
    order = np.argsort(columns[0], kind="stable")
    return Lines(*(column[order] for column in columns))


@dataclass(frozen=True)
class PriceList:
    """Prices in fen of [good, tariff] in one month."""

    table: np.ndarray

    def of(self, good: np.ndarray, tariff: np.ndarray) -> np.ndarray:
        """The price of each good at each tariff."""
        return self.table[good, tariff]


def price_list(*, year: int, first_year: int) -> PriceList:
    """The list in force in a year: services dearer each year, rounded to ten fen."""
    base = goods().price
    factor = np.where(np.arange(len(base)) < goods().first_drug, (1 + _PRICE_GROWTH) ** (year - first_year), 1.0)
    return PriceList((np.rint(base * factor[:, None] / _ROUND_TO) * _ROUND_TO).astype(np.int64))


def totals(charged: Lines, encounters: int) -> np.ndarray:
    """[encounter, bucket] fen charged."""
    bucket = BUCKET[goods().category[charged.good]]
    place = charged.encounter * len(BUCKETS) + bucket
    sums = np.bincount(place, weights=charged.amount, minlength=encounters * len(BUCKETS))
    return np.rint(sums).astype(np.int64).reshape(encounters, len(BUCKETS))


def spread(charged: Lines, fund: np.ndarray) -> np.ndarray:
    """Each encounter's fund payment over its lines in proportion, summing to it exactly (lines by encounter)."""
    total = np.rint(np.bincount(charged.encounter, weights=charged.amount, minlength=len(fund))).astype(np.int64)
    running = np.cumsum(charged.amount)
    before = np.concatenate([[0], np.cumsum(total)[:-1]])[charged.encounter]
    share_until = (running - before) * fund[charged.encounter] // np.maximum(total[charged.encounter], 1)
    first = np.ones(len(charged), dtype=bool)
    first[1:] = charged.encounter[1:] != charged.encounter[:-1]
    previous = np.where(first, 0, np.concatenate([[0], share_until[:-1]]))
    return share_until - previous


def columns(
    charged: Lines, encounters: Encounters, *, stamp: int, fund: np.ndarray, prescriber: np.ndarray, world: World,
    renamed: Mapping[int, str],
) -> Mapping[str, Any]:  # fmt: skip
    """The charge table of a month; fund: by line; prescriber: staff index by encounter; renamed: the name that planted
    lines of a mark go by."""
    listed, take = goods(), pa.array(charged.encounter)
    name = charged.good.copy()
    for place, mark in enumerate(renamed, start=len(listed.names)):
        name[charged.planted == mark] = place
    return {
        "charge_id": numbered("C", charge_numbers(stamp, len(charged)), 12),
        "encounter_id": encounters.ids.take(take),
        "resident_id": world.resident(encounters.resident).take(take),
        "institution_id": world.institution(encounters.institution[charged.encounter]),
        "day": charged.day,
        "item_code": coded(charged.good, listed.codes),
        "item_name": coded(name, [*listed.names, *renamed.values()]),
        "category": coded(listed.category[charged.good], CATEGORIES),
        "quantity": charged.quantity.astype(float),
        "unit_price_fen": charged.price,
        "amount_fen": charged.amount,
        "fund_fen": fund,
        "prescriber_id": staff_ids(prescriber).take(take),
    }


def charge_numbers(stamp: int, count: int) -> np.ndarray:
    """Numbers in the ids of a month's charges, in the order of its charged."""
    return stamp * 100_000_000 + np.arange(count)
