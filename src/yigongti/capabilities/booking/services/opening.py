"""The slots that follow from a resource's templates and exceptions: opened ahead, with what is reserved of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, When

from yigongti.capabilities.booking.decisions.planning import PlannedSlot, sessions_on, slots_of
from yigongti.capabilities.booking.decisions.quota import reserved_seats
from yigongti.capabilities.booking.models import HELD, WAITING, Booking, Resource, Seat, Slot
from yigongti.capabilities.booking.services.promoting import promote
from yigongti.kernel.clock import COUNTY_TIME, day_of
from yigongti.kernel.rules import Rules
from yigongti.kernel.rules.values import Exact
from yigongti.spine.county_rules import county_rules

LONGEST = 92
"""Days for which slots are opened at once, at most."""


@transaction.atomic
def open_days(resource: Resource, *, first: date, last: date, at: datetime) -> int:
    """Open the slots of these days that are not open yet, their seats and what is reserved of them; returns how many
    slots.  Who waits is booked at once.  Days gone by are left alone."""
    Resource.objects.select_for_update().get(pk=resource.pk)  # two who open at once open once
    begin = max(first, day_of(at))
    last = min(
        last, begin + timedelta(days=LONGEST), *([resource.closed_on - timedelta(days=1)] if resource.closed_on else [])
    )
    planned = _planned(resource, begin, last)
    known = {slot.begins: slot for slot in slots_between(resource, begin, last)}
    slots = _opened([each for each in planned if each.slot.begins not in known])
    again = [(known[each.slot.begins], each) for each in planned if each.slot.begins in known]
    slots += [slot for slot, each in again if slot.closed_at is not None and slot.begins > at and _reopened(slot, each)]
    if resource.waiting.filter(WAITING).exists():
        for slot in slots:
            promote(slot, at=at)
    return len(slots)


def open_ahead(*, at: datetime, days: int) -> int:
    """Open the slots of every resource for so many days ahead; returns how many.  A job."""
    today = day_of(at)
    resources = Resource.objects.filter(closed_on__isnull=True).order_by("pk")
    return sum(open_days(each, first=today, last=today + timedelta(days=days), at=at) for each in resources)


def slots_between(resource: Resource, first: date, last: date) -> list[Slot]:
    """The slots of a resource on these days, open or closed, in order."""
    begin, end = (datetime.combine(day, time.min, COUNTY_TIME) for day in (first, last + timedelta(days=1)))
    return list(resource.slots.filter(begins__gte=begin, begins__lt=end).order_by("begins"))


def unplanned(resource: Resource, first: date, last: date) -> list[Slot]:
    """The open slots of these days that templates and exceptions do not have (any more), or have at another length."""
    planned = {(each.slot.begins, each.slot.ends) for each in _planned(resource, first, last)}
    known = slots_between(resource, first, last)
    return [slot for slot in known if slot.closed_at is None and (slot.begins, slot.ends) not in planned]


def _opened(planned: list["_Planned"]) -> list[Slot]:
    slots = Slot.objects.bulk_create([each.slot for each in planned])
    Seat.objects.bulk_create([seat for each in planned for seat in each.seats()], batch_size=1000)
    return slots


def _reopened(slot: Slot, planned: "_Planned") -> bool:
    """A slot that was closed is planned again, perhaps at another length or with another number of seats.  Seats that
    somebody holds stay theirs."""
    slot.closed_at, slot.ends, slot.shared_from = None, planned.slot.ends, planned.slot.shared_from
    slot.save(update_fields=["closed_at", "ends", "shared_from"])
    held = Exists(Booking.objects.filter(HELD, seat_id=OuterRef("pk")))
    slot.seats.filter(~held).update(is_taken=Case(When(number__lte=planned.count, then=False), default=True))
    have = slot.seats.count()
    planned.slot.pk = slot.pk
    Seat.objects.bulk_create([seat for seat in planned.seats() if seat.number > have])
    return True


@dataclass(frozen=True)
class _Planned:
    """A slot to be, how many seats it has, and how many of them are kept for referrals."""

    slot: Slot
    count: int
    kept: int

    def seats(self) -> list[Seat]:
        """The slot's seats, the kept ones last.  Once the slot has its key."""
        public = self.count - self.kept
        return [
            Seat(slot_id=self.slot.pk, number=number, is_reserved=number > public)
            for number in range(1, self.count + 1)
        ]


def _planned(resource: Resource, first: date, last: date) -> list[_Planned]:
    weekly = [template.weekly for template in resource.templates.all()]
    exceptions = [each.exceptional for each in resource.exceptions.filter(day__gte=first, day__lte=last)]
    found: list[_Planned] = []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        found += _of_day(resource, slots_of(day, sessions_on(day, weekly=weekly, exceptions=exceptions)), day)
    return found


def _of_day(resource: Resource, slots: list[PlannedSlot], day: date) -> list[_Planned]:
    if not slots:
        return []
    rules = county_rules().on(day)
    kept = reserved_seats([slot.seats for slot in slots], share=_share(resource, rules))
    before = rules["booking.reserved_until_before"].timedelta
    return [
        _Planned(
            Slot(resource=resource, begins=slot.begins, ends=slot.ends, shared_from=slot.begins - before),
            slot.seats, keep,
        )
        for slot, keep in zip(slots, kept, strict=True)
    ]  # fmt: skip


def _share(resource: Resource, rules: Rules) -> Exact:
    return rules["booking.reserved_share"].exact if resource.kind in rules["booking.reserved_kinds"].codes else 0
