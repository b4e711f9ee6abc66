"""The waiting list as staff keep it: who waits, putting a person on it, taking one off."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.models import Kind, Resource, WaitingState
from yigongti.capabilities.booking.selectors.one import person_of
from yigongti.capabilities.booking.selectors.waiting import open_entry, place_in_line, waiting_seen_by
from yigongti.capabilities.booking.web.forms import AHEAD, WaitForm
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id
from yigongti.pages.tables import Column, Table, answer
from yigongti.pages.work.people import masked

MOST = 1000


def waiting_list(request: Any) -> HttpResponse:
    """Who waits for what, in the order in which they asked."""
    rows = list(waiting_seen_by(request.user)[:MOST])
    names = masked(row.resident_id for row in rows)
    table = Table(
        "waiting",
        columns=(
            Column("asked_at", _("登记时间")),
            Column("who", _("居民"), value=lambda row: names.get(row.resident_id, row.resident_id),
                   link=lambda row: reverse("booking_waits", args=[row.pk])),
            Column("resource", _("资源"), value=lambda row: f"{row.resource.name} · {row.resource.institution.name}"),
            Column("earliest_on", _("最早日期")),
            Column("latest_on", _("最晚日期")),
            Column("source", _("预约途径"), value=lambda row: _now(row.get_source_display())),
        ),
        rows=rows,
        empty=_("没有人在候补;查找时没有可约的时段,就可以为居民登记候补"),
    )  # fmt: skip
    return answer(request, "booking/waiting.html", table)


def wait(request: Any, resource_id: str) -> HttpResponse:
    """Put a person whom the user may book for on the waiting list of a resource."""
    resource = Resource.objects.select_related("institution").filter(pk=resource_id).first()
    if resource is None:
        raise Refusal(_now("没有这个可预约的资源"), where=resource_id, remedy=_now("请重新查找"))
    today = clock.today()
    initial = {
        "request_id": new_id(), "case_id": request.GET.get("case", ""), "earliest": today,
        "latest": today + timedelta(days=AHEAD),
    }  # fmt: skip
    form = WaitForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            return redirect("booking_waits", _joined(form.cleaned_data, resource, by=request.user))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "resource": resource, "kind": _now(Kind(resource.kind).label)}
    return render(request, "booking/wait.html", context)


def one(request: Any, entry_id: str) -> HttpResponse:
    """One person's place on a list: where in the line, until when, and what became of it.  404 for who may not see
    it."""
    entry = open_entry(request.user, entry_id)
    waits = entry.state == WaitingState.WAITING
    context = {
        "entry": entry, "state": _now(WaitingState(entry.state).label), "waits": waits,
        "place": place_in_line(entry) if waits else None, "person": person_of(entry.resident_id, user=request.user),
    }  # fmt: skip
    return render(request, "booking/waits.html", context)


@require_POST
def leave(request: Any, entry_id: str) -> HttpResponse:
    """Take somebody off the list."""
    api.withdraw(open_entry(request.user, entry_id).pk, by=request.user, at=clock.now())
    return redirect("booking_waits", entry_id)


def _joined(said: dict[str, Any], resource: Resource, *, by: Any) -> str:
    return api.wait(
        resource.pk, resident_id=said["person"], by=by, at=clock.now(),
        source=api.Source.REFERRAL if said["case_id"] else api.Source.DOCTOR, case_id=said["case_id"],
        earliest=said["earliest"], latest=said["latest"], request_id=said["request_id"],
    )  # fmt: skip
