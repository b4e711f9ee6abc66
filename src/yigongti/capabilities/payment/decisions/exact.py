"""Exact arithmetic of scores: integers of ten-thousandths, as money is integers of fen; a half goes up."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

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


def summed(values: Ints, at: NDArray[np.integer], size: int) -> Ints:
    """Σ values by place, exact whatever the order: by halves of 24 bits, so that no partial sum is rounded."""
    low, high = values & 0xFFFFFF, values >> 24
    lows = np.bincount(at, weights=low, minlength=size)[:size].astype(np.int64)
    highs = np.bincount(at, weights=high, minlength=size)[:size].astype(np.int64)
    found: Ints = (highs << 24) + lows
    return found
