"""What a rule can be worth: exact numbers, bands, tables and code sets, each read strictly from text.

`read_value(raw, kind=…, unit=…)` takes what stands in a rule file (or what a person typed for a what-if) and
returns the value, or raises ValueError with a Chinese sentence that says what does not fit.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import Any, Generic, TypeVar

Exact = int | Decimal
"""Numbers in rules are exact: an int, or a Decimal with the digits as written."""
Point = Exact | Fraction | float
"""A place on the axis of bands."""
_End = TypeVar("_End", Exact, float)

_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_SHARE = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*([%％‰])$")
_CODE = re.compile(r"^[\w.+*/]+$")
_PER = {"%": Decimal("0.01"), "％": Decimal("0.01"), "‰": Decimal("0.001")}
_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_LARGEST_RATIO = 10
_BAND_KEYS = {"from", "above", "below", "up_to", "value", "label"}


@dataclass(frozen=True)
class Stretch(Generic[_End]):
    """One stretch of an axis; an end of None is open, `*_included` says whose the end is."""

    low: _End | None
    low_included: bool
    high: _End | None
    high_included: bool

    def contains(self, point: Point) -> bool:
        """Whether a point of the axis lies in the stretch; 3 of 5 is 60 %, however a float holds it."""
        at = _exactly(point)
        low, high = (None if end is None else _exactly(end) for end in (self.low, self.high))
        above = low is None or at > low or (self.low_included and at == low)
        below = high is None or at < high or (self.high_included and at == high)
        return above and below


@dataclass(frozen=True)
class Band(Stretch[Exact]):
    """A stretch and what holds there."""

    value: Exact | str | None = None
    label: str = ""


def _exactly(point: Point) -> Fraction | float:
    """A number as it is written; what is not finite stays a float."""
    return Fraction(str(point)) if isfinite(point) else float(point)


@dataclass(frozen=True)
class CodeRange:
    """Codes from `first` to `last`, both with everything below them (I20-I25 holds I21.901)."""

    first: str
    last: str

    def __contains__(self, code: str) -> bool:
        return self.first <= code[: len(self.first)] and code[: len(self.last)] <= self.last


@dataclass(frozen=True)
class CodeSet:
    """A set of codes given by ranges, in named groups; the group of a plain list is ""."""

    groups: Mapping[str, tuple[CodeRange, ...]]

    @property
    def ranges(self) -> tuple[CodeRange, ...]:
        """All ranges, group after group, for a query that compares prefixes."""
        return tuple(each for ranges in self.groups.values() for each in ranges)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and self.group_of(code) is not None

    def group_of(self, code: str) -> str | None:
        """The first group that holds the code, else None."""
        return next((name for name, ranges in self.groups.items() if any(code in each for each in ranges)), None)


Table = Mapping[str, Any]
Value = int | Decimal | bool | CodeSet | tuple[Band, ...] | Table


def read_value(raw: object, *, kind: str, unit: str) -> Value:
    """The value of a rule from text, number, list or mapping.  Raises ValueError (Chinese) when it does not fit."""
    value = _READERS[kind](raw)
    if kind == "duration" and isinstance(value, int | Decimal) and value < 0:
        raise ValueError(f"{raw} 是负数,时长不能为负")
    if unit in ("month", "year") and kind == "duration" and not isinstance(value, int):
        raise ValueError(f"以月或年为单位的时长必须是整数,写的是 {raw}")
    if unit == "fen" and kind == "money" and not isinstance(value, int):
        raise ValueError(f"以分为单位的金额必须是整数,写的是 {raw}")
    return value


def exact(raw: object) -> Exact:
    """An exact number from text or a Python number.  Raises ValueError on anything else."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise ValueError(f"应为一个数,写的是 {raw!r}")
    text = str(raw).strip()
    if not _NUMBER.match(text):
        raise ValueError(f"“{text}”不是数(不要带单位、逗号或百分号)")
    return Decimal(text) if "." in text else int(text)


