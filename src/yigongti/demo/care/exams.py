"""Exams: which orders are really done, which recognise an earlier result, who reads them and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.demo.calendar import instant
from yigongti.demo.care.encounters import Encounters, Orders
from yigongti.demo.catalogue import EXAM_KINDS, goods
from yigongti.demo.keys import numbered
from yigongti.demo.tables import NEVER_AT, coded
from yigongti.demo.world import World

WINDOW_DAYS = 31
"""Within so many days a further exam of the same kind counts as a repetition here."""
REASONS = ("病情变化", "疾病演变较快", "手术等重大措施前", "急诊急救", "结果与临床表现不符")
_NOT_ORDERED, _RECOGNISED = 0.62, 0.22
"""Of repetitions so many are not ordered after all, so many recognised; the others are done with a reason."""
_PLANTED = 0.4
"""… or, within a week and at the places where it is planted, done without any."""
_DONE, _RECOGNISE, _REASON, _PLANT, _SKIP = range(5)
_MINUTE = 60
_REPORT_MINUTES = np.array([70, 15, 150, 3500])
_LATE = 0.06


@dataclass
class Memory:
    """The last exams of each (resident, item) in the past month: sorted keys, days and exam numbers."""

    key: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    day: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    number: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    pairs: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Planted repetitions so far: (first exam, second exam) by number."""


@dataclass(frozen=True)
class Resolved:
    """Exams of a month: orders kept, their day, what happened, and the earlier exam concerned (−1 none)."""

    orders: Orders
    day: np.ndarray
    fate: np.ndarray
    earlier: np.ndarray
    number: np.ndarray

    @property
    def charged(self) -> np.ndarray:
        return self.fate != _RECOGNISE


def resolve(
    orders: Orders, encounters: Encounters, *, stamp: int, memory: Memory, planting: np.ndarray,
    rng: np.random.Generator,
) -> Resolved:  # fmt: skip
    """Decide each exam order's fate by what the resident had in the past month, and remember what was done.

    planting: institutions (by index, true) that repeat exams without a reason.
    """
    inside = encounters.last[orders.encounter] - encounters.day[orders.encounter]
    day = encounters.day[orders.encounter] + np.minimum(inside, rng.integers(0, 2, len(orders)))
    key = encounters.resident[orders.encounter].astype(np.int64) << 12 | orders.good
    number = stamp * 10_000_000 + np.arange(len(orders))
    all_key, all_day = np.concatenate([memory.key, key]), np.concatenate([memory.day, day])
    all_number = np.concatenate([memory.number, number])
    order = np.lexsort((all_number, all_day, all_key))
    sorted_fate, sorted_earlier = _fates(
        all_key[order], all_day[order], all_number[order], len(memory.key), order, orders, encounters, planting, rng
    )
    fate, earlier = np.empty(len(order), dtype=np.int8), np.empty(len(order), dtype=np.int64)
    fate[order], earlier[order] = sorted_fate, sorted_earlier
    _remember(memory, all_key, all_day, all_number, fate, order)
    mine, mine_earlier = fate[len(fate) - len(orders) :], earlier[len(fate) - len(orders) :]
    planted = mine == _PLANT
    memory.pairs.append((mine_earlier[planted], number[planted]))
    kept = mine != _SKIP
    return Resolved(orders.take(kept), day[kept], mine[kept], mine_earlier[kept], number[kept])


