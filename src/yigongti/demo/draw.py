"""Random draws: an independent stream for each purpose, so that a change in one part moves nothing in another."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

Ints = np.ndarray
Reals = np.ndarray


@dataclass(frozen=True)
class Streams:
    """Streams of one seed; `of("visits", 3)` is always the same stream of the same seed."""

    seed: int

    def of(self, *purpose: object) -> np.random.Generator:
        """The stream of a purpose, from its beginning."""
        key = [crc32(str(part).encode()) for part in purpose]
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=key)))


def cumulative(weights: np.ndarray) -> Reals:
    """Rows of non-negative weights to rows of cumulative shares that end in 1 (a row of zeros means its last place)."""
    rows = np.atleast_2d(np.asarray(weights, dtype=float))
    totals = rows.sum(axis=1, keepdims=True)
    shares = np.cumsum(rows, axis=1) / np.where(totals > 0, totals, 1)
    shares[:, -1] = 1.0
    return shares


def choose(rng: np.random.Generator, shares: Reals, groups: Ints) -> Ints:
    """For each element draw a column of its group's row in `shares` (as `cumulative` gives them)."""
    rows, width = shares.shape
    ladder = (shares + np.arange(rows)[:, None]).ravel()
    places = np.searchsorted(ladder, groups + rng.random(len(groups)), side="right")
    return np.minimum(places - groups * width, width - 1).astype(np.int32)


def choose_one(rng: np.random.Generator, weights: np.ndarray, count: int) -> Ints:
    """`count` draws of a column by one row of weights."""
    return choose(rng, cumulative(weights), np.zeros(count, dtype=np.int64))


def repeat(counts: Ints) -> tuple[Ints, Ints]:
    """(owner, position within the owner) of a ragged array whose owners have `counts` members."""
    owner = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - firsts[owner]


def whole(rng: np.random.Generator, amounts: Reals) -> Ints:
    """Round to a whole number up or down by chance, so that the mean is kept."""
    return np.floor(amounts + rng.random(len(amounts))).astype(np.int64)


def nth_of_group(*keys: np.ndarray) -> Ints:
    """For each element its place (0, 1, 2 …) among the elements with the same keys, in the order given."""
    order = np.lexsort(keys[::-1])
    fresh = np.ones(len(order), dtype=bool)
    for key in keys:
        sorted_key = key[order]
        fresh[1:] &= sorted_key[1:] == sorted_key[:-1]
    fresh[1:], fresh[:1] = ~fresh[1:], True
    positions = np.arange(len(order))
    starts = np.maximum.accumulate(np.where(fresh, positions, 0))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = positions - starts
    return place
