"""One booking: where it stands, what happened, what may be done with it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.selectors.one import history, open_booking, person_of, steps_of
from yigongti.capabilities.booking.services import changing
from yigongti.capabilities.booking.web.forms import ReasonForm
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.workflow import Step


@dataclass(frozen=True)
class Offered:
    """A step as a button: its form where it needs a reason, and the id of the request."""

    step: Step
    form: ReasonForm | None
    request_id: str


def one(request: Any, booking_id: str) -> HttpResponse:
    """The booking's page.  404 for who may not see it."""
    booking = open_booking(request.user, booking_id)
    steps = steps_of(booking, user=request.user)
    context = {
        "booking": api.booked(booking),
        "person": person_of(booking.resident_id, user=request.user),
        "history": history(booking),
        "steps": [_offered(step) for step in steps if step.name != "move"],
        "may_move": any(step.name == "move" for step in steps),
    }
    return render(request, "booking/booking.html", context)


@require_POST
def step(request: Any, booking_id: str, name: str) -> HttpResponse:
    """Take a step; a refusal is a page that says why."""
    open_booking(request.user, booking_id)
    said = request.POST
    changing.step(
        booking_id, name, by=request.user, at=clock.now(), request_id=said.get("request_id") or new_id(),
        reason=said.get("reason", ""),
    )  # fmt: skip
    if day := said.get("day"):
        return redirect(f"{reverse('booking_day')}?{urlencode({'day': day, 'resource': said.get('resource', '')})}")
    return redirect("booking", booking_id)


def move(request: Any, booking_id: str) -> HttpResponse:
    """Other slots of the same kind and item; posting one moves the booking there."""
    booking = open_booking(request.user, booking_id)
    if request.method == "POST":
        slot, request_id = request.POST.get("slot", ""), request.POST.get("request_id") or new_id()
        if not slot.isdecimal():
            raise Refusal(_("请选择时段"), remedy=_("请返回后再选"))
        moved = api.move(booking.pk, to_slot=int(slot), by=request.user, at=clock.now(), request_id=request_id)
        return redirect("booking", moved.booking_id)
    context = {
        "booking": api.booked(booking),
        "offers": api.alternatives(booking.pk, at=clock.now()),
        "request_id": new_id(),
    }
    return render(request, "booking/move.html", context)


def _offered(step: Step) -> Offered:
    form = ReasonForm(auto_id=f"id_{step.name}_%s") if "reason" in step.needs else None
    return Offered(step, form, new_id())
