"""Small expressions that detectors and stages share."""

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from yigongti.kernel.rules import CodeSet


def in_codes(column: ir.StringValue, codes: CodeSet) -> ir.BooleanValue:
    """Whether a code is in a set, by the prefixes of its ranges; false for a null code."""
    tests = [column.left(len(each.first)).between(each.first, each.last) for each in codes.ranges]
    return reduce(or_, tests).fill_null(False)


def days_between(earlier: ir.DateValue, later: ir.DateValue) -> ir.IntegerValue:
    """Days from one day to another; 0 when they are the same."""
    return later.delta(earlier, unit="day")


def principal(dx: ir.ArrayValue) -> ir.StringValue:
    """The category (three characters) of the principal diagnosis."""
    return dx[0].left(3)


def keyed(table: str, column: ir.StringValue) -> ir.StringValue:
    """The name under which evidence refers to a row: "stay:S0001"."""
    return ibis.literal(f"{table}:") + column
