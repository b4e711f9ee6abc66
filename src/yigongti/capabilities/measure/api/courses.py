"""How measured numbers went month by month, many indicators at once: for those who follow targets over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yigongti.capabilities.measure.api.numbers import Number, number_of
from yigongti.capabilities.measure.models import Kind, Level, Run
from yigongti.capabilities.measure.selectors.figures import latest_run
from yigongti.kernel.periods import Period


@dataclass(frozen=True)
class Course:
    """A number, and its values by month ("2025-07"), oldest first; a month without a value is None."""

    number: Number
    months: Sequence[tuple[str, float | None]]


def courses(
    indicators: Iterable[str], *, level: str = Level.COUNTY, group: str = "", run_id: str = ""
) -> dict[str, Course]:
    """The courses of some indicators at one seat, in one query, from the everyday results or the run given.

    An indicator without a row in the run is left out.
    """
    run = Run.objects.filter(pk=run_id).first() if run_id else latest_run()
    if run is None:
        return {}
    values = run.values.filter(indicator__in=list(indicators), level=level, group=group).order_by("period_start")
    return {
        value.indicator: Course(number_of(value, run), [(month[0], month[3]) for month in value.months])
        for value in values
    }


def run_of(period: Period) -> str:
    """The latest half-year or annual run of exactly this period; "" where there is none."""
    runs = Run.objects.filter(period_start=period.start, period_end=period.end).exclude(kind=Kind.REFRESH)
    return runs.order_by("-created_at").values_list("pk", flat=True).first() or ""
