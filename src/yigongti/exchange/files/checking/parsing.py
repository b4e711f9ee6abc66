"""Text (or typed values) to a column's own type, whole batches at a time; the odd value is looked at alone.

Every parser returns values of the column's Arrow type, null where the text was empty or bad, and which are bad.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.exchange.files.checking.cleaning import as_text, half_width, trimmed
from yigongti.kernel.facts import Column, Kind

LARGEST = 10**15
"""Amounts beyond ten trillion yuan, and counts as large, are typing errors; it also keeps sums inside 64 bits."""


@dataclass(frozen=True)
class Parsed:
    """values: of the column's type; bad: true where the file gave something that is no such value."""

    values: pa.Array
    bad: np.ndarray


One = Callable[[str], Any]
"""A single text to a value; raises ValueError where it is none."""


def parse(column: Column, given: pa.Array, *, unit: str = "") -> Parsed:
    """The column's values.  unit: "yuan" where an amount is to be turned from yuan into fen."""
    if given.type == column.arrow and unit != "yuan" and column.kind not in (Kind.TEXT, Kind.CODE, Kind.MONTH):
        return _typed(column, given)
    text = trimmed(as_text(_naive_stays_naive(column, given)))
    if column.kind is Kind.TEXT:
        return Parsed(text, _unprintable(text))
    if column.kind is not Kind.LIST or column.choices:  # a list of free words keeps them as they are
        text = half_width(text)
    if column.kind in _BY_DISTINCT:
        return _by_distinct(text, column.arrow, _BY_DISTINCT[column.kind](column))
    fast, one = _FAST["yuan" if unit == "yuan" else column.kind]
    return _optimistic(text, column.arrow, fast, one)


def one_value(column: Column, *, unit: str = "") -> One:
    """The parser of a single text of the column, for explaining what is wrong with it."""
    if column.kind in _BY_DISTINCT:
        return _BY_DISTINCT[column.kind](column)
    return str if column.kind is Kind.TEXT else _FAST["yuan" if unit == "yuan" else column.kind][1]


def _typed(column: Column, given: pa.Array) -> Parsed:
    """Already of the type: only what a type cannot say is looked at."""
    if column.kind is Kind.NUMBER:
        bad = ~np.isfinite(np.nan_to_num(given.to_numpy(zero_copy_only=False), nan=np.inf)) & _valid(given)
        return Parsed(pc.if_else(pa.array(~bad), given, None), bad)
    if column.kind is Kind.LIST:
        return _list_of_choices(column, given)
    if column.kind in (Kind.INTEGER, Kind.FEN):
        bad = (np.abs(given.fill_null(0).to_numpy()) > LARGEST) & _valid(given)
        return Parsed(pc.if_else(pa.array(~bad), given, None), bad)
    return Parsed(given, np.zeros(len(given), dtype=bool))


def _list_of_choices(column: Column, given: pa.Array) -> Parsed:
    filled = pc.fill_null(given, pa.scalar([], column.arrow))
    if not column.choices:
        return Parsed(filled, np.zeros(len(given), dtype=bool))
    return parse(column, pc.binary_join(filled, "|"))


def _naive_stays_naive(column: Column, given: pa.Array) -> pa.Array:
    """A typed instant with a zone becomes UTC text; one without keeps its text without offset, to be refused."""
    if pa.types.is_timestamp(given.type) and given.type.tz and column.kind is Kind.INSTANT:
        return pc.strftime(given.cast(pa.timestamp("us", tz="UTC")), "%Y-%m-%dT%H:%M:%SZ")
    return given


def _valid(values: pa.Array) -> np.ndarray:
    return np.asarray(values.is_valid().to_numpy(zero_copy_only=False), dtype=bool)


def _unprintable(text: pa.Array) -> np.ndarray:
    bad = pc.match_substring(text, "\0").fill_null(False)
    return np.asarray(bad.to_numpy(zero_copy_only=False), dtype=bool)


def _by_distinct(text: pa.Array, kind: pa.DataType, one: One) -> Parsed:
    """Few distinct values in many rows: each is parsed once."""
    encoded = text.dictionary_encode()
    values, bad = [], []
    for value in encoded.dictionary.to_pylist():
        try:
            values.append(one(value))
            bad.append(False)
        except ValueError:
            values.append(None)
            bad.append(True)
    parsed = pa.array(values, kind).take(encoded.indices)
    wrong = np.append(np.array(bad, dtype=bool), False)
    if pa.types.is_list(kind):
        parsed = pc.fill_null(parsed, pa.scalar([], kind))
    return Parsed(parsed, wrong[encoded.indices.fill_null(len(bad)).to_numpy()])


def _optimistic(text: pa.Array, kind: pa.DataType, fast: Callable[[pa.Array], pa.Array], one: One) -> Parsed:
    """The whole batch at once; where that fails, the values that do not look plain are parsed one by one."""
    try:
        return Parsed(fast(text), np.zeros(len(text), dtype=bool))
    except (pa.ArrowInvalid, ValueError):
        return _one_by_one(text, kind, one)


