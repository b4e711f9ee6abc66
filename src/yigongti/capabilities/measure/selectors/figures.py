"""Figures: stored values with their declaration, their words and their colour, ready to be shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.indicators import INDICATORS
from yigongti.capabilities.measure.models import EarlyWarning, Kind, Level, Run, Severity, Value
from yigongti.capabilities.measure.selectors.seats import Seat, View, names
from yigongti.capabilities.measure.selectors.wording import why_in_words
from yigongti.kernel.indicators import DIMENSIONS, Indicator

Tone = Literal["good", "warn", "bad", "none", "plain"]
HEAVY = ("inputs", "rule_sets")
"""Columns of a run that only its own page reads."""


@dataclass(frozen=True)
class Month:
    """One month of a trend; month is "2025-07"."""

    month: str
    numerator: float | None
    denominator: float | None
    value: float | None
    met: bool | None
    why_null: str | None


@dataclass(frozen=True)
class Figure:
    """One number to be shown.  severity: of the gravest warning about it, or ""."""

    indicator: Indicator
    level: str
    group: str
    name: str
    stored: Value
    severity: str = ""

    @property
    def label(self) -> str:
        return label_of(self.indicator)

    @property
    def value(self) -> float | None:
        return None if self.stored.value is None else float(self.stored.value)

    @property
    def months(self) -> list[Month]:
        return [Month(*month) for month in self.stored.months]

    @property
    def trend(self) -> list[float | None]:
        return [month[3] for month in self.stored.months]

    @property
    def why(self) -> str:
        """Why there is no value, in words; "" where there is one."""
        return why_in_words(self.stored.why_null)

    @property
    def level_line(self) -> float | None:
        """The target as one line in a drawing: its only end, or none where it is a stretch."""
        low, high = self.stored.target_low, self.stored.target_high
        return low if high is None else high if low is None else None

    @property
    def tone(self) -> Tone:
        """bad: target missed; warn: a warning all the same; good: met; plain: no target; none: no value."""
        if self.stored.value is None:
            return "none"
        if self.stored.met is False:
            return "bad"
        if self.severity:
            return "warn"
        return "good" if self.stored.met else "plain"

    @property
    def verdict(self) -> str:
        """The tone in words, so that colour is never alone."""
        return {
            "bad": _("未达标"),
            "warn": _("需关注"),
            "good": _("达标"),
            "plain": _("无目标"),
            "none": _("无数值"),
        }[self.tone]


def latest_run() -> Run | None:
    """The everyday refresh that screens show; None before the first."""
    return Run.objects.filter(kind=Kind.REFRESH).defer(*HEAVY).order_by("-created_at").first()


def at_seat(run: Run, seat: Seat, *, indicators: Iterable[str] | None = None) -> list[Figure]:
    """All figures of one seat, in the order of a report."""
    values = run.values.filter(level=seat.level, group=seat.group)
    if indicators is not None:
        values = values.filter(indicator__in=list(indicators))
    severities = _severities(run.warnings.filter(level=seat.level, group=seat.group))
    found = _latest_stretches(values)
    order = {name: place for place, name in enumerate(INDICATORS)}
    figures = [_figure(value, {seat.group: seat.name}, severities) for value in found if value.indicator in INDICATORS]
    return sorted(figures, key=lambda figure: order[figure.indicator.id])


def across(run: Run, indicator: str, *, level: Level, view: View) -> list[Figure]:
    """One indicator at every group of a level that may be seen, the best first (without value last)."""
    groups = view.groups[level]
    values = run.values.filter(indicator=indicator, level=level)
    if groups is not None:
        values = values.filter(group__in=sorted(groups))
    found = _latest_stretches(values)
    called = names(level, {value.group for value in found})
    severities = _severities(run.warnings.filter(indicator=indicator, level=level))
    figures = [_figure(value, called, severities) for value in found if value.group in called]
    return sorted(figures, key=_best_first)


def label_of(indicator: Indicator) -> str:
    """The name of an indicator in the reader's language."""
    return indicator.label_en if _in_english() else indicator.label


def definition_of(indicator: Indicator) -> str:
    """The definition in the reader's language."""
    return indicator.definition_en if _in_english() else indicator.definition


def dimension_label(dimension: str) -> str:
    """The name of a dimension in the reader's language."""
    return DIMENSIONS[dimension][_in_english()]


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


def _figure(value: Value, called: Mapping[str, str], severities: Mapping[tuple[str, str], str]) -> Figure:
    severity = severities.get((value.indicator, value.group), "")
    return Figure(INDICATORS[value.indicator], value.level, value.group, called[value.group], value, severity)


def _latest_stretches(values: QuerySet[Value]) -> list[Value]:
    """One value an indicator and group: the later stretch, where a rule changed inside the period."""
    return list({(value.indicator, value.group): value for value in values.order_by("period_start")}.values())


def _severities(warnings: QuerySet[EarlyWarning]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = defaultdict(str)
    for indicator, group, severity in warnings.values_list("indicator", "group", "severity"):
        if found[indicator, group] != Severity.RED:
            found[indicator, group] = severity
    return found


def _best_first(figure: Figure) -> tuple[Any, ...]:
    value = figure.value
    if value is None:
        return (1, 0.0, figure.name)
    if figure.indicator.better == "within":
        return (0, float(figure.stored.met is False), figure.name)
    return (0, value if figure.indicator.better == "lower" else -value, figure.name)


def missed(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that miss their target."""
    return [figure for figure in figures if figure.stored.met is False]
