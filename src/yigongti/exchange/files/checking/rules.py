"""The dictionary's rules over typed columns; each gives the rows that break it and the words for one of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.exchange.files.checking import words
from yigongti.exchange.files.checking.words import Why
from yigongti.kernel import clock
from yigongti.kernel.facts import Column, FactTable, Kind, Product, Sum

ID_LENGTH, TEXT_LENGTH = 64, 200
COUNTABLE = (Kind.INTEGER, Kind.FEN, Kind.NUMBER)


@dataclass(frozen=True)
class Finding:
    """rows: which rows break a rule; column: where; why: the words for the row of that number."""

    column: str
    rows: np.ndarray
    why: Callable[[int], Why]


Columns = Mapping[str, pa.Array]


def findings(table: FactTable, columns: Columns) -> Iterator[Finding]:
    """Every rule that some row of the batch breaks (nulls break none of these)."""
    for column in table.columns:
        if column.name in columns:
            yield from _of_column(column, columns[column.name])
    for earlier, later in table.orders:
        yield from _order(table, earlier, later, columns)
    for total in table.sums:
        yield from _sum(table, total, columns)
    for product in table.products:
        yield from _product(table, product, columns)


def broken(mask: pa.Array) -> np.ndarray:
    """Row numbers where a comparison is true (null is not)."""
    return np.flatnonzero(mask.fill_null(False).to_numpy(zero_copy_only=False))


def _found(column: str, mask: pa.Array, why: Callable[[int], Why]) -> Iterator[Finding]:
    if pc.any(mask).as_py():
        yield Finding(column, broken(mask), why)


def _of_column(column: Column, values: pa.Array) -> Iterator[Finding]:
    if column.kind in (*COUNTABLE, Kind.DAY, Kind.INSTANT):
        yield from _bounds(column, values)
    if column.kind in (Kind.DAY, Kind.INSTANT) and not column.future:
        yield from _future(column, values)
    if column.kind is Kind.TEXT:
        longest = ID_LENGTH if column.refers or column.name.endswith("_id") else TEXT_LENGTH
        too_long = pc.greater(pc.utf8_length(values), longest)
        yield from _found(column.name, too_long, lambda row: words.too_long(column, longest))


def _bounds(column: Column, values: pa.Array) -> Iterator[Finding]:
    for bound, compare in ((column.low, pc.less), (column.high, pc.greater)):
        if bound is not None:
            limit = pa.scalar(_comparable(bound, column.kind), values.type)
            yield from _found(column.name, compare(values, limit), lambda row: words.out_of_bounds(column))


def _comparable(bound: object, kind: Kind) -> object:
    if kind is Kind.INSTANT and isinstance(bound, date):
        return datetime(bound.year, bound.month, bound.day, tzinfo=clock.COUNTY_TIME)
    return int(bound) if kind in (Kind.INTEGER, Kind.FEN) and isinstance(bound, float) else bound


def _future(column: Column, values: pa.Array) -> Iterator[Finding]:
    """A day after today; an instant after the end of today, since clocks differ by minutes."""
    today = clock.today()
    limit = today if column.kind is Kind.DAY else _comparable(today + timedelta(days=1), Kind.INSTANT)
    after = pc.greater if column.kind is Kind.DAY else pc.greater_equal
    yield from _found(
        column.name, after(values, pa.scalar(limit, values.type)), lambda row: words.in_future(column, today)
    )


def _order(table: FactTable, earlier: str, later: str, columns: Columns) -> Iterator[Finding]:
    if earlier in columns and later in columns:
        wrong = pc.less(columns[later], columns[earlier])
        yield from _found(later, wrong, lambda row: words.disordered(table, earlier, later))


def _sum(table: FactTable, rule: Sum, columns: Columns) -> Iterator[Finding]:
    if not {*rule.parts, rule.total} <= set(columns):
        return
    total, parts = columns[rule.total], columns[rule.parts[0]]
    for name in rule.parts[1:]:
        parts = pc.add(parts, columns[name])
    wrong = pc.not_equal(parts, total) if rule.exact else pc.greater(parts, total)
    yield from _found(
        rule.total, wrong, lambda row: words.not_adding_up(table, rule, total[row].as_py(), parts[row].as_py())
    )


def _product(table: FactTable, rule: Product, columns: Columns) -> Iterator[Finding]:
    if not {rule.quantity, rule.unit, rule.total} <= set(columns):
        return
    total = columns[rule.total]
    product = pc.round(pc.multiply(columns[rule.quantity], columns[rule.unit].cast(pa.float64())))
    wrong = pc.greater(pc.abs(pc.subtract(product, total.cast(pa.float64()))), float(rule.within))
    yield from _found(
        rule.total,
        wrong,
        lambda row: words.not_the_product(table, rule, int(product[row].as_py()), total[row].as_py()),
    )