def _one_by_one(text: pa.Array, kind: pa.DataType, one: One) -> Parsed:
    values: list[Any] = []
    bad = np.zeros(len(text), dtype=bool)
    for i, value in enumerate(text.to_pylist()):
        try:
            values.append(None if value is None else one(value))
        except ValueError:
            values.append(None)
            bad[i] = True
    return Parsed(pa.array(values, kind), bad)


def _whole_numbers(text: pa.Array) -> pa.Array:
    values = text.cast(pa.int64())
    if _too_large(values):
        raise ValueError("an amount out of all proportion")
    return values


def _too_large(values: pa.Array) -> bool:
    extremes = pc.min_max(values).as_py()
    return extremes["min"] is not None and max(-extremes["min"], extremes["max"]) > LARGEST


def _fen_of_yuan(text: pa.Array) -> pa.Array:
    """Exact: the unscaled 64 bits of a decimal with two places are the fen."""
    exact = text.cast(pa.decimal128(18, 2))
    words = np.frombuffer(exact.buffers()[1], dtype=np.int64)[2 * exact.offset :][: 2 * len(exact)]
    values = pa.array(words[::2], pa.int64(), mask=~_valid(exact))
    if _too_large(values):
        raise ValueError("an amount out of all proportion")
    return values


def _real_numbers(text: pa.Array) -> pa.Array:
    values = text.cast(pa.float64())
    if not pc.all(pc.is_finite(values), min_count=0).as_py():
        raise ValueError("not a finite number")
    return values


def _instants(text: pa.Array) -> pa.Array:
    return text.cast(pa.timestamp("us", tz="UTC"))


_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def _decimal(text: str) -> Decimal:
    """Raises ValueError; thousands separators and a leading yuan sign are understood."""
    plain = text.removeprefix("¥").removeprefix("￥")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError("not a number of any use")
    return value


def _one_whole(text: str) -> int:
    value = _decimal(text)
    if value != value.to_integral_value():
        raise ValueError("not a whole number")
    return int(value)


def _one_fen_of_yuan(text: str) -> int:
    return _one_whole(str(_decimal(text) * 100))


def _one_real(text: str) -> float:
    value = float(_decimal(text))
    if not isfinite(value):
        raise ValueError("not a finite number")
    return value


def _one_instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text.replace("/", "-"))
    if instant.tzinfo is None:
        raise ValueError("no offset")
    return instant.astimezone(UTC)


_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)
_MONTH = re.compile(r"(\d{4})(?:[-/.年]?(\d{2})|[-/.年](\d))月?(?:[-/.]01(?:[T ]00:00(?::00(?:\.0+)?)?)?)?")


def _one_day(text: str) -> date:
    """2025-01-02, 2025/1/2, 2025.1.2, 20250102, 2025年1月2日, and a spreadsheet's midnight."""
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError("not a day")
    return date(*(int(part) for part in found.groups() if part is not None))


def _one_month(text: str) -> str:
    """2025-07, 2025/7, 202507, 2025年7月."""
    found = _MONTH.fullmatch(text)
    if not found:
        raise ValueError("not a month")
    year, month = (int(part) for part in found.groups() if part is not None)
    return date(year, month, 1).isoformat()[:7]


_FLAGS = {"1": True, "true": True, "是": True, "0": False, "false": False, "否": False}


def _one_flag(text: str) -> bool:
    flag = _FLAGS.get(text.casefold())
    if flag is None:
        raise ValueError("not yes or no")
    return flag


def _choice(column: Column) -> One:
    accepted = _accepted(column.choices)

    def one(text: str) -> str:
        code = accepted.get(text) or accepted.get(text.casefold())
        if code is None:
            raise ValueError("not a choice")
        return code

    return one


def _accepted(choices: Mapping[str, str]) -> dict[str, str]:
    """Code or label → code."""
    return {label: code for code, label in choices.items()} | {code: code for code in choices}


def _list(column: Column) -> One:
    choice = _choice(column) if column.choices else str

    def one(text: str) -> list[str]:
        return [choice(part) for piece in text.split("|") if (part := piece.strip())]

    return one


_BY_DISTINCT: Mapping[Kind, Callable[[Column], One]] = {
    Kind.CODE: _choice,
    Kind.LIST: _list,
    Kind.DAY: lambda column: _one_day,
    Kind.MONTH: lambda column: _one_month,
    Kind.FLAG: lambda column: _one_flag,
}
_FAST: Mapping[str, tuple[Callable[[pa.Array], pa.Array], One]] = {
    Kind.INTEGER: (_whole_numbers, _one_whole),
    Kind.FEN: (_whole_numbers, _one_whole),
    Kind.NUMBER: (_real_numbers, _one_real),
    Kind.INSTANT: (_instants, _one_instant),
    "yuan": (_fen_of_yuan, _one_fen_of_yuan),
}
