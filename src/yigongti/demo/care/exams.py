"""Exams: which orders are really done, which recognise an earlier result, who reads them and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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
_PLANTED_WITHIN = 6
_A_MONTH = 10_000_000
_DONE, _RECOGNISE, _REASON, _PLANT, _SKIP = range(5)
_MINUTE = 60
_REPORT_MINUTES = np.array([70, 15, 150, 3500])
_LATE = 0.06


@dataclass(frozen=True)
class History:
    """Exams in order of (resident, item), day, number.  key: resident and item in one number; institution: who ordered
    it, −1 for those remembered from the month before."""

    key: np.ndarray
    day: np.ndarray
    number: np.ndarray
    institution: np.ndarray

    def take(self, which: np.ndarray) -> "History":
        """Some of them."""
        return History(*(getattr(self, each.name)[which] for each in fields(self)))

    def also(self, more: "History") -> "History":
        """These and others, in order again."""
        pairs = ((getattr(self, each.name), getattr(more, each.name)) for each in fields(self))
        both = History(*(np.concatenate(pair) for pair in pairs))
        return both.take(np.lexsort((both.number, both.day, both.key)))


_NOTHING = np.empty(0, dtype=np.int64)


@dataclass
class Memory:
    """The last exam of each (resident, item) in the past month, and the planted repetitions so far (first, second)."""

    last: History = field(default_factory=lambda: History(_NOTHING, _NOTHING, _NOTHING, _NOTHING))
    pairs: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)


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
        """Which of them were done, and so are paid."""
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
    number = stamp * _A_MONTH + np.arange(len(orders))
    history = memory.last.also(History(key, day, number, encounters.institution[orders.encounter]))
    fate, earlier = _fates(history, planting, rng)
    _remember(memory, history, fate, earlier)
    new = history.institution >= 0
    mine = np.empty(len(orders), dtype=np.int64)
    mine[history.number[new] - stamp * _A_MONTH] = np.flatnonzero(new)
    kept = fate[mine] != _SKIP
    mine = mine[kept]
    return Resolved(orders.take(kept), day[kept], fate[mine], earlier[mine], number[kept])


def _fates(history: History, planting: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(fate, number of the earlier exam it recognises or repeats, else −1) of each exam of the history."""
    key, day = history.key, history.day
    new = history.institution >= 0
    again, same_day = np.zeros((2, len(key)), dtype=bool)
    again[1:] = (key[1:] == key[:-1]) & (day[1:] - day[:-1] <= WINDOW_DAYS) & new[1:]
    same_day[1:] = again[1:] & (day[1:] == day[:-1])
    luck = rng.random(len(key))
    fate = np.select([luck < _NOT_ORDERED, luck < _NOT_ORDERED + _RECOGNISED], [_SKIP, _RECOGNISE], _REASON)
    fate = np.where(planting[history.institution] & new & (luck > 1 - _PLANTED), _PLANT, fate)
    fate = np.where(same_day, _SKIP, np.where(again, fate, _DONE))
    done = (fate == _DONE) | (fate == _REASON) | (fate == _PLANT)
    last_done = np.maximum.accumulate(np.where(done, np.arange(len(key)), 0))
    before = np.concatenate([[0], last_done[:-1]])
    gap = day - day[before]
    fate = np.where((fate == _PLANT) & ((gap > _PLANTED_WITHIN) | (fate[before] == _PLANT)), _REASON, fate)
    fate = np.where((fate == _RECOGNISE) & (gap > WINDOW_DAYS), _SKIP, fate)
    concerned = (fate == _RECOGNISE) | (fate == _PLANT)
    return fate, np.where(concerned, history.number[before], -1)


def _remember(memory: Memory, history: History, fate: np.ndarray, earlier: np.ndarray) -> None:
    """Keep the last exam of each key that was done and can still be repeated next month; note what was planted."""
    planted = fate == _PLANT
    memory.pairs.append((earlier[planted], history.number[planted]))
    done = history.take((fate != _SKIP) & (fate != _RECOGNISE))
    last = np.concatenate([done.key[1:] != done.key[:-1], np.ones(min(len(done.key), 1), dtype=bool)])
    recent = done.day >= done.day.max(initial=0) - WINDOW_DAYS - 1
    kept = done.take(last & recent)
    memory.last = replace(kept, institution=np.full(len(kept.key), -1))


@dataclass(frozen=True)
class Reading:
    """reader: by institution who reads what it does not read itself; shared: [kind, institution] the share that goes
    there; slow: by institution how slow its readers are."""

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
