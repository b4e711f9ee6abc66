"""The consortium's money at a glance: members' books of a year, the pool, what warns, the latest sharings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.finance.models import Run
from yigongti.capabilities.finance.selectors.books import Book, books, together
from yigongti.capabilities.finance.selectors.sharings import own_members
from yigongti.capabilities.finance.services.pool import balance
from yigongti.capabilities.finance.web.choosing import last_year, seat
from yigongti.pages.charts import Chart, Series
from yigongti.pages.tables import Column, Table, answer

LATEST = 8


def finance(request: HttpRequest) -> HttpResponse:
    """Books, pool, warnings and the latest sharings of one consortium; to whom sees a member alone, its statement."""
    here, period = seat(request), last_year()
    own = [] if here.id else own_members(request.user)
    if len(own) == 1:
        return redirect("finance_statement", own[0].pk)
    found = books(here.members, period) if here.members else []
    runs = Run.objects.filter(consortium_id=here.id).order_by("-created_at")[:LATEST]
    return answer(
        request,
        "finance/overview.html",
        _table(found),
        seat=here,
        own=own,
        period=period.label,
        sums=together(found),
        pool_fen=balance(here.id) if here.id else None,
        warned=[(book, each) for book in found for each in book.warnings],
        runs=runs,
        chart=_chart(found),
    )


def _table(found: list[Book]) -> Table:
    columns = (
        Column("name", _("成员"), link=lambda row: reverse("finance_statement", args=[row.institution_id])),
        Column("income_fen", _("收入"), unit="fen"),
        Column("service_fen", _("其中医疗服务"), unit="fen"),
        Column("cost_fen", _("支出"), unit="fen"),
        Column("staff_fen", _("其中人员"), unit="fen"),
        Column("result_fen", _("结余"), unit="fen", tone=lambda row: "bad" if row.result_fen < 0 else ""),
        Column("cash_fen", _("期末现金"), unit="fen"),
        Column("debt_fen", _("期末负债"), unit="fen"),
    )
    empty = _("没有成员的财务数据;请先导入 finance 表。")
    return Table("books", columns, found, sort="-income_fen", caption=_("成员账"), empty=empty)


def _chart(found: list[Book]) -> Chart | None:
    months = sorted({month.month for book in found for month in book.months})
    if not months:
        return None
    income: dict[str, int] = dict.fromkeys(months, 0)
    cost: dict[str, int] = dict.fromkeys(months, 0)
    for book in found:
        for month in book.months:
            income[month.month] += month.income_fen
            cost[month.month] += month.cost_fen
    lines: Any = [Series(_("收入"), list(income.values())), Series(_("支出"), list(cost.values()))]
    return Chart(_("收入与支出"), months, lines, unit="fen")
