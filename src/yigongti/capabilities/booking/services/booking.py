"""Booking a seat: one transaction, one seat, once a request."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.booking.decisions.life import BOOKERS, LIFE, Source
from yigongti.capabilities.booking.models import TWO_PLACES, Booking, Seat, Slot
from yigongti.capabilities.booking.services.acting import acting_role
from yigongti.capabilities.booking.services.checking import COMING, Wish, check, in_conflict, slot_for
from yigongti.capabilities.booking.services.events import Taken, tell_of, write
from yigongti.capabilities.booking.services.seats import full, take_seat
from yigongti.kernel.clock import minute_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.roles import SYSTEM, Role

MAY_BOOK = {
    Source.RESIDENT: frozenset({Role.RESIDENT}),
    Source.DOCTOR: BOOKERS,
    Source.REFERRAL: BOOKERS | {SYSTEM},
}


def book(slot_id: int, wish: Wish, *, by: Any, at: datetime, request_id: str) -> Booking:
    """Book a seat of a slot for a person; returns the booking.  A repeat of the request returns the same booking.

    Raises Refusal: past, closed, full, kept for referrals, paused, in conflict; NotAllowed: not for `by` to do.
    Nothing is written where it refuses.
    """
    slot = slot_for(wish.resident_id, slot_id)
    try:
        with transaction.atomic():
            role = acting_role(
                by, roles=MAY_BOOK[wish.source], resident_id=wish.resident_id,
                institution_id=slot.resource.institution_id,
            )  # fmt: skip
            return seat_in(slot, wish, Taken("book", by, role, at, request_id))
    except NotAllowed:
        raise
    except (IntegrityError, Refusal):  # most often a request is the first of its id, so that is asked only now
        if earlier := _already(request_id, slot_id, wish):
            return earlier
        if Booking.objects.filter(slot_id=slot_id, resident_id=wish.resident_id, state__in=COMING).exists():
            raise Refusal("已经约了这个时段", why="一个人在一个时段只占一个名额") from None
        raise


def seat_in(slot: Slot, wish: Wish, taken: Taken, *, replaces: Booking | None = None) -> Booking:
    """Check, take a seat, and write the booking with its traces.  Part of the caller's transaction."""
    check(slot, wish, at=taken.at)
    seat = take_seat(slot, source=wish.source, at=taken.at)
    if seat is None:
        raise full(slot, source=wish.source, at=taken.at)
    booking = _written(slot, seat, wish, taken, replaces)
    write(booking, taken, came_from="", institution_id=slot.resource.institution_id)
    if taken.role != Role.RESIDENT:
        when = minute_of(slot.begins)
        tell_of(booking, f"已为您预约:{slot.resource} {when},序号 {seat.number}", at=taken.at)
    return booking


def _written(slot: Slot, seat: Seat, wish: Wish, taken: Taken, replaces: Booking | None) -> Booking:
    """The booking's row.  What was checked may have changed since: the database has the last word."""
    try:
        return Booking.objects.create(
            slot=slot, seat=seat, resident_id=wish.resident_id, source=wish.source, case_id=wish.case_id,
            state=LIFE.initial, opener_id=taken.by.pk, booked_at=taken.at, entered_at=taken.at, replaces=replaces,
            request_id=taken.request_id,
        )  # fmt: skip
    except IntegrityError as error:
        if TWO_PLACES in str(error):
            raise in_conflict(slot, "刚刚办好的另一个预约") from None
        raise


def _already(request_id: str, slot_id: int, wish: Wish) -> Booking | None:
    earlier: Booking | None = Booking.objects.filter(request_id=request_id).first()
    if earlier and (earlier.slot_id, earlier.resident_id) != (slot_id, wish.resident_id):
        raise used_otherwise(request_id)
    return earlier


def used_otherwise(request_id: str) -> NotAllowed:
    """Why a request id that has done something else does nothing now."""
    return NotAllowed("这个请求编号已用于另一次办理", where=f"请求 {request_id}", remedy="请用新的请求编号再提交")
