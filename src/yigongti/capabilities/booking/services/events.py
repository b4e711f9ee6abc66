"""What every step of a booking leaves behind: one event (the first: the booking itself), one `case_step` fact, one
audit record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yigongti.capabilities.booking.decisions.life import LIFE
from yigongti.capabilities.booking.models import Booking, BookingEvent
from yigongti.spine.access.models import User
from yigongti.spine.audit import trail
from yigongti.spine.cases.models import CaseStepFact
from yigongti.spine.notices.inbox import notify


@dataclass(frozen=True)
class Taken:
    """A step that has passed every check: which, by whom in which role, when, for which request."""

    step: str
    by: Any
    role: str
    at: datetime
    request_id: str
    reason: str = ""


def write(booking: Booking, taken: Taken, *, came_from: str, institution_id: str) -> None:
    """Append the fact and the audit record, and the event where a booking that exists took the step.  Part of the
    caller's transaction."""
    if came_from:
        BookingEvent.objects.create(
            booking=booking, step=taken.step, from_state=came_from, to_state=booking.state, user_id=taken.by.pk,
            role=taken.role, at=taken.at, reason=taken.reason, request_id=taken.request_id,
        )  # fmt: skip
    CaseStepFact.objects.create(
        case_id=booking.pk, at=taken.at, step=taken.step, workflow=LIFE.id, from_state=came_from or None,
        to_state=booking.state, institution_id=institution_id, role=taken.role, due_at=None, late=False,
    )  # fmt: skip
    trail.record(
        "booking_step", actor=taken.by.username, at=taken.at, subject=f"booking:{booking.pk}",
        resident_id=booking.resident_id,
        detail={"step": taken.step, "slot": booking.slot_id, "source": booking.source, "request": taken.request_id},
    )  # fmt: skip


def tell(resident_id: str, text: str, *, subject: str, at: datetime) -> None:
    """A line in the inbox of a person's account, where they have one."""
    accounts = User.objects.filter(resident_id=resident_id).values_list("pk", flat=True)
    notify(accounts, kind="booking", text=text, at=at, subject=subject)


def tell_of(booking: Booking, text: str, *, at: datetime) -> None:
    """Tell the person of their booking."""
    tell(booking.resident_id, text, subject=f"booking:{booking.pk}", at=at)
