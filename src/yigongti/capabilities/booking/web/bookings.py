"""One booking: where it stands, what happened, what may be done with it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.selectors.one import history, open_booking, person_of, steps_of
from yigongti.capabilities.booking.services import changing
from yigongti.capabilities.booking.web.forms import ReasonForm
from yigongti.kernel import clock
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
    context = {
        "booking": api.booked(booking),
        "person": person_of(booking, user=request.user),
        "history": history(booking),
        "steps": [_offered(step) for step in steps_of(booking)],
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
    return redirect(said.get("back") or "booking", *([] if said.get("back") else [booking_id]))


def move(request: Any, booking_id: str) -> HttpResponse:
    """Other slots of the same kind and item; posting one moves the booking there."""
    booking = open_booking(request.user, booking_id)
    if request.method == "POST":
        to_slot, request_id = int(request.POST["slot"]), request.POST.get("request_id") or new_id()
        moved = api.move(booking.pk, to_slot=to_slot, by=request.user, at=clock.now(), request_id=request_id)
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
