"""Runs: the everyday refresh, half-year monitoring and annual evaluation, computed and stored with their warnings."""

from datetime import date
from typing import Any

from django.db import transaction

from yigongti import __version__
from yigongti.analytics.lake.manifest import current
from yigongti.capabilities.measure.models import EarlyWarning, Kind, Run, Value
from yigongti.capabilities.measure.services import inputs
from yigongti.capabilities.measure.services.computing import Computed, Question, compute
from yigongti.capabilities.measure.services.warning import warnings_of
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import Period, month_end, parse
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.county_rules import county_rules

YEAR_MONTHS, TREND_MONTHS = 12, 24
PACE = "visit"
"""The fact table whose last month says how far the county's facts reach."""
FORMS = {Kind.HALF_YEAR: (6, "2026H1"), Kind.ANNUAL: (12, "2026")}
BATCH = 2000


def refresh(*, through: str = "", by: Any = None) -> Run:
    """Compute everything for the twelve months to `through` ("2025-12"; by default the last whole month with
    visits) with a trend of 24 months; replaces the refresh before.  Raises Refusal where there are no facts."""
    last = parse(through).end if through else last_whole_month()
    run = _computed(Kind.REFRESH, _months_to(last, YEAR_MONTHS), _months_to(last, TREND_MONTHS), by=by)
    Run.objects.filter(kind=Kind.REFRESH).exclude(pk=run.pk).delete()
    return run


def evaluate(kind: str, *, period: str, by: Any = None) -> Run:
    """Compute a half-year monitoring ("2026H1") or annual evaluation ("2026"); it can then be frozen.

    Raises Refusal for a period of another length, and for one that is not over.
    """
    asked, form = parse(period), Kind(kind)
    _check_period(form, asked, period)
    return _computed(form, asked, asked, by=by)


def usual_period() -> Period:
    """The twelve months that the everyday results are of.  Raises Refusal where there are no facts."""
    return _months_to(last_whole_month(), YEAR_MONTHS)


def last_whole_month() -> date:
    """The last day of the last month that is over and has visits.  Raises Refusal where there are no facts."""
    months = {part.month for part in current(PACE)}
    ends = [parse(month).end for month in months if month[:4].isdecimal()]
    over = [day for day in ends if day <= clock.today()]
    if not over:
        raise Refusal(
            "还没有可计算的数据",
            where=f"数据湖的 {PACE} 表",
            why="没有任何一个完整月份的门急诊记录",
            remedy="请先用 yigongti load 导入数据文件",
        )
    return max(over)


def question(period: Period, trend: Period, *, known_on: date) -> Question:
    """Everything the county measures, by its rules as known on a day."""
    return Question(tuple(REGISTRY.indicators.values()), period, trend, county_rules(), known_on)


def _computed(kind: Kind, period: Period, trend: Period, *, by: Any) -> Run:
    facts = inputs.present(REGISTRY.indicators.values())
    computed = compute(question(period, trend, known_on=clock.today()), sources=facts.sources)
    run = Run(
        kind=kind,
        period_start=period.start,
        period_end=period.end,
        trend_start=trend.start,
        facts_as_of=computed.facts_as_of,
        inputs=facts.record,
        rule_sets=computed.rule_sets,
        packs=list(county_rules().packs),
        code_version=__version__,
        result_hash=computed.digest,
        created_by=by,
    )
    _store(run, computed)
    return run


@transaction.atomic
def _store(run: Run, computed: Computed) -> None:
    run.save(force_insert=True)
    Value.objects.bulk_create((Value(run=run, **row) for row in computed.rows), batch_size=BATCH)
    warnings = warnings_of(computed.rows, book=county_rules(), known_on=run.known_on)
    EarlyWarning.objects.bulk_create((EarlyWarning(run=run, **row) for row in warnings), batch_size=BATCH)


def _check_period(kind: Kind, period: Period, text: str) -> None:
    months, example = FORMS[kind]
    if len(period.months()) != months:
        raise Refusal(f"{kind.label}的期间不能是“{text}”", remedy=f"请写成 {example} 的样子")
    if period.end > clock.today():
        raise Refusal(
            f"期间“{text}”还没有结束",
            why=f"{kind.label}针对已结束的期间,最后一天是 {period.end}",
            remedy="请等期间结束并导入数据后再做",
        )


def _months_to(last: date, count: int) -> Period:
    """So many whole months, the last of which ends on a day."""
    index = last.year * 12 + last.month - count
    return Period(date(index // 12, index % 12 + 1, 1), month_end(last))
