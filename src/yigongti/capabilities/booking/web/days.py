"""The day's slots at one's institution, and who waits."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking.models import WAITING, WaitingEntry
from yigongti.capabilities.booking.selectors.day import day_of, keepable
from yigongti.capabilities.booking.services.waiting import withdraw
from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.pages.tables import Column, Table, answer
from yigongti.pages.work.people import masked
from yigongti.spine.access.rows import scoped


def day(request: Any) -> HttpResponse:
    """Every resource in one's scope with its slots and people."""
    asked = _day(request.GET.get("day", "")) or clock.today()
    wanted = request.GET.get("resource", "")
    resources = list(keepable(request.user))
    context = {
        "day": asked,
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1),
        "resources": resources,
        "wanted": wanted,
        "shown": day_of(request.user, asked, resource_id=wanted),
        "request_id": new_id(),
    }
    return render(request, "booking/day.html", context)


def waiting_list(request: Any) -> HttpResponse:
    """Who waits for what, in the order in which they asked."""
    entries = scoped(WaitingEntry.objects.filter(WAITING), request.user)
    rows = list(entries.select_related("resource__institution").order_by("asked_at")[:1000])
    names = masked(row.resident_id for row in rows)
    table = Table(
        "waiting",
        columns=(
            Column("asked_at", _("登记时间")),
            Column("who", _("居民"), value=lambda row: names.get(row.resident_id, row.resident_id)),
            Column("resource", _("资源"), value=lambda row: f"{row.resource.name} · {row.resource.institution.name}",
                   link=lambda row: reverse("resource", args=[row.resource_id])),
            Column("earliest_on", _("最早日期")),
            Column("latest_on", _("最晚日期")),
            Column("source", _("预约途径"), value=lambda row: row.get_source_display()),
        ),
        rows=rows,
        empty=_("没有人在候补"),
    )  # fmt: skip
    return answer(request, "booking/waiting.html", table)


@require_POST
def leave(request: Any, entry_id: str) -> HttpResponse:
    """Take somebody off the list."""
    entry = withdraw(entry_id, by=request.user, at=clock.now())
    return redirect("resource", entry.resource_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
