"""Red, amber, green or grey for a target: from its measured indicator, its due day and the time that has passed.

Nobody types a light.  On the way to a due day a value is expected on the straight line from where it stood at the
start to the target; behind that line by no more than a share of the way is amber, by more is red.  Without a due day
or a known start, the value is held against the target itself.  What nothing measures is grey.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from yigongti.kernel.decisions import Reason, because
from yigongti.kernel.indicators.declaration import Better
from yigongti.kernel.rules import RuleVersion


class Light(StrEnum):
    """red: far behind or missed; amber: a little behind; green: met or on the way; grey: not measured."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


Why = Literal["unbound", "no_value", "met", "on_the_way", "behind", "far_behind", "near", "missed", "overdue"]


@dataclass(frozen=True)
class Aim:
    """What is wanted: a value in the indicator's unit, its direction, and by when (None: always)."""

    value: float
    better: Better
    due: date | None = None
    strict: bool = False
    upper: float | None = None
    tolerance: float = 0.0

    def is_met(self, value: float) -> bool:
        """Whether a value fulfils it; strict: the value itself is not enough; within: between value and upper;
        tolerance: the share of the value by which it may be missed (左右)."""
        slack = abs(self.value) * self.tolerance
        if self.better == "within":
            high = self.value if self.upper is None else self.upper
            return self.value - slack <= value <= high + slack
        ahead = slack + (value - self.value if self.better == "higher" else self.value - value)
        return ahead > 0 if self.strict else ahead >= 0


@dataclass(frozen=True)
class Measured:
    """What was measured: value on a day, and where it stood at the start (None where that is not known)."""

    value: float
    on: date
    start_value: float | None = None
    start_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """A light and why; expected: the value that the line asks for on the measured day; reasons: rules that counted."""

    light: Light
    why: Why
    expected: float | None = None
    reasons: tuple[Reason, ...] = ()


def stand(aim: Aim | None, measured: Measured | None, *, on: date, margin: RuleVersion) -> Standing:
    """The standing of one target on a day.

    aim None: no indicator is bound; measured None: the indicator has no value; margin: `ledger.amber_margin`, a ratio.
    """
    if aim is None:
        return Standing(Light.GREY, "unbound")
    if measured is None:
        return Standing(Light.GREY, "no_value")
    expected = expected_on(aim, measured)
    if aim.is_met(measured.value):
        return Standing(Light.GREEN, "met", expected)
    if aim.due is not None and on > aim.due:
        return Standing(Light.RED, "overdue", expected)
    if expected is None:
        return _against_target(aim, measured, margin)
    return _on_the_line(aim, measured, expected, margin)


def expected_on(aim: Aim, measured: Measured) -> float | None:
    """The value that the straight line from start to target asks for on the measured day.

    None without a line: no due day, no known start, a target of both ends, or a start that met it already.
    """
    if aim.due is None or aim.better == "within" or measured.start_value is None or measured.start_on is None:
        return None
    if aim.is_met(measured.start_value):
        return None
    whole, passed = (aim.due - measured.start_on).days, (measured.on - measured.start_on).days
    if whole <= 0:
        return None
    share = min(max(passed / whole, 0.0), 1.0)
    return measured.start_value + (aim.value - measured.start_value) * share


def worst(standings: Iterable[Standing]) -> Light:
    """The light of a task: the worst of its measured targets; grey where none is measured."""
    lights = {standing.light for standing in standings}
    return next((light for light in (Light.RED, Light.AMBER, Light.GREEN) if light in lights), Light.GREY)


def _on_the_line(aim: Aim, measured: Measured, expected: float, margin: RuleVersion) -> Standing:
    assert measured.start_value is not None
    behind = expected - measured.value if aim.better == "higher" else measured.value - expected
    way = abs(aim.value - measured.start_value)
    if behind <= 0:
        return Standing(Light.GREEN, "on_the_way", expected)
    if behind <= way * margin.number:
        return Standing(Light.AMBER, "behind", expected, _because(margin))
    return Standing(Light.RED, "far_behind", expected, _because(margin))


def _against_target(aim: Aim, measured: Measured, margin: RuleVersion) -> Standing:
    ends = (aim.value,) if aim.upper is None else (aim.value, aim.upper)
    gap = min(abs(measured.value - end) for end in ends)
    if gap <= abs(aim.value) * margin.number:
        return Standing(Light.AMBER, "near", None, _because(margin))
    return Standing(Light.RED, "missed", None, _because(margin))


def _because(margin: RuleVersion) -> tuple[Reason, ...]:
    return (because(margin, f"{margin.label} {margin.text}"),)