def _ratio(raw: object) -> Exact:
    match = _SHARE.match(raw.strip()) if isinstance(raw, str) else None
    value: Exact = _tidy(Decimal(match[1]) * _PER[match[2]]) if match else exact(raw)
    if not -_LARGEST_RATIO <= value <= _LARGEST_RATIO:
        raise ValueError(f"比例 {raw} 过大,是否漏写了百分号?请写成 {raw}% 或小数")
    return value


def _tidy(number: Decimal) -> Exact:
    return int(number) if number == number.to_integral_value() else number.normalize()


def _yes_no(raw: object) -> bool:
    found = _YES_NO.get(str(raw).strip().lower())
    if found is None:
        raise ValueError(f"应为 是 或 否,写的是 {raw!r}")
    return found


def _bands(raw: object) -> tuple[Band, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise ValueError("分段应为一个列表,每段写 from/above、below/up_to 和 value")
    bands = tuple(_band(each) for each in raw)
    for lower, upper in pairwise(bands):
        if lower.high is None or lower.high != upper.low or lower.high_included == upper.low_included:
            raise ValueError(f"相邻两段在 {lower.high} 处没有首尾相接(有空隙或重叠)")
    return bands


def _band(raw: object) -> Band:
    if not isinstance(raw, Mapping) or not set(raw) <= _BAND_KEYS:
        raise ValueError(f"分段里只能写 from、above、below、up_to、value、label,写的是 {raw!r}")
    if {"from", "above"} <= set(raw) or {"below", "up_to"} <= set(raw):
        raise ValueError("同一段里 from 与 above、below 与 up_to 只能各写一个")
    low, high = (_end(raw, *names) for names in (("from", "above"), ("up_to", "below")))
    if low is not None and high is not None and Decimal(low) > high:
        raise ValueError(f"一段的下限 {low} 大于上限 {high}")
    value = _cell(raw["value"]) if "value" in raw else None
    return Band(low, "from" in raw, high, "up_to" in raw, value, str(raw.get("label", "")))


def _end(raw: Mapping[str, object], *names: str) -> Exact | None:
    return next((_ratio_or_number(raw[name]) for name in names if raw.get(name) is not None), None)


def _ratio_or_number(raw: object) -> Exact:
    return _ratio(raw) if isinstance(raw, str) and _SHARE.match(raw.strip()) else exact(raw)


def _cell(raw: object) -> Exact | str:
    try:
        return _ratio_or_number(raw)
    except ValueError:
        if not isinstance(raw, str) or not raw.strip():
            raise
        return raw.strip()


def _table(raw: object) -> Table:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("表应写成 名称: 数值,或 行名: {列名: 数值}")
    rows = {str(key): _row(cell) if isinstance(cell, Mapping) else _cell(cell) for key, cell in raw.items()}
    shapes = {tuple(cell) if isinstance(cell, Mapping) else () for cell in rows.values()}
    if len(shapes) > 1:
        raise ValueError("表的各行列名不一致")
    return rows


def _row(raw: Mapping[object, object]) -> dict[str, Exact | str | None]:
    return {str(key): None if cell is None else _cell(cell) for key, cell in raw.items()}


def _code_set(raw: object) -> CodeSet:
    if isinstance(raw, Mapping):
        return CodeSet({str(name): _ranges(codes) for name, codes in raw.items()})
    return CodeSet({"": _ranges(raw)})


def _ranges(raw: object) -> tuple[CodeRange, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise ValueError(f"编码集应为一个列表,每项一个编码或区间(如 I20-I25),写的是 {raw!r}")
    return tuple(_range(str(each)) for each in raw)


def _range(text: str) -> CodeRange:
    first, _, last = (part.strip() for part in text.partition("-"))
    last = last or first
    if not (_CODE.match(first) and _CODE.match(last)) or first > last or len(first) != len(last):
        raise ValueError(f"“{text}”不是编码,也不是由小到大、同样长短的编码区间")
    return CodeRange(first, last)


_READERS: Mapping[str, Callable[[object], Value]] = {
    "number": exact, "money": exact, "duration": exact, "ratio": _ratio, "yes_no": _yes_no, "bands": _bands,
    "table": _table, "code_set": _code_set,
}  # fmt: skip
