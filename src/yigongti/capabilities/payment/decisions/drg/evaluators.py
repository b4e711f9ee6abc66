"""Conditions as functions from some cases to one flag a case: the parts a compiled condition is put together from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from yigongti.capabilities.payment.decisions.drg.view import View
from yigongti.capabilities.payment.decisions.drg.vocabulary import Flags

Evaluator = Callable[[View], Flags]
"""Every call gives a fresh array: whoever asked may write into it."""

ANY_CODE = np.uint64(1)
_COMPARE = {
    "<": np.less, "<=": np.less_equal, "==": np.equal, ">=": np.greater_equal, ">": np.greater,
}  # fmt: skip


def always(holds: bool) -> Evaluator:
    """The same of every case."""
    return lambda view: np.full(view.size, holds)


def all_of(parts: Sequence[Evaluator]) -> Evaluator:
    """Every part holds; later parts are not asked when no case is left."""
    first, *rest = parts or [always(True)]

    def evaluate(view: View) -> Flags:
        flags = first(view)
        for part in rest:
            if not flags.any():
                break
            flags &= part(view)
        return flags

    return evaluate


def any_of(parts: Sequence[Evaluator]) -> Evaluator:
    """At least one part holds."""
    first, *rest = parts or [always(False)]

    def evaluate(view: View) -> Flags:
        flags = first(view)
        for part in rest:
            flags |= part(view)
        return flags

    return evaluate


def none_of(part: Evaluator) -> Evaluator:
    """The part does not hold."""
    return lambda view: ~part(view)


def number_in(column: str, members: Flags) -> Evaluator:
    """The code numbered in a column is in a list, given as one flag a number."""
    return lambda view: members[view[column]]


def bits_in(column: str, mask: np.unsignedinteger[Any]) -> Evaluator:
    """A bit set has any of the mask's bits."""
    return lambda view: (view[column] & mask) != 0


def has_procedures(present: bool) -> Evaluator:
    """There are procedures, known or not; or there are none."""
    return lambda view: ((view["any_procedure.0"] & ANY_CODE) != 0) == present


def at_least(least: int, *, role: str, masks: Mapping[int, np.uint64]) -> Evaluator:
    """At least so many of the lists are hit; masks: word → the bits of the lists in it."""

    def evaluate(view: View) -> Flags:
        hits = np.zeros(view.size, np.int64)
        for word, mask in masks.items():
            hits += np.bitwise_count(view[f"{role}.{word}"] & mask)
        return hits >= least

    return evaluate


def compared(column: str, symbol: str, number: float) -> Evaluator:
    """A number against a constant; false where the case has none (not a number)."""
    if symbol == "!=":
        return lambda view: (view[column] != number) & ~np.isnan(view[column])
    compare = _COMPARE[symbol]
    return lambda view: compare(view[column], number)
