"""A target as a chart: measured month by month, the line expected of it, and the target."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.decisions.lights import Measured, expected_on
from yigongti.capabilities.ledger.selectors.standings import Figure, start_of
from yigongti.kernel.periods import month_end
from yigongti.pages.charts import Chart, Series

MOST_MONTHS = 72


def course_of(figure: Figure) -> Chart | None:
    """The chart of a target, from the first month measured to the day it is due; None where nothing is measured."""
    if figure.course is None or figure.aim is None or not figure.course.months:
        return None
    measured = dict(figure.course.months)
    months = list(_months(min(measured), _last(figure, max(measured))))[:MOST_MONTHS]
    lines = [Series(_("实测"), [measured.get(month) for month in months])]
    expected = [_expected(figure, month) for month in months]
    if any(value is not None for value in expected):
        lines.append(Series(_("应有进度"), expected))
    return Chart(
        _("%(phrase)s:实测与应有进度") % {"phrase": figure.target.phrase},
        months,
        lines,
        unit=figure.unit,
        target=figure.aim.value,
        target_label=_("目标 %(text)s") % {"text": figure.wanted},
    )


def _last(figure: Figure, latest: str) -> str:
    assert figure.aim is not None
    due = figure.aim.due
    return max(latest, f"{due:%Y-%m}") if due else latest


def _expected(figure: Figure, month: str) -> float | None:
    assert figure.aim is not None
    assert figure.course is not None
    start_on, start_value = start_of(figure.target, figure.course)
    day = _end(month)
    if start_on is None or day < start_on:
        return None
    return expected_on(figure.aim, Measured(0.0, day, start_value, start_on))


def _end(month: str) -> date:
    year, number = map(int, month.split("-"))
    return month_end(date(year, number, 1))


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while f"{year}-{month:02d}" <= last:
        yield f"{year}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
