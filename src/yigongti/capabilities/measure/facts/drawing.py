"""Small strokes that several relations share."""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from yigongti.kernel.rules import CodeRange, CodeSet


def in_codes(column: ir.StringValue, codes: CodeSet) -> ir.BooleanValue:
    """Whether a code is in a set, by the prefixes of its ranges; null for a null code."""
    return reduce(or_, [_in_range(column, each) for each in codes.ranges])


def holds_any(column: ir.ArrayValue, codes: CodeSet) -> ir.BooleanValue:
    """Whether a list holds any of the codes of a set without ranges."""
    return reduce(or_, [column.contains(each.first) for each in codes.ranges])


def age_on(day: ir.DateValue, born: ir.DateValue) -> ir.IntegerValue:
    """Completed years of life on a day; someone born on 29 February is a year older from 1 March."""
    before_birthday = (day.month() * 100 + day.day()) < (born.month() * 100 + born.day())
    return day.year() - born.year() - before_birthday.cast("int64")


def microseconds_between(earlier: ir.TimestampValue, later: ir.TimestampValue) -> ir.IntegerValue:
    """Microseconds from one instant to another: exact, so that a deadline is met to the instant."""
    return later.delta(earlier, unit="microsecond")


def microseconds(duration: timedelta) -> int:
    """A duration in the same unit."""
    return duration // timedelta(microseconds=1)


def flagged(rows: ir.Table, found: ir.Table, *, on: str | Sequence[str], name: str) -> ir.Table:
    """Rows with a column that says whether their key is among those found."""
    keys = [on] if isinstance(on, str) else list(on)
    known = found.select(*keys).distinct().mutate(**{name: ibis.literal(True)})
    known = known.rename({f"{key}_found": key for key in keys})
    joined = rows.left_join(known, [rows[key] == known[f"{key}_found"] for key in keys])
    return joined.drop(*(f"{key}_found" for key in keys)).mutate(**{name: joined[name].fill_null(False)})


def _in_range(column: ir.StringValue, codes: CodeRange) -> ir.BooleanValue:
    if codes.first == codes.last:
        return column.startswith(codes.first)
    first, last = (column.left(len(end)) for end in (codes.first, codes.last))
    return (first >= codes.first) & (last <= codes.last)
