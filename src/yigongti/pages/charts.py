"""Charts as data: what is drawn, in what unit, against which target.  The browser draws; the figures stand beside.

`{% chart spec %}` puts the spec as JSON beside a drawing area (static/pages/charts.js makes it an ECharts drawing) and
the same figures as a table, for those who cannot see the drawing and for those who want the numbers.
`sparkline` is drawn on the server: it needs no library.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from yigongti.pages.numbers import bare, scale, shown

Tone = Literal["good", "warn", "bad", "none", "plain"]
"""What a figure says: met, at risk, missed, no figure; plain says nothing."""


@dataclass(frozen=True)
class Series:
    """One line or one set of bars: a value (or None) for every category of its chart."""

    label: str
    values: Sequence[float | None]
    kind: Literal["line", "bar", "area"] = "line"
    tones: Sequence[Tone] = ()
    links: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """label: what it shows, in one sentence; unit as in `kernel.rules.units`; target: a line across, or None;
    lying: bars lie along rows, with the categories on the left (a ranking)."""

    label: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    target: float | None = None
    target_label: str = ""
    lying: bool = False
    heading: str = ""

    @property
    def spec(self) -> dict[str, object]:
        """What charts.js reads; values are already in the unit's scale (percent for ratios)."""
        how = scale(self.unit)
        return {
            "label": self.label,
            "categories": list(self.categories),
            "suffix": how.suffix,
            "axis": how.suffix.strip(),
            "lying": self.lying,
            "target": _scaled(self.target, how.factor),
            "targetLabel": self.target_label,
            "series": [
                {
                    "label": series.label,
                    "kind": series.kind,
                    "values": [_scaled(value, how.factor) for value in series.values],
                    "tones": list(series.tones),
                    "links": list(series.links),
                    "texts": [shown(value, unit=self.unit) for value in series.values] if self.lying else [],
                }
                for series in self.series
            ],
        }

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The figures as text, a row a category: for the table beside the drawing."""
        return [
            (category, [shown(series.values[index], unit=self.unit) for series in self.series])
            for index, category in enumerate(self.categories)
        ]

    @property
    def is_empty(self) -> bool:
        return all(value is None for series in self.series for value in series.values)


@dataclass(frozen=True)
class Point:
    """A place on a map: size is 0…1 of the largest; text is what is written beside it on hover or focus."""

    label: str
    lon: float
    lat: float
    text: str = ""
    tone: Tone = "plain"
    size: float = 0.4
    link: str = ""
    shape: Literal["circle", "ring", "square"] = "circle"


@dataclass(frozen=True)
class Map:
    """Points drawn at their coordinates on a plain ground: no tiles are fetched from anywhere."""

    label: str
    points: Sequence[Point]
    legend: Sequence[tuple[Tone, str]] = field(default=())

    @property
    def spec(self) -> dict[str, object]:
        return {"label": self.label, "points": [vars(point) for point in self.points]}


def sparkline(values: Sequence[float | None], *, target: float | None = None, unit: str = "") -> SafeString:
    """A small line of the latest values as SVG, with the target as a dashed line; gaps stay gaps."""
    known = [value for value in (*values, target) if value is not None]
    if len([value for value in values if value is not None]) < 2:
        return SafeString('<span class="sparkline-none"></span>')
    low, high = min(known), max(known)
    path = _path(values, low=low, high=high)
    level = format_html('<path class="level" d="M0 {0}H120"/>', _y(target, low, high)) if target is not None else ""
    latest = next(value for value in reversed(values) if value is not None)
    return format_html(
        '<svg class="spark" viewBox="0 0 120 32" preserveAspectRatio="none" role="img" aria-label="{}">'
        '{}<path class="line" d="{}"/></svg>',
        f"{bare(values[0], unit=unit)} → {bare(latest, unit=unit)}",
        level,
        path,
    )


def _path(values: Sequence[float | None], *, low: float, high: float) -> str:
    step, steps, pen = 120 / max(len(values) - 1, 1), [], "M"
    for index, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        steps.append(f"{pen}{index * step:.1f} {_y(value, low, high)}")
        pen = "L"
    return "".join(steps)


def _y(value: float, low: float, high: float) -> str:
    return f"{29 - 26 * (value - low) / ((high - low) or 1):.1f}"


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 4)
