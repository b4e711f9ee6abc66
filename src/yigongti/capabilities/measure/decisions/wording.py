"""Values as a warning writes them."""

from yigongti.kernel.rules import UNITS


def written(value: float, unit: str) -> str:
    """A value with its unit: 35.2%, 4,812 元, 2.31 人/万常住人口."""
    return percent(value) if unit == "ratio" else f"{_digits(value)} {UNITS.get(unit, unit)}"


def percent(share: float) -> str:
    """0.352 → 35.2%, 0.05 → 5%."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def _digits(value: float) -> str:
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
