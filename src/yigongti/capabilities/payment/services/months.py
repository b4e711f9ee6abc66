"""A month's advance and pre-settlement, and how the budgets are used; at a quarter's end people are told.

Nothing here moves money by itself: it says what is to be paid, and the year's clearing settles what is left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.payment.decisions import monthly
from yigongti.capabilities.payment.decisions.budget import BudgetRow, budgets_to_settle
from yigongti.capabilities.payment.models import BudgetUse, Month, MonthLine
from yigongti.capabilities.payment.services.budget_use import tell_of, use_of
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.capabilities.payment.services.settle.facts import budget_rows
from yigongti.capabilities.payment.services.spending import Spent, is_paid_from, spending
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import month_end
from yigongti.kernel.rules import Rules
from yigongti.spine.county_rules import county_rules
from yigongti.spine.places.models import Institution

USED = (monthly.ADVANCE_SHARE, monthly.PAID_SHARE, monthly.USE_LIMITS)


@dataclass(frozen=True)
class _Scene:
    """What a month is settled from."""

    year: int
    month: int
    rules: Rules
    spent: Sequence[Spent]


def settle_month(year: int, month: int, *, by: Any) -> Month:
    """Make a month's advances and pre-settlement.  Raises Refusal for a month not over or made already, for a year
    without budget, and where budgets overlap or do not add up; then nothing is kept."""
    (made,) = settle_months(year, [month], by=by)
    return made


@transaction.atomic
def settle_months(year: int, months: Iterable[int], *, by: Any) -> list[Month]:
    """Several months of a year, all of them or none.  Raises Refusal as `settle_month`."""
    wanted = list(months)
    for month in wanted:
        _check(year, month)
    sources, _record = inputs.present()
    rows = budget_rows(year, sources)
    spent = spending(sources, first=year - 1, last=year)
    return [_settled(rows, _Scene(year, month, _rules(year, month), spent), by) for month in wanted]


def _rules(year: int, month: int) -> Rules:
    return county_rules().on(month_end(date(year, month, 1)))


def _settled(rows: Sequence[BudgetRow], scene: _Scene, by: Any) -> Month:
    budgets = budgets_to_settle(rows, rules=scene.rules)
    if not budgets:
        raise Refusal(f"{scene.year} 年没有预算", "budget", "预付以预算为准", f"装载 {scene.year} 年的 budget")
    used = {name: f"{scene.rules[name].key} {scene.rules[name].value}" for name in USED}
    made = _opened(Month(year=scene.year, month=scene.month, rules=used, by=by, at=clock.now()))
    MonthLine.objects.bulk_create(MonthLine(month=made, **each) for row in budgets for each in _lines(row, scene))
    uses = [use_of(row, scene.spent, year=scene.year, month=scene.month, rules=scene.rules) for row in budgets]
    BudgetUse.objects.bulk_create(BudgetUse(month=made, **use.as_columns()) for use in uses)
    if monthly.is_quarter_end(scene.month):
        tell_of(uses, at=clock.now())
    return made


def _opened(month: Month) -> Month:
    """The month in the books.  Raises Refusal where somebody else was first."""
    try:
        with transaction.atomic():
            month.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(f"{month} 刚刚由他人预结算", str(month), "一个月只预结算一次", "刷新后查看") from error
    return month


def _check(year: int, month: int) -> None:
    label = f"{year}-{month:02}"
    if Month.objects.filter(year=year, month=month).exists():
        raise Refusal(f"{label} 已经预结算", label, "一个月只预结算一次", "有差错的,年终清算时结清")
    if clock.today() <= month_end(date(year, month, 1)):
        raise Refusal(f"{label} 还没有结束", label, "预结算针对已结束的月份", "月末数据到齐后再办")


def _lines(row: BudgetRow, scene: _Scene) -> Iterator[dict[str, Any]]:
    """Every institution of a budget: members are advanced by what they cost before, all are settled for the month."""
    own = [each for each in scene.spent if is_paid_from(each, row)]
    before = _by_institution(each for each in own if each.year == scene.year - 1 and each.in_county)
    now = _by_institution(each for each in own if (each.year, each.month) == (scene.year, scene.month))
    members = set(Institution.objects.filter(consortium_id=row.consortium_id).values_list("pk", flat=True))
    paid_before = {name: before.get(name, 0) for name in sorted(members & (before.keys() | now.keys()))}
    advances = monthly.advances_fen(row.amount_fen, scene.month, [*paid_before.values()], rules=scene.rules)
    advanced = dict(zip(paid_before, advances, strict=True))
    for name in sorted(advanced.keys() | now.keys()):
        recorded = now.get(name, 0)
        yield {
            "consortium_id": row.consortium_id,
            "insured_as": row.insured_as,
            "scheme": row.scheme,
            "institution_id": name,
            "advance_fen": advanced.get(name, 0),
            "recorded_fen": recorded,
            "settled_fen": monthly.settled_fen(max(recorded, 0), rules=scene.rules),
        }


def _by_institution(found: Iterator[Spent]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in found:
        sums[each.institution_id] = sums.get(each.institution_id, 0) + each.recorded_fen
    return sums
