"""The recovery ledger: every line of money judged, reduced, recovered or written off, and what it comes to."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.supervision.decisions.recovery import balance
from yigongti.capabilities.supervision.selectors import leads
from yigongti.pages.tables import Column, Table, answer


def ledger(request: HttpRequest) -> HttpResponse:
    """The lines in the reader's scope, between two days where the address gives them."""
    user: Any = request.user
    first, last = _day(request.GET.get("first", "")), _day(request.GET.get("last", ""))
    rows = leads.entries(user, first=first, last=last)
    table = Table(
        "recovery",
        columns=(
            Column("at", _("时间")),
            Column("institution", _("机构"), value=lambda row: row.lead.counterpart.name, order="lead__counterpart_id"),
            Column("lead", _("线索"), value=lambda row: row.lead.title, order="lead__title",
                   link=lambda row: reverse("work_case", args=[row.lead_id])),
            Column("entry", _("事项"), value=lambda row: _(row.get_entry_display())),
            Column("amount_fen", _("金额(元)"), unit="fen"),
            Column("by", _("经办"), value=lambda row: row.by.display_name if row.by else "", order=None),
            Column("note", _("说明"), order=None),
        ),
        rows=rows,
        sort="-at",
        empty=_("还没有认定应退的基金"),
    )  # fmt: skip
    sums = balance(rows.values_list("entry", "amount_fen"))
    return answer(request, "supervision/recovery.html", table, balance=sums, first=first, last=last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
