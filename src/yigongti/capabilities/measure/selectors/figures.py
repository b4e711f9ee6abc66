"""Figures: stored values with their declaration, their words and their colour, ready to be shown."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.models import EarlyWarning, Kind, Level, Run, Severity, Value
from yigongti.capabilities.measure.selectors.seats import Seat, View, names
from yigongti.capabilities.measure.selectors.wording import why_in_words
from yigongti.kernel.indicators import DIMENSIONS, Indicator
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.numbers import bare, shown

Tone = Literal["good", "warn", "bad", "none", "plain"]
COPIED = (
    "level", "group", "period_start", "period_end", "numerator", "denominator", "value", "target_low", "target_high",
    "target_text", "met", "why_null", "facts_as_of",
)  # fmt: skip
VERDICTS: Mapping[Tone, str] = {
    "bad": gettext_noop("未达标"),
    "warn": gettext_noop("需关注"),
    "good": gettext_noop("达标"),
    "plain": gettext_noop("无目标"),
    "none": gettext_noop("无数值"),
}
TONES: Sequence[Tone] = tuple(VERDICTS)
"""Worst first."""
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
    """One number to be shown.

    name: what its group is called; trend_text: Value.months as JSON, read only where a trend is shown;
    severity: of the gravest warning about it, or "".
    """

    indicator: Indicator
    level: str
    group: str
    name: str
    period_start: date
    period_end: date
    numerator: float | None
    denominator: float | None
    value: float | None
    target_low: float | None
    target_high: float | None
    target_text: str
    met: bool | None
    why_null: str
    facts_as_of: date | None
    trend_text: str = "[]"
    severity: str = ""

    @property
    def id(self) -> str:
        return self.indicator.id

    @property
    def unit(self) -> str:
        return self.indicator.unit

    @property
    def label(self) -> str:
        return label_of(self.indicator)

    @cached_property
    def trend_rows(self) -> list[list[Any]]:
        rows: list[list[Any]] = json.loads(self.trend_text)
        return rows

    @property
    def months(self) -> list[Month]:
        return [Month(*month) for month in self.trend_rows]

    @property
    def trend(self) -> list[float | None]:
        return [month[3] for month in self.trend_rows]

    @property
    def why(self) -> str:
        """Why there is no value, in words; "" where there is one."""
        return why_in_words(self.why_null)

    @property
    def target(self) -> str:
        """The target in the reader's language: as its rule writes it, in English from its ends; "" where none."""
        if not in_english() or not self.target_text:
            return self.target_text
        low, high = self.target_low, self.target_high
        if low is not None and high is not None:
            return f"{bare(low, unit=self.unit)}–{shown(high, unit=self.unit)}"
        return f"≥{shown(low, unit=self.unit)}" if high is None else f"≤{shown(high, unit=self.unit)}"

    @property
    def level_line(self) -> float | None:
        """The target as one line in a drawing: its only end, or none where it is a stretch."""
        low, high = self.target_low, self.target_high
        return low if high is None else high if low is None else None

    @property
    def tone(self) -> Tone:
        """bad: target missed; warn: a warning all the same; good: met; plain: no target; none: no value."""
        if self.value is None:
            return "none"
        if self.met is False:
            return "bad"
        if self.severity:
            return "warn"
        return "good" if self.met else "plain"

    @property
    def verdict(self) -> str:
        """The tone in words, so that colour is never alone."""
        return _(VERDICTS[self.tone])


def latest_run() -> Run | None:
    """The everyday refresh that screens show; None before the first."""
    return Run.objects.filter(kind=Kind.REFRESH).defer(*HEAVY).order_by("-created_at").first()


def at_seat(run: Run, seat: Seat, *, indicators: Iterable[str] | None = None) -> list[Figure]:
    """All figures of one seat, in the order of a report."""
    values = run.values.filter(level=seat.level, group=seat.group)
    if indicators is not None:
        values = values.filter(indicator__in=list(indicators))
    warnings = run.warnings.filter(level=seat.level, group=seat.group)
    order = {name: place for place, name in enumerate(REGISTRY.indicators)}
    return sorted(_figures(values, warnings, {seat.group: seat.name}), key=lambda figure: order[figure.id])


def across(run: Run, indicator: str, *, level: Level, view: View) -> list[Figure]:
    """One indicator at every group of a level that may be seen, the best first (without value last)."""
    return sorted(beside(run, [indicator], level=level, view=view), key=_best_first)


def beside(run: Run, indicators: Iterable[str], *, level: Level, view: View) -> list[Figure]:
    """Some indicators at every group of a level that may be seen."""
    groups, wanted = view.groups[level], list(indicators)
    values = run.values.filter(indicator__in=wanted, level=level)
    if groups is not None:
        values = values.filter(group__in=sorted(groups))
    warnings = run.warnings.filter(indicator__in=wanted, level=level)
    return _figures(values, warnings, names(level, groups))


def label_of(indicator: Indicator) -> str:
    """The name of an indicator in the reader's language."""
    return indicator.label_en if in_english() else indicator.label


def definition_of(indicator: Indicator) -> str:
    """The definition in the reader's language."""
    return indicator.definition_en if in_english() else indicator.definition


def dimension_label(dimension: str) -> str:
    """The name of a dimension in the reader's language."""
    return DIMENSIONS[dimension][in_english()]


def in_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def _figures(values: QuerySet[Value], warnings: QuerySet[EarlyWarning], called: Mapping[str, str]) -> list[Figure]:
    """One figure an indicator and group: of the later stretch, where a rule changed inside the period."""
    rows = values.order_by("period_start").values("indicator", *COPIED, trend_text=Cast("months", TextField()))
    latest = {(row["indicator"], row["group"]): row for row in rows}
    severities = _severities(warnings)
    return [
        _figure(row, called[key[1]], severities.get(key, ""))
        for key, row in latest.items()
        if key[0] in REGISTRY.indicators and key[1] in called
    ]


def _figure(row: Mapping[str, Any], name: str, severity: str) -> Figure:
    indicator = REGISTRY.indicators[row["indicator"]]
    copied = {column: row[column] for column in (*COPIED, "trend_text")}
    return Figure(indicator, name=name, severity=severity, **copied)


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
        return (0, float(figure.met is False), figure.name)
    return (0, value if figure.indicator.better == "lower" else -value, figure.name)


def missed(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that miss their target."""
    return [figure for figure in figures if figure.met is False]