def _fates(
    key: np.ndarray, day: np.ndarray, number: np.ndarray, remembered: int, order: np.ndarray, orders: Orders,
    encounters: Encounters, planting: np.ndarray, rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Fate and earlier exam of each order, in order of (resident, item), day."""
    new = order >= remembered
    again = np.zeros(len(key), dtype=bool)
    again[1:] = (key[1:] == key[:-1]) & (day[1:] - day[:-1] <= WINDOW_DAYS) & new[1:]
    same_day = np.concatenate([[False], day[1:] == day[:-1]])
    luck = rng.random(len(key))
    fate = np.where(luck < _NOT_ORDERED, _SKIP, np.where(luck < _NOT_ORDERED + _RECOGNISED, _RECOGNISE, _REASON))
    at = np.zeros(len(key), dtype=np.int64)
    at[new] = encounters.institution[orders.encounter[order[new] - remembered]]
    fate = np.where(planting[at] & (luck > 1 - _PLANTED), _PLANT, fate)
    fate = np.where(again, fate, _DONE)
    done = (fate == _DONE) | (fate == _REASON) | (fate == _PLANT)
    last_done = np.maximum.accumulate(np.where(done, np.arange(len(key)), -1))
    before = np.concatenate([[-1], last_done[:-1]]).astype(np.int64)
    gap = day - day[before]
    soon = (gap <= 6) & (before >= 0) & (fate[before] != _PLANT)
    fate = np.where((fate == _PLANT) & ~soon, _REASON, fate)
    fate = np.where(((fate == _RECOGNISE) & (gap > WINDOW_DAYS)) | (again & same_day), _SKIP, fate)
    concerned = (fate == _RECOGNISE) | (fate == _PLANT)
    return fate, np.where(concerned, number[before], -1)


def _remember(
    memory: Memory, key: np.ndarray, day: np.ndarray, number: np.ndarray, fate: np.ndarray, order: np.ndarray
) -> None:
    """Keep the last done exam of each key that is still within the window after this month."""
    done = order[(fate[order] != _SKIP) & (fate[order] != _RECOGNISE)]
    if not len(done):
        return
    last = np.concatenate([key[done][1:] != key[done][:-1], [True]])
    kept = done[last]
    kept = kept[day[kept] >= day.max() - WINDOW_DAYS - 1]
    memory.key, memory.day, memory.number = key[kept], day[kept], number[kept]


@dataclass(frozen=True)
class Reading:
    """Who reads for whom: by institution the reader of images and ECGs, the reader of the rest, and the shares."""

    reader: np.ndarray
    shared: np.ndarray
    slow: np.ndarray


def reading(world: World) -> Reading:
    """Centres and rooms send to their consortium's lead hospital; two townships are not connected yet."""
    institutions = world.institutions
    lead = np.array([i for i, one in enumerate(institutions.each) if one.is_lead])
    count = len(institutions)
    below = institutions.primary & (institutions.consortium >= 0)
    reader = np.where(below, lead[np.maximum(institutions.consortium, 0)], np.arange(count))
    shared = np.zeros((len(EXAM_KINDS), count))
    shared[0, below], shared[1, below], shared[2, below], shared[3] = 0.8, 0.86, 0.3, 1.0
    unconnected = institutions.of("township_center")[[9, 17]]
    shared[:3, unconnected] = 0
    slow = world.streams.of("reading").uniform(0.5, 1.6, count)
    return Reading(reader, shared, slow)


def columns(
    found: Resolved, encounters: Encounters, *, world: World, by: Reading, rng: np.random.Generator
) -> Mapping[str, Any]:
    """The exam table of a month; what is done or reported after the end of the period is not known yet."""
    end = world.calendar.end_instant
    listed, encounter = goods(), found.orders.encounter
    kind, at = listed.exam[found.orders.good], encounters.institution[encounter]
    done = found.fate != _RECOGNISE
    read_by = np.where(rng.random(len(at)) < by.shared[kind, at], by.reader[at], at)
    ordered = instant(found.day, rng.integers(8 * 3600, 17 * 3600, len(at)))
    performed = ordered + rng.integers(5 * _MINUTE, 150 * _MINUTE, len(at))
    minutes = _REPORT_MINUTES[kind] * rng.lognormal(0, 0.6, len(at)) * by.slow[read_by]
    minutes = np.where(
        rng.random(len(at)) < _LATE * by.slow[read_by], minutes + rng.integers(24, 70, len(at)) * 60, minutes
    )
    reported = performed + (minutes * _MINUTE).astype(np.int64)
    reasons = np.where(found.fate == _REASON, rng.integers(0, len(REASONS), len(at)), -1)
    earlier = numbered("E", np.maximum(found.earlier, 0), 11)
    return {
        "exam_id": numbered("E", found.number, 11),
        "resident_id": world.resident(encounters.resident[encounter]),
        "kind": coded(kind, EXAM_KINDS),
        "item_code": coded(found.orders.good, listed.codes),
        "ordered_by": world.institution(at),
        "read_by": world.institution(np.where(done, read_by, -1)),
        "ordered_at": ordered,
        "done_at": np.where(done & (performed < end), performed, NEVER_AT),
        "reported_at": np.where(done & (reported < end), reported, NEVER_AT),
        "critical": done & (rng.random(len(at)) < 0.007),
        "recognised_exam_id": pc.if_else(pa.array(found.fate == _RECOGNISE), earlier, None),
        "repeat_reason": coded(reasons, REASONS),
    }
