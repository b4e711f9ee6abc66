"""Bookings as others read them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yigongti.capabilities.booking.decisions.life import LIFE, Source
from yigongti.capabilities.booking.models import Booking, Kind


@dataclass(frozen=True)
class Booked:
    """One booking.  state: id of decisions.life; number: the person's number in the slot; case_id: the referral it
    belongs to, or ""."""

    booking_id: str
    state: str
    slot_id: int
    resident_id: str
    source: Source
    case_id: str
    kind: str
    item: str
    resource: str
    institution_id: str
    institution: str
    begins: datetime
    ends: datetime
    number: int
    was_reserved: bool

    @property
    def state_label(self) -> str:
        return LIFE.states[self.state]

    @property
    def is_open(self) -> bool:
        """Whether the person is still to come, or is there."""
        return not LIFE.is_final(self.state)


def with_all(bookings: QuerySet) -> QuerySet:
    """Joined with what `booked` reads."""
    return bookings.select_related("seat", "slot__resource__institution")


def booked(booking: Booking) -> Booked:
    """The booking as a frozen value."""
    resource = booking.slot.resource
    return Booked(
        booking.pk, booking.state, booking.slot_id, booking.resident_id, Source(booking.source), booking.case_id,
        Kind(resource.kind).label, resource.item, resource.name, resource.institution_id, resource.institution.name,
        booking.slot.begins, booking.slot.ends, booking.seat.number, booking.seat.is_reserved,
    )  # fmt: skip


def bookings_of(resident_id: str, *, limit: int = 50) -> list[Booked]:
    """A person's bookings, the latest slot first.  Access is the caller's matter."""
    rows = with_all(Booking.objects.filter(resident_id=resident_id)).order_by("-slot__begins", "-pk")
    return [booked(row) for row in rows[:limit]]


def of_case(case_id: str) -> list[Booked]:
    """The bookings that belong to a referral, first to last."""
    return [booked(row) for row in with_all(Booking.objects.filter(case_id=case_id)).order_by("booked_at", "pk")]
