"""A seat that becomes free goes to who waits for it, in the order of the rules."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDate

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.decisions.waiting import Waiting, in_order
from yigongti.capabilities.booking.models import WAITING, Resource, Seat, Slot, WaitingEntry, WaitingState
from yigongti.capabilities.booking.services.booking import seat_in
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.capabilities.booking.services.events import Taken
from yigongti.capabilities.booking.services.turns import has_turn
from yigongti.kernel.clock import COUNTY_TIME, day_of, minute_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.roles import SYSTEM
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.inbox import notify


def give_out(resource: Resource | None = None, *, at: datetime) -> int:
    """Book every free seat, of one resource or of all, for which somebody waits; returns how many.

    For who was passed over when it became free, and for reserved seats that have become anybody's since.  Each slot
    is a transaction of its own, where the caller has none.
    """
    free = Seat.objects.filter(slot_id=OuterRef("pk"), is_taken=False)
    line = WaitingEntry.objects.filter(WAITING, resource_id=OuterRef("resource_id"))
    line = line.filter(earliest_on__lte=OuterRef("day"), latest_on__gte=OuterRef("day"))
    slots = Slot.objects.annotate(day=TruncDate("begins", tzinfo=COUNTY_TIME))
    slots = slots.filter(Exists(line), Exists(free), begins__gt=at, closed_at__isnull=True)
    slots = slots.filter(resource=resource) if resource else slots
    return sum(_promoted(slot, at=at) for slot in slots.select_related("resource").order_by("begins", "pk"))


@transaction.atomic
def _promoted(slot: Slot, *, at: datetime) -> int:
    return promote(slot, at=at)


def promote(slot: Slot, *, at: datetime) -> int:
    """Book the free seats of a slot for those who wait, first the first in order; returns how many were booked.

    Not shortly before the slot (booking.promote_until_before): they could not come in time.  Who may not have the
    seat (it is kept for referrals, or they are paused), or is being booked elsewhere at this very moment, is passed
    over and goes on waiting.
    """
    rules = county_rules().on(day_of(at))
    if slot.closed_at or at > slot.begins - rules["booking.promote_until_before"].timedelta:
        return 0
    day = day_of(slot.begins)
    line = WaitingEntry.objects.select_for_update(skip_locked=True).filter(
        WAITING, resource_id=slot.resource_id, earliest_on__lte=day, latest_on__gte=day
    )
    entries = {entry.pk: entry for entry in line}
    waiting = [Waiting(entry.pk, Source(entry.source), entry.asked_at) for entry in entries.values()]
    ordered = in_order(waiting, priority=rules["booking.waiting_priority"])
    return sum(_book(slot, entries[each.entry_id], at=at) for each in ordered)


def _book(slot: Slot, entry: WaitingEntry, *, at: datetime) -> bool:
    taken = Taken("book", SYSTEM_ACTOR, SYSTEM, at, f"promoted/{entry.pk}")
    wish = Wish(entry.resident_id, Source(entry.source), entry.case_id)
    try:
        with transaction.atomic():
            if not has_turn(entry.resident_id):
                return False
            entry.booking = seat_in(slot, wish, taken)
            entry.state = WaitingState.PROMOTED
            entry.save(update_fields=["booking", "state"])
    except Refusal:
        return False
    if entry.opener_id and entry.source != Source.RESIDENT:
        text = f"您代登记的候补已有空位并已预约:{slot.resource} {minute_of(slot.begins)}"
        notify([entry.opener_id], kind="booking", text=text, at=at, subject=f"booking:{entry.booking_id}")
    return True
