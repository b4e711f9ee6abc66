"""Booking's door for other capabilities: what is free, book it, give it up.

    offer = api.search(Sought("exam", Source.REFERRAL, begin, end, item="CT", near=Point(106.5, 29.4)), at=now)[0]
    booked = api.book(offer.slot_id, resident_id="R1", by=user, at=now, source=Source.REFERRAL, case_id=case.pk,
                      request_id=request_id)

Every command is one transaction (part of the caller's, where there is one), happens once a request id, and writes its
event, fact and audit record.  Raises Refusal naming the rule (past, full, kept for referrals, in conflict, paused) or
NotAllowed (not theirs to do); nothing is written then.
"""

from datetime import date, datetime, timedelta
from typing import Any

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import Booking, Kind, Resource
from yigongti.capabilities.booking.selectors.booked import Booked, booked, bookings_of, of_case, with_all
from yigongti.capabilities.booking.selectors.offers import MOST, Bookable, Offer, Sought, items, offers, resources
from yigongti.capabilities.booking.selectors.waiting import Waits, waiting_of
from yigongti.capabilities.booking.services import booking as booking_commands
from yigongti.capabilities.booking.services import changing
from yigongti.capabilities.booking.services import waiting as waiting_commands
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.capabilities.booking.services.keeping_up import KeptUp, keep_up
from yigongti.kernel.errors import Refusal

AHEAD = timedelta(days=30)
"""How far ahead another slot is looked for."""

__all__ = [
    "MOST",
    "Bookable",
    "Booked",
    "KeptUp",
    "Kind",
    "Offer",
    "Sought",
    "Source",
    "Waits",
    "alternatives",
    "book",
    "booked",
    "bookings_of",
    "cancel",
    "check_in",
    "items",
    "keep_up",
    "move",
    "of_case",
    "resources",
    "search",
    "serve",
    "wait",
    "waiting_of",
    "withdraw",
]


def search(sought: Sought, *, at: datetime, limit: int = MOST) -> list[Offer]:
    """The earliest slots with a free seat; Source.REFERRAL also sees the seats that are kept for referrals."""
    return offers(sought, at=at, limit=limit)


def book(
    slot_id: int, *, resident_id: str, by: Any, at: datetime, source: Source, request_id: str, case_id: str = ""
) -> Booked:
    """Book a seat of a slot.  by: an account, or SYSTEM_ACTOR for a referral; case_id: the referral's open case."""
    made = booking_commands.book(slot_id, Wish(resident_id, source, case_id), by=by, at=at, request_id=request_id)
    return _fresh(made.pk)


def cancel(booking_id: str, *, by: Any, at: datetime, reason: str, request_id: str) -> Booked:
    """Give a booking up; its seat goes to who waits for it."""
    return _stepped(booking_id, "cancel", by=by, at=at, request_id=request_id, reason=reason)


def check_in(booking_id: str, *, by: Any, at: datetime, request_id: str) -> Booked:
    """The person has come."""
    return _stepped(booking_id, "check_in", by=by, at=at, request_id=request_id)


def serve(booking_id: str, *, by: Any, at: datetime, request_id: str) -> Booked:
    """The person has been seen."""
    return _stepped(booking_id, "serve", by=by, at=at, request_id=request_id)


def move(booking_id: str, *, to_slot: int, by: Any, at: datetime, request_id: str) -> Booked:
    """Another slot of the same kind and item instead; both or neither."""
    return _fresh(changing.move(booking_id, to_slot=to_slot, by=by, at=at, request_id=request_id).pk)


def alternatives(booking_id: str, *, at: datetime) -> list[Offer]:
    """Free slots of the same kind and item as a booking's, its own left out, in the coming month."""
    row = with_all(Booking.objects.all()).get(pk=booking_id)
    resource = row.slot.resource
    sought = Sought(resource.kind, Source(row.source), at, at + AHEAD, item=resource.item)
    return [offer for offer in offers(sought, at=at) if offer.slot_id != row.slot_id]


def wait(
    resource_id: str,
    *,
    resident_id: str,
    by: Any,
    at: datetime,
    source: Source,
    earliest: date,
    latest: date,
    request_id: str,
    case_id: str = "",
) -> str:
    """Put a person on the waiting list of a resource for the first seat on one of these days; returns the entry."""
    resource = Resource.objects.filter(pk=resource_id, closed_on__isnull=True).first()
    if resource is None:
        raise Refusal("没有这个可预约的资源", where=resource_id, remedy="请重新查找")
    wish = Wish(resident_id, source, case_id)
    days = {"earliest": earliest, "latest": latest}
    entry = waiting_commands.wait(resource, wish, **days, by=by, at=at, request_id=request_id)
    return str(entry.pk)


def withdraw(entry_id: str, *, by: Any, at: datetime) -> None:
    """Take a person off the waiting list."""
    waiting_commands.withdraw(entry_id, by=by, at=at)


def _stepped(booking_id: str, name: str, *, by: Any, at: datetime, request_id: str, reason: str = "") -> Booked:
    changing.step(booking_id, name, by=by, at=at, request_id=request_id, reason=reason)
    return _fresh(booking_id)


def _fresh(booking_id: str) -> Booked:
    return booked(with_all(Booking.objects.all()).get(pk=booking_id))
