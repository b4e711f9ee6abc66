"""Numbers as people read them: 35.2%, 1,234 元, 2.31 人/万常住人口; "—" where there is none."""

from dataclasses import dataclass

from django.utils.translation import pgettext

from yigongti.kernel import money
from yigongti.kernel.rules.units import UNITS

NONE = "—"
_BARE = {"", "coefficient", "yes_no", "code"}


@dataclass(frozen=True)
class Scale:
    """How the values of a unit are drawn and written: value × factor, with a suffix."""

    factor: float
    suffix: str


def scale(unit: str) -> Scale:
    """ "ratio" → × 100 and "%"; "fen" → yuan; any other unit keeps its value and is named after it."""
    if unit == "ratio":
        return Scale(100, "%")
    if unit == "fen":
        return Scale(1 / 100, " " + unit_label("yuan"))
    return Scale(1, "" if unit in _BARE else " " + unit_label(unit))


def unit_label(unit: str) -> str:
    """A unit of `kernel.rules.units` in the reader's language; a unit it does not have is shown as it is."""
    return pgettext(unit, UNITS.get(unit, unit)) if unit else ""


def shown(value: float | None, *, unit: str = "") -> str:
    """A value with its unit; ratios are fractions (0.352 → 35.2%)."""
    if value is None:
        return NONE
    return f"{bare(value, unit=unit)}{scale(unit).suffix}"


def bare(value: float | None, *, unit: str = "") -> str:
    """A value without its unit: percentages with one decimal, others as `digits` has them."""
    if value is None:
        return NONE
    scaled = value * scale(unit).factor
    return f"{scaled:.1f}" if unit == "ratio" else digits(scaled)


def digits(value: float) -> str:
    """Thousands separated: whole numbers whole, below 100 two decimals, below 1,000 one, above none."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    places = 2 if abs(value) < 100 else 1 if abs(value) < 1_000 else 0
    return f"{value:,.{places}f}"


def yuan(fen: int | None) -> str:
    """Fen as yuan with two decimals and separators; money is kept in fen everywhere."""
    return NONE if fen is None else f"{money.yuan(fen)} {unit_label('yuan')}"


def in_yuan(value: float | None) -> str:
    """Yuan with two decimals and separators, without the unit."""
    return NONE if value is None else f"{value:,.2f}"
