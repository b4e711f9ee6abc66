"""Slots taken back, as when a doctor falls ill: who was booked is told, and is booked anew or waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import WAITING, Booking, Resource, Slot, WaitingEntry, WaitingState
from yigongti.capabilities.booking.services.changing import step
from yigongti.capabilities.booking.services.promoting import give_out
from yigongti.capabilities.booking.services.turns import take_turns
from yigongti.capabilities.booking.services.waiting import say_that_they_wait
from yigongti.kernel.clock import day_of
from yigongti.spine.county_rules import county_rules

WAITS = "booking.displaced_waits"


@dataclass(frozen=True)
class Displaced:
    """What became of the bookings of slots that were taken back, by booking id: cancelled all of them; of these, booked
    anew for another slot (the new booking's id), or waiting for the first seat (the entry's id)."""

    cancelled: Sequence[str] = ()
    rebooked: Sequence[str] = ()
    waiting: Sequence[str] = ()


def close_free(slots: Sequence[Slot], *, at: datetime) -> list[int]:
    """Nobody may book these any more, and who is booked stays; returns the ids of those that were still to come.

    Who is booking at this moment is through by then, or finds no seat (`take_seat`).
    """
    ids = [slot.pk for slot in slots if slot.begins > at]
    list(Slot.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    Slot.objects.filter(pk__in=ids, closed_at__isnull=True).update(closed_at=at)
    return ids


def cancel_all(slot_ids: Sequence[int], *, by: Any, at: datetime, reason: str) -> list[Booking]:
    """Cancel the bookings of slots that are closed; everybody is told why."""
    awaited = Booking.objects.select_for_update().filter(slot_id__in=slot_ids, state="booked").order_by("pk")
    bookings = list(awaited)
    take_turns(booking.resident_id for booking in bookings)
    said = f"停诊({reason})"
    return [step(each.pk, "cancel", by=by, at=at, request_id=f"closed/{each.pk}", reason=said) for each in bookings]


def requeue(cancelled: Sequence[Booking], resource: Resource, *, by: Any, at: datetime) -> Displaced:
    """Who was booked waits for the first seat of the resource from that day on, within the rule's days, and is given
    it at once where there is one."""
    entries = [entry for booking in cancelled if (entry := _queued(booking, resource, at))]
    give_out(resource, at=at)
    for entry in entries:
        entry.refresh_from_db()
        if entry.state == WaitingState.WAITING:
            say_that_they_wait(entry, by, at)
    return Displaced(
        [booking.pk for booking in cancelled],
        [str(entry.booking_id) for entry in entries if entry.booking_id],
        [entry.pk for entry in entries if not entry.booking_id],
    )


def _queued(booking: Booking, resource: Resource, at: datetime) -> WaitingEntry | None:
    """The person's new place on the list; None where they have one already."""
    if WaitingEntry.objects.filter(WAITING, resource=resource, resident_id=booking.resident_id).exists():
        return None
    day = day_of(booking.slot.begins)
    made: WaitingEntry = WaitingEntry.objects.create(
        resource=resource, resident_id=booking.resident_id, earliest_on=day,
        latest_on=county_rules().find(WAITS, on=day_of(at)).after(day), source=Source(booking.source),
        case_id=booking.case_id, state=WaitingState.WAITING, asked_at=booking.booked_at,
        opener_id=booking.opener_id, request_id=f"displaced/{booking.pk}",
    )  # fmt: skip
    return made
