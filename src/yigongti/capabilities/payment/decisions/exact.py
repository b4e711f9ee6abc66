"""Exact arithmetic of scores: integers of ten-thousandths, as money is integers of fen; a half goes up.  Days too."""

from fractions import Fraction

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yigongti.kernel.money import allocate

E4 = 10_000
"""One: a score, a coefficient or a ratio in ten-thousandths."""

Ints = NDArray[np.int64]


def half_up(value: Fraction) -> int:
    """The nearest integer; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def e4(value: Fraction) -> int:
    """A number in ten-thousandths."""
    return half_up(value * E4)


def divided(numerator: Ints, denominator: Ints | int) -> Ints:
    """Integer division of whole columns, a half up; numerators ≥ 0, denominators > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def day_numbers(days: pa.ChunkedArray) -> Ints:
    """Days as integers, one apart from day to day."""
    return np.asarray(days.cast(pa.date32()).cast(pa.int32()).to_numpy(), np.int64)


def summed(values: Ints, at: NDArray[np.integer], size: int) -> Ints:
    """Σ values by place, exact whatever the order: by halves of 24 bits, so that no partial sum is rounded."""
    low, high = values & 0xFFFFFF, values >> 24
    lows = np.bincount(at, weights=low, minlength=size)[:size].astype(np.int64)
    highs = np.bincount(at, weights=high, minlength=size)[:size].astype(np.int64)
    found: Ints = (highs << 24) + lows
    return found


_HALF, _FIT = 20, 1 << 40


def shared_out(total: int, weights: Ints) -> Ints:
    """`kernel.money.allocate` for a whole column: largest remainder, ties to the earlier place; all zero: nothing.

    Products are built from halves, so that none leaves 64 bits; what is too large even so goes the plain way.
    """
    whole = int(weights.sum())
    if not whole or not total:
        return np.zeros(len(weights), np.int64)
    if total < 0:
        return np.negative(shared_out(-total, weights))
    if max(total, int(weights.max())) >= _FIT or whole >= 4 * _FIT:
        return np.array(allocate(total, weights.tolist()), np.int64)
    above, left = np.divmod(total * (weights >> _HALF), whole)
    low = (left << _HALF) + total * (weights & ((1 << _HALF) - 1))
    shares = (above << _HALF) + low // whole
    largest = np.argsort(-(low % whole), kind="stable")[: total - int(shares.sum())]
    shares[largest] += 1
    found: Ints = shares
    return found
