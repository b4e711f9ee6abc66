"""The indicator explorer: all indicators of a seat, and one indicator from every side."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.models import Level, Run
from yigongti.capabilities.measure.selectors import figures, seats, watch
from yigongti.capabilities.measure.selectors.figures import Figure, Month, dimension_label
from yigongti.capabilities.measure.selectors.seats import Seat
from yigongti.capabilities.measure.web import drawing, sources
from yigongti.capabilities.measure.web.asking import Asked, asked, indicator_of, ranking_level
from yigongti.kernel.indicators import DIMENSIONS, Indicator
from yigongti.pages.charts import sparkline
from yigongti.pages.numbers import shown
from yigongti.pages.tables import Column, Table, answer

RANKED = (Level.INSTITUTION, Level.TOWN, Level.ZONE, Level.CONSORTIUM, Level.LEVEL)


def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Every indicator of a seat with value, target, verdict and trend; searched and filtered by the address."""
    found = asked(request)
    if found.run is None or found.seat is None:
        return render(request, "measure/nothing_yet.html", {"asked": found})
    every = figures.at_seat(found.run, found.seat)
    shown_ones = [figure for figure in every if _wanted(figure, request)]
    table = Table("indicators", _columns(), shown_ones, size=200, empty=_("没有符合条件的指标"))
    return answer(
        request,
        "measure/indicators.html",
        table,
        asked=found,
        dimensions=[(key, dimension_label(key)) for key in DIMENSIONS],
        states=_states(every),
    )


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """One indicator at one seat: its number, trend, ranking, map, definition, clause and rules."""
    indicator, found = indicator_of(key), asked(request)
    if found.run is None or found.seat is None:
        return render(request, "measure/nothing_yet.html", {"asked": found, "indicator": indicator})
    figure = next(iter(figures.at_seat(found.run, found.seat, indicators=[key])), None)
    level = ranking_level(request, _ranked_by(indicator))
    ranked = figures.across(found.run, key, level=level, view=seats.view_of(request.user)) if level else []
    table = Table("ranking", _ranking_columns(indicator), ranked, size=20, empty=_("这一层级没有数值"))
    whole = _county_figure(found, figure)
    return answer(
        request,
        "measure/indicator.html",
        table,
        asked=found,
        indicator=indicator,
        figure=figure,
        label=figures.label_of(indicator),
        definition=figures.definition_of(indicator),
        dimension=dimension_label(indicator.dimension),
        trend=drawing.trend(figure, beside=whole) if figure else None,
        ranking=drawing.ranking(ranked),
        map=drawing.map_of(ranked, level=level) if level else None,
        levels=[(each, _(each.label), each == level) for each in _ranked_by(indicator)],
        warnings=_warnings(found.run, found.seat, key),
        whole=whole,
    )


def months(request: HttpRequest, key: str) -> HttpResponseBase:
    """One indicator at one seat month by month, to read and to take away."""
    indicator, found = indicator_of(key), asked(request)
    figure = None
    if found.run is not None and found.seat is not None:
        figure = next(iter(figures.at_seat(found.run, found.seat, indicators=[key])), None)
    rows = list(reversed(figure.months)) if figure else []
    columns = (
        Column("month", _("月份"), link=_rows_of_month(request, key, found)),
        Column("value", _("数值"), unit=indicator.unit, tone=lambda month: _tone_of(month.met)),
        Column("numerator", _("分子"), unit=""),
        Column("denominator", _("分母"), unit=""),
    )
    table = Table("months", columns, rows, size=36, empty=_("这一指标不按月计算,或这段时间没有数值"))
    return answer(
        request, "measure/months.html", table, indicator=indicator, asked=found, label=figures.label_of(indicator)
    )


def _rows_of_month(request: HttpRequest, key: str, found: Asked) -> Callable[[Month], str | None]:
    """The address of the rows behind a month, for whom they may be shown."""
    seat = found.seat
    if seat is None or not sources.may_read(request, seat):
        return lambda month: None
    return lambda month: f"{reverse('indicator_rows', args=[key])}?{seat.address}&month={month.month}"


def _ranked_by(indicator: Indicator) -> list[Level]:
    return [level for level in RANKED if level.value in indicator.group_by]


def _county_figure(found: Asked, figure: Figure | None) -> Figure | None:
    if figure is None or found.run is None or figure.level == Level.COUNTY:
        return None
    county = Seat(Level.COUNTY, "", _("全县"))
    return next(iter(figures.at_seat(found.run, county, indicators=[figure.indicator.id])), None)


def _warnings(run: Run, seat: Seat, key: str) -> list[watch.Watched]:
    return watch.ordered(watch.watched(run.warnings.filter(indicator=key, level=seat.level, group=seat.group)))


def _wanted(figure: Figure, request: HttpRequest) -> bool:
    asked_for, about = request.GET, figure.indicator
    words = f"{about.label} {about.label_en} {about.id} {about.definition}".lower()
    return (
        asked_for.get("dimension", "") in ("", about.dimension)
        and asked_for.get("state", "") in ("", figure.tone)
        and asked_for.get("q", "").strip().lower() in words
    )


def _states(every: Sequence[Figure]) -> list[tuple[str, str, int]]:
    """Tone, its words and how many indicators have it: for the filter."""
    tones = [figure.tone for figure in every]
    words = {figure.tone: figure.verdict for figure in every}
    return [(tone, words[tone], tones.count(tone)) for tone in figures.TONES if tone in words]


def _columns() -> tuple[Column, ...]:
    return (
        Column("label", _("指标"), link=drawing.address),
        Column("dimension", _("方面"), value=lambda each: dimension_label(each.indicator.dimension)),
        Column("value", _("数值"), unit="", show=_value_of, order=None),
        Column("target", _("目标"), order=None),
        Column("verdict", _("状况"), tone=lambda each: each.tone),
        Column("trend", _("近 24 个月"), value=lambda each: None, order=None, show=_trend_of),
        Column("unit", _("单位"), value=lambda each: each.indicator.unit, order=None, export_only=True),
        Column("id", _("指标编号"), value=lambda each: each.indicator.id, order=None, export_only=True),
        Column("why", _("无数值原因"), order=None, export_only=True),
    )


def _ranking_columns(indicator: Indicator) -> tuple[Column, ...]:
    return (
        Column("name", _("名称"), link=drawing.address),
        Column("value", _("数值"), unit=indicator.unit),
        Column("numerator", _("分子"), value=lambda each: each.numerator, unit=""),
        Column("denominator", _("分母"), value=lambda each: each.denominator, unit=""),
        Column("verdict", _("状况"), tone=lambda each: each.tone, show=lambda each: each.why or each.verdict),
    )


def _value_of(figure: Figure) -> str:
    return shown(figure.value, unit=figure.indicator.unit)


def _trend_of(figure: Figure) -> Any:
    return sparkline(figure.trend, target=figure.level_line, unit=figure.indicator.unit)


def _tone_of(met: bool | None) -> str:
    return {True: "good", False: "bad", None: ""}[met]
