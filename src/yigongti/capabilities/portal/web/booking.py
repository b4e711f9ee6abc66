"""Booking from the phone: look, book, see, move, cancel, check in, wait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.portal.web.asking import opened, page
from yigongti.capabilities.portal.web.forms import SeekForm
from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import Refusal
from yigongti.kernel.geography import Point, point_of
from yigongti.kernel.ids import new_id
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident

SHOWN = 24
TIMES = 6
"""How many of a resource's times of one day are shown at once; the others open on a tap."""


@dataclass(frozen=True)
class Day:
    """The free times of one resource on one day, earliest first."""

    day: date
    first: booking.Offer
    offers: Sequence[booking.Offer]

    @property
    def shown(self) -> Sequence[booking.Offer]:
        return self.offers[:TIMES]

    @property
    def further(self) -> Sequence[booking.Offer]:
        return self.offers[TIMES:]


def by_day(offers: Iterable[booking.Offer]) -> list[Day]:
    """Offers gathered by resource and day, in the order of each one's earliest."""
    found: dict[tuple[date, str], list[booking.Offer]] = {}
    for offer in offers:
        found.setdefault((offer.begins.astimezone(COUNTY_TIME).date(), offer.resource_id), []).append(offer)
    return [Day(day, gathered[0], gathered) for (day, _resource), gathered in found.items()]


def seek(request: Any) -> HttpResponse:
    """The earliest slots, nearest first among those of one time, as far ahead as residents may book."""
    resident_id = opened(request, purpose="booking")
    form = SeekForm(request.GET or {})
    sought = _sought(form, resident_id) if form.is_valid() else None
    found = booking.search(sought, at=clock.now()) if sought else []
    resources = booking.resources(sought)[:SHOWN] if sought and not found else []
    context = {
        "form": form, "days": by_day(found), "items": booking.items(), "resources": resources, "request_id": new_id()
    }  # fmt: skip
    return page(request, "portal/seek.html", context)


@require_POST
def book(request: Any, slot_id: int) -> HttpResponse:
    """Book one slot for the chosen person."""
    resident_id = opened(request, purpose="booking")
    booking.book(
        slot_id, resident_id=resident_id, by=request.user, at=clock.now(), source=booking.Source.RESIDENT,
        request_id=request.POST.get("request_id") or new_id(),
    )  # fmt: skip
    return redirect("portal_bookings")


def bookings(request: Any) -> HttpResponse:
    """What is booked and what was; where one waits."""
    resident_id = opened(request, purpose="booking")
    found = booking.bookings_of(resident_id)
    context = {
        "coming": sorted((each for each in found if each.is_open), key=lambda each: each.begins),
        "gone": [each for each in found if not each.is_open][:SHOWN],
        "waiting": booking.waiting_of(resident_id),
        "today": clock.today().isoformat(),
        "request_id": new_id(),
    }
    return page(request, "portal/bookings.html", context)


@require_POST
def step(request: Any, booking_id: str, name: str) -> HttpResponse:
    """Cancel, or check in."""
    mine, request_id = _mine(request, booking_id).booking_id, request.POST.get("request_id") or new_id()
    if name == "cancel":
        reason = request.POST.get("reason") or _("本人取消")
        booking.cancel(mine, by=request.user, at=clock.now(), reason=reason, request_id=request_id)
    elif name == "check_in":
        booking.check_in(mine, by=request.user, at=clock.now(), request_id=request_id)
    else:
        raise Http404("no such step for a resident")
    return redirect("portal_bookings")


def move(request: Any, booking_id: str) -> HttpResponse:
    """Other slots of the same thing; posting one moves the booking there."""
    mine = _mine(request, booking_id)
    if request.method == "POST":
        slot, request_id = request.POST.get("slot", ""), request.POST.get("request_id") or new_id()
        if not slot.isdecimal():
            raise Refusal(_("请选择时段"))
        booking.move(booking_id, to_slot=int(slot), by=request.user, at=clock.now(), request_id=request_id)
        return redirect("portal_bookings")
    offers = booking.alternatives(booking_id, at=clock.now())
    return page(request, "portal/move.html", {"booking": mine, "offers": offers[:SHOWN], "request_id": new_id()})


@require_POST
def wait(request: Any, resource_id: str) -> HttpResponse:
    """Wait for the first seat of a resource in the coming days."""
    resident_id = opened(request, purpose="booking")
    today = clock.today()
    booking.wait(
        resource_id, resident_id=resident_id, by=request.user, at=clock.now(), source=booking.Source.RESIDENT,
        earliest=today, latest=_last(today), request_id=request.POST.get("request_id") or new_id(),
    )  # fmt: skip
    return redirect("portal_bookings")


@require_POST
def leave(request: Any, entry_id: str) -> HttpResponse:
    """Wait no more."""
    booking.withdraw(entry_id, by=request.user, at=clock.now())
    return redirect("portal_bookings")


def _mine(request: Any, booking_id: str) -> booking.Booked:
    resident_id = opened(request, purpose="booking")
    found = next((each for each in booking.bookings_of(resident_id) if each.booking_id == booking_id), None)
    if found is None:
        raise Http404("no such booking of this person")
    return found


def _sought(form: SeekForm, resident_id: str) -> booking.Sought:
    said, now = form.cleaned_data, clock.now()
    home = _home(resident_id)
    opens = county_rules().find("booking.opens_before", on=clock.today())
    closes = county_rules().find("booking.closes_before", on=clock.today())
    return booking.Sought(
        kind=said["kind"], item=said["item"].strip(), source=booking.Source.RESIDENT,
        begin=closes.after(now), end=opens.after(now), near=home,
        within_km=float(said["within"]) if home and said["within"] else None,
    )  # fmt: skip


def _home(resident_id: str) -> Point | None:
    """Where the person lives, as far as the county's map says."""
    person = Resident.objects.select_related("place").filter(pk=resident_id).first()
    return point_of(person.place) if person else None


def _last(today: date) -> date:
    return today + timedelta(days=county_rules().find("booking.opens_before", on=today).days)
