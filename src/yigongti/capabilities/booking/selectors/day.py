"""An institution's day: who is expected where, and which seats are still free."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yigongti.capabilities.booking.decisions.life import HOSTS, LIFE, Source
from yigongti.capabilities.booking.models import HELD, Booking, Kind, Resource, Seat, Slot
from yigongti.capabilities.booking.selectors.booked import Booked, booked, with_all
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.pages.work.people import masked
from yigongti.spine.access.rows import scoped
from yigongti.spine.access.scope import scope_of


@dataclass(frozen=True)
class Place:
    """One seat of a slot.  booking_id: "" where it is free; tone: of its state."""

    number: int
    is_reserved: bool
    booking_id: str = ""
    who: str = ""
    state: str = ""
    state_label: str = ""
    source: str = ""

    @property
    def tone(self) -> str:
        return {"checked_in": "warn", "served": "good", "no_show": "bad", "booked": "plain"}.get(self.state, "none")


@dataclass(frozen=True)
class SlotOfDay:
    """A slot with its seats."""

    slot_id: int
    begins: datetime
    ends: datetime
    is_closed: bool
    places: Sequence[Place]

    @property
    def free(self) -> int:
        return sum(1 for place in self.places if not place.booking_id)


@dataclass(frozen=True)
class ResourceOfDay:
    """A resource with the slots of its day."""

    resource_id: str
    name: str
    kind: str
    item: str
    institution: str
    slots: Sequence[SlotOfDay]


def keepable(user: Any) -> Any:
    """The resources of the institutions that the user reaches, in order."""
    rows = scoped(Resource.objects.filter(closed_on__isnull=True), user)
    return rows.select_related("institution").order_by("institution__name", "kind", "name")


def day_of(user: Any, day: date, *, resource_id: str = "") -> list[ResourceOfDay]:
    """Every resource in the user's scope (or one) with its slots of a day."""
    resources = list(keepable(user).filter(**({"pk": resource_id} if resource_id else {})))
    begin = datetime.combine(day, datetime.min.time(), COUNTY_TIME)
    slots = Slot.objects.filter(resource__in=resources, begins__gte=begin, begins__lt=begin + timedelta(days=1))
    rows = list(slots.order_by("begins"))
    places = _places([slot.pk for slot in rows])
    by_resource: dict[str, list[SlotOfDay]] = defaultdict(list)
    for slot in rows:
        shown = SlotOfDay(slot.pk, slot.begins, slot.ends, slot.closed_at is not None, places[slot.pk])
        by_resource[slot.resource_id].append(shown)
    return [
        ResourceOfDay(each.pk, each.name, Kind(each.kind).label, each.item, each.institution.name, by_resource[each.pk])
        for each in resources
        if by_resource[each.pk]
    ]


def hosted_on(user: Any, day: date, *, resource_id: str = "") -> list[Booked]:
    """The bookings of a day, first to last, at the institutions that the user receives people for (one resource's,
    where one is named)."""
    hosted, begin = scope_of(user).narrowed(HOSTS), datetime.combine(day, datetime.min.time(), COUNTY_TIME)
    rows = Booking.objects.filter(slot__begins__gte=begin, slot__begins__lt=begin + timedelta(days=1))
    if not hosted.whole_county:
        rows = rows.filter(slot__resource__institution_id__in=sorted(hosted.institution_ids))
    rows = rows.filter(slot__resource_id=resource_id) if resource_id else rows
    return [booked(row) for row in with_all(rows).order_by("slot__begins", "seat__number", "pk")]


def _places(slot_ids: Sequence[int]) -> dict[int, list[Place]]:
    bookings = list(Booking.objects.filter(HELD, slot_id__in=slot_ids))
    names, held = masked(each.resident_id for each in bookings), {each.seat_id: each for each in bookings}
    found: dict[int, list[Place]] = defaultdict(list)
    for seat in Seat.objects.filter(slot_id__in=slot_ids).order_by("slot_id", "number"):
        booking = held.get(seat.pk)
        if booking is None:
            found[seat.slot_id].append(Place(seat.number, seat.is_reserved))
            continue
        who = names.get(booking.resident_id, booking.resident_id)
        found[seat.slot_id].append(
            Place(seat.number, seat.is_reserved, booking.pk, who, booking.state, LIFE.states[booking.state],
                  Source(booking.source).label)
        )  # fmt: skip
    return found
