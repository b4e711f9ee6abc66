"""Looking for a slot over the whole county, and booking it for a person."""

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.models import Slot
from yigongti.capabilities.booking.web.forms import BookForm, SearchForm
from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import Refusal
from yigongti.kernel.geography import point_of
from yigongti.kernel.ids import new_id


def search(request: Any) -> HttpResponse:
    """The earliest free slots of what is looked for."""
    form = SearchForm(request.GET or {"kind": "exam", "source": "doctor"}, items=api.items())
    sought = _sought(form) if form.is_valid() else None
    found = api.search(sought, at=clock.now()) if sought else []
    context = {
        "form": form, "offers": found, "kept": sought is not None and sought.source is api.Source.REFERRAL,
        "resources": api.resources(sought)[:api.MOST] if sought and not found else [],
    }  # fmt: skip
    return render(request, "booking/search.html", context)


def book(request: Any, slot_id: int) -> HttpResponse:
    """Book one slot for a person whom the user may book for."""
    slot = Slot.objects.select_related("resource__institution").filter(pk=slot_id).first()
    if slot is None:
        raise Refusal(_("没有这个时段"), where=str(slot_id), remedy=_("请重新查找"))
    case_id = request.GET.get("case", "")
    form = BookForm(request.POST or None, user=request.user, initial={"request_id": new_id(), "case_id": case_id})
    if form.is_valid():
        try:
            return redirect("booking", _booked(form.cleaned_data, slot, by=request.user).booking_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "booking/book.html", {"form": form, "slot": slot})


def _booked(said: dict[str, str], slot: Slot, *, by: Any) -> api.Booked:
    source = api.Source.REFERRAL if said["case_id"] else api.Source.DOCTOR
    return api.book(
        slot.pk, resident_id=said["person"], by=by, at=clock.now(), source=source, request_id=said["request_id"],
        case_id=said["case_id"],
    )  # fmt: skip


def _sought(form: SearchForm) -> api.Sought:
    said, (first, last) = form.cleaned_data, form.days
    near = point_of(said["near"])
    return api.Sought(
        kind=said["kind"], item=said["item"].strip(), source=api.Source(said["source"] or api.Source.DOCTOR),
        begin=datetime.combine(first, time.min, COUNTY_TIME), end=datetime.combine(last, time.max, COUNTY_TIME),
        near=near,
        within_km=float(said["within"]) if near and said["within"] else None,
    )  # fmt: skip
