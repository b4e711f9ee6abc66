"""The stays of the period with their diagnoses, procedures, ways of leaving and referrals — all but the money."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.admissions import Added, Admissions, all_of_the_period
from yigongti.demo.care.chains import chains
from yigongti.demo.care.diagnoses import UPCODES, diagnose, vocabulary
from yigongti.demo.catalogue import sheet
from yigongti.demo.plants.stays import overlapping, split
from yigongti.demo.world import World

WAYS = ("1", "2", "3", "4", "5", "9")


@dataclass(frozen=True)
class Stays:
    """Stays in order of admission; the index is the number in the id.

    diagnoses: [stay, place] indices into `vocabulary`; operated: the disease's procedure was done; way: index into
    WAYS; up / down: stay came by / left with a referral; by_down: index of the stay whose down-referral led here
    (−1); preceded: index of the stay before in the same referral chain (−1).  upcoded, splits (first, second),
    overlaps (first, second): planted truths by stay index.
    """

    each: Admissions
    diagnoses: np.ndarray
    operated: np.ndarray
    way: np.ndarray
    up: np.ndarray
    down: np.ndarray
    by_down: np.ndarray
    preceded: np.ndarray
    upcoded: np.ndarray
    splits: np.ndarray
    overlaps: np.ndarray

    def __len__(self) -> int:
        return len(self.each)


def stays_of(world: World) -> Stays:
    """All stays discharged in the period."""
    usual = all_of_the_period(world)
    linked = chains(usual, world)
    places = np.arange(len(usual))
    free = ~np.isin(places, np.concatenate([linked.before.of, linked.after.of]))
    usual, cut = split(usual, world, allowed=free & ~linked.down)
    doubled = overlapping(usual, world, allowed=free & ~np.isin(places, cut.of))
    each, now_at, pairs = _merged(usual, [linked.before, linked.after, cut, doubled])
    up, down = np.zeros((2, len(each)), dtype=bool)
    up[now_at], down[now_at] = linked.up, linked.down
    return _completed(each, world, up, down, pairs)


Pair = tuple[np.ndarray, np.ndarray]
"""Indices of usual stays, and of the stays added to them."""


def _merged(usual: Admissions, added: list[Added]) -> tuple[Admissions, np.ndarray, list[Pair]]:
    """(all stays in order of admission, where the usual ones are now, for each kind of addition its pairs)."""
    found, firsts = usual, []
    for part in added:
        firsts.append(len(found))
        found = found.also(part.stays)
    order = np.lexsort((found.discharged, found.resident, found.admitted))
    now_at = np.empty(len(found), dtype=np.int64)
    now_at[order] = np.arange(len(found))
    pairs = [(now_at[part.of], now_at[first : first + len(part.of)]) for part, first in zip(added, firsts, strict=True)]
    return found.take(order), now_at[: len(usual)], pairs


def _completed(each: Admissions, world: World, up: np.ndarray, down: np.ndarray, pairs: list[Pair]) -> Stays:
    rng = world.streams.of("stays")
    (hospital, earlier), (source, later), cut, doubled = pairs
    preceded, by_down = np.full((2, len(each)), -1, dtype=np.int64)
    preceded[hospital], preceded[later], by_down[later] = earlier, source, source
    lines = sheet("diseases")
    operated = rng.random(len(each)) < lines.numbers("chance")[each.disease]
    operated &= (by_down < 0) & ~np.isin(np.arange(len(each)), np.concatenate([earlier, cut[1], cut[0]]))
    operated &= ~world.institutions.primary[each.institution] | (lines.numbers("operation")[each.disease] <= 2)
    diagnoses = diagnose(each, world.people, rng)
    upcoded = _upcode(each, diagnoses, world, rng)
    way = _ways(each, down, rng)
    way[earlier] = WAYS.index("2")
    return Stays(
        each, diagnoses, operated, way, up, down, by_down, preceded, upcoded,
        np.column_stack(cut), np.column_stack(doubled),
    )  # fmt: skip


def _ways(each: Admissions, down: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    luck = rng.random(len(each))
    way = np.select([luck < 0.010, luck < 0.034, luck < 0.040], [WAYS.index("2"), WAYS.index("4"), WAYS.index("9")])
    way = np.where(down, WAYS.index("3"), way)
    return np.where(each.terminal, WAYS.index("5"), way)


def _upcode(each: Admissions, diagnoses: np.ndarray, world: World, rng: np.random.Generator) -> np.ndarray:
    """At one private hospital, in the second half of the period, a serious complication is added to simple cases."""
    half = int(world.calendar.starts[world.calendar.count // 2])
    hospital = world.institutions.of("private_hospital")[0]
    there = np.flatnonzero((each.institution == hospital) & (each.discharged >= half) & ~each.terminal)
    chosen = there[rng.random(len(there)) < 0.3]
    if not len(chosen) and len(there):
        chosen = there[:1]
    added = np.array([vocabulary().index(code) for code in UPCODES])[rng.integers(0, len(UPCODES), len(chosen))]
    new = ~(diagnoses[chosen] == added[:, None]).any(axis=1)
    chosen, added = chosen[new], added[new]
    free = (diagnoses[chosen] < 0).argmax(axis=1)
    diagnoses[chosen, free] = added
    return np.column_stack([chosen, added])
