"""Values as people read them."""

from collections.abc import Mapping
from decimal import Decimal

from yigongti.kernel.rules.units import UNITS
from yigongti.kernel.rules.values import Band, CodeRange, CodeSet, Exact, Value


def in_words(value: Value, *, unit: str) -> str:
    """A value of any kind as people read it: 81%, 4 次/年, 8,000—20,000 人/站, I00–I99、C00–C97."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Decimal):
        return _number(value, unit=unit)
    if isinstance(value, CodeSet):
        return "、".join(_range_text(each) for each in value.ranges)
    if isinstance(value, tuple):
        return ";".join(_band_text(band, unit=unit) for band in value)
    return ";".join(f"{key}:{_cell_text(cell)}" for key, cell in value.items())


def _range_text(codes: CodeRange) -> str:
    return codes.first if codes.first == codes.last else f"{codes.first}–{codes.last}"


def _cell_text(cell: object) -> str:
    return "、".join(f"{key} {each}" for key, each in cell.items()) if isinstance(cell, Mapping) else str(cell)


def _number(value: Exact, *, unit: str) -> str:
    if unit == "ratio":
        return f"{(Decimal(value) * 100).normalize():f}%"
    return f"{value:,}" if unit == "coefficient" else f"{value:,} {UNITS[unit]}"


def _band_text(band: Band, *, unit: str) -> str:
    if band.value is None:
        return _stretch(band, unit=unit)
    value = band.value if isinstance(band.value, str) else _number(band.value, unit=unit)
    return " → ".join(part for part in (_stretch(band, unit="coefficient"), band.label, value) if part)


def _stretch(band: Band, *, unit: str) -> str:
    low = None if band.low is None else _number(band.low, unit=unit)
    high = None if band.high is None else _number(band.high, unit=unit)
    if low and high and band.low_included and band.high_included:
        return f"{low.partition(' ')[0]}—{high}"
    ends = (low and f"{'≥' if band.low_included else '>'}{low}", high and f"{'≤' if band.high_included else '<'}{high}")
    return " 且 ".join(end for end in ends if end) or "其余"
