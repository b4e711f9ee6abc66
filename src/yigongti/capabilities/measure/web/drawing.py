"""Figures as charts and maps."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.models import Level
from yigongti.capabilities.measure.selectors.figures import Figure
from yigongti.pages.charts import Chart, Map, Point, Series
from yigongti.pages.numbers import shown
from yigongti.spine.places.models import Institution, Place

MOST_BARS = 40
LEGEND = ("good", "warn", "bad", "plain", "none")


def trend(figure: Figure, *, beside: Figure | None = None) -> Chart:
    """A figure month by month against its target, with the county's beside it where there is another seat."""
    months = [month.month for month in figure.months]
    lines = [Series(figure.name, figure.trend)]
    if beside is not None and beside.months:
        known = {month.month: month.value for month in beside.months}
        lines.append(Series(beside.name, [known.get(month) for month in months]))
    return Chart(
        _("%(label)s逐月趋势") % {"label": figure.label},
        months,
        lines,
        unit=figure.indicator.unit,
        target=figure.level_line,
        target_label=_("目标 %(text)s") % {"text": figure.target},
    )


def ranking(figures: Sequence[Figure]) -> Chart:
    """The groups of a level from the best to the worst; where there are very many, both ends."""
    known = [figure for figure in figures if figure.value is not None]
    if len(known) > MOST_BARS:
        known = known[: MOST_BARS // 2] + known[-MOST_BARS // 2 :]
    first = figures[0] if figures else None
    bars = Series(
        first.label if first else "",
        [figure.value for figure in known],
        kind="bar",
        tones=[figure.tone for figure in known],
        links=[address(figure) for figure in known],
    )
    return Chart(
        _("%(label)s排名") % {"label": first.label if first else ""},
        [figure.name for figure in known],
        [bars],
        unit=first.indicator.unit if first else "",
        target=first.level_line if first else None,
        target_label=_("目标"),
        lying=True,
    )


def map_of(figures: Sequence[Figure], *, level: Level) -> Map | None:
    """Towns or institutions where they lie, coloured by whether they meet the target; None for other levels."""
    if level not in (Level.TOWN, Level.INSTITUTION):
        return None
    where = _positions(level, [figure.group for figure in figures])
    largest = max((figure.denominator or 0 for figure in figures), default=0) or 1
    points = [
        Point(
            figure.name,
            *where[figure.group],
            text=f"{shown(figure.value, unit=figure.indicator.unit)} {figure.verdict}",
            tone=figure.tone,
            size=max((figure.denominator or 0) / largest, 0) ** 0.5,
            link=address(figure),
        )
        for figure in figures
        if figure.group in where
    ]
    present = {figure.tone: figure.verdict for figure in figures}
    return Map(_("分布图"), points, [(tone, present[tone]) for tone in LEGEND if tone in present])


def address(figure: Figure) -> str:
    """The page of a figure."""
    return f"{reverse('indicator', args=[figure.indicator.id])}?seat={figure.level}:{figure.group}"


def _positions(level: Level, groups: Sequence[str]) -> dict[str, tuple[float, float]]:
    model = Place if level is Level.TOWN else Institution
    rows = model.objects.filter(pk__in=groups, lon__isnull=False, lat__isnull=False)
    return {key: (lon, lat) for key, lon, lat in rows.values_list("pk", "lon", "lat")}
