"""The stays of the period with their diagnoses, procedures, ways of leaving and referrals — all but the money."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.care.admissions import Admissions, all_of_the_period
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
    free = ~np.isin(np.arange(len(usual)), np.concatenate([linked.before_of, linked.after_of]))
    usual, cut = split(usual, world, allowed=free & ~linked.down)
    doubled = overlapping(usual, world, allowed=free & ~np.isin(np.arange(len(usual)), cut.of))
    count = len(usual)
    added = [linked.before, linked.after, cut.stays, doubled.stays]
    owners = [linked.before_of, linked.after_of, cut.of, doubled.of]
    found = usual
    for part in added:
        found = found.also(part)
    order = np.lexsort((found.discharged, found.resident, found.admitted))
    now_at = np.empty(len(found), dtype=np.int64)
    now_at[order] = np.arange(len(found))
    firsts = count + np.cumsum([0, *(len(part) for part in added)])
    moved = [(now_at[owner], now_at[start : start + len(owner)]) for owner, start in zip(owners, firsts, strict=False)]
    up, down = (np.zeros(len(found), dtype=bool) for _ in range(2))
    up[now_at[:count]], down[now_at[:count]] = linked.up, linked.down
    return _completed(found.take(order), world, up, down, moved)


def _completed(
    each: Admissions, world: World, up: np.ndarray, down: np.ndarray, moved: list[tuple[np.ndarray, np.ndarray]]
) -> Stays:
    rng = world.streams.of("stays")
    (hospital, earlier), (source, later), cut, doubled = moved
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
