"""A target and whether a value meets it."""

from dataclasses import dataclass

from yigongti.kernel.indicators.declaration import Better
from yigongti.kernel.rules import Band, RuleVersion, Stretch

_LOW_SIGNS = (">=", ">", "=")
_HIGH_SIGNS = ("<=", "<", "=")
_BY_DIRECTION = {"higher": ">=", "lower": "<=", "within": "="}


@dataclass(frozen=True)
class Target(Stretch[float]):
    """The stretch in which a value meets its target; `text` as people read it: ≥35%."""

    text: str


def target_of(version: RuleVersion, *, better: Better, about: RuleVersion | None = None) -> Target:
    """The target that a rule version sets.

    A rule of bands sets the stretch from its first to its last band; a number sets one end, by its comparator or
    else by the indicator's direction; “about” (~) sets the end, or both, the share `about` of the number away from it.
    """
    if version.kind == "bands":
        return _between(version.bands[0], version.bands[-1], version.text)
    if version.kind == "yes_no":
        return Target(float(version.is_on), True, None, True, version.text)
    number, sign = float(version.number), version.comparator or _BY_DIRECTION[better]
    if sign == "~":
        away = abs(number) * (float(about.number) if about else 0.0)
        low = None if better == "lower" else number - away
        high = None if better == "higher" else number + away
        return Target(low, True, high, True, version.text)
    return Target(
        number if sign in _LOW_SIGNS else None,
        sign != ">",
        number if sign in _HIGH_SIGNS else None,
        sign != "<",
        version.text,
    )


def _between(first: Band, last: Band, text: str) -> Target:
    low = None if first.low is None else float(first.low)
    high = None if last.high is None else float(last.high)
    return Target(low, first.low_included, high, last.high_included, text)
