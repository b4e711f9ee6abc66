"""The waiting list: joined, left, expired.  Seats that become free are given out by `promoting`."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import WAITING, Resource, WaitingEntry, WaitingState
from yigongti.capabilities.booking.services.acting import acting_role
from yigongti.capabilities.booking.services.booking import MAY_BOOK, used_otherwise
from yigongti.capabilities.booking.services.checking import Wish, check_waiting
from yigongti.capabilities.booking.services.events import tell
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import Refusal
from yigongti.spine.audit import trail


def wait(
    resource: Resource, wish: Wish, *, earliest: date, latest: date, by: Any, at: datetime, request_id: str
) -> WaitingEntry:
    """Put a person on the list for the first seat of a resource on one of these days.  A repeat changes nothing.

    Raises Refusal where the person waits already, or the days are none.
    """
    if earliest > latest or latest < day_of(at):
        raise Refusal(f"{earliest} 至 {latest} 没有可候补的日期", where="日期", remedy="请改正日期")
    try:
        with transaction.atomic():
            return _join(resource, wish, earliest, latest, by=by, at=at, request_id=request_id)
    except IntegrityError:
        if earlier := WaitingEntry.objects.filter(request_id=request_id).first():
            if (earlier.resource_id, earlier.resident_id) != (resource.pk, wish.resident_id):
                raise used_otherwise(request_id) from None
            return earlier
        raise Refusal("已在候补名单中", where=resource.name, remedy="有空位时会自动安排并通知") from None


def _join(
    resource: Resource, wish: Wish, earliest: date, latest: date, *, by: Any, at: datetime, request_id: str
) -> WaitingEntry:
    acting_role(by, roles=MAY_BOOK[wish.source], resident_id=wish.resident_id, institution_id=resource.institution_id)
    check_waiting(wish)
    entry = WaitingEntry.objects.create(
        resource=resource, resident_id=wish.resident_id, earliest_on=earliest, latest_on=latest, source=wish.source,
        case_id=wish.case_id, state=WaitingState.WAITING, asked_at=at, opener_id=by.pk, request_id=request_id,
    )  # fmt: skip
    if wish.source is Source.RESIDENT:
        _say("join_waiting_list", entry, by, at)
    else:
        say_that_they_wait(entry, by, at)
    return entry


def say_that_they_wait(entry: WaitingEntry, by: Any, at: datetime) -> None:
    """Audit that somebody was put on a list by others, and tell them."""
    _say("join_waiting_list", entry, by, at)
    days = f"{entry.earliest_on} 至 {entry.latest_on}"
    text = f"已为您登记候补:{entry.resource.name},{days};有空位时自动预约并通知"
    tell(entry.resident_id, text, subject=f"waiting:{entry.pk}", at=at)


@transaction.atomic
def withdraw(entry_id: str, *, by: Any, at: datetime) -> WaitingEntry:
    """Take somebody off the list.  Raises Refusal where they do not wait any more."""
    entry = WaitingEntry.objects.select_for_update(of=("self",)).select_related("resource").filter(pk=entry_id).first()
    if entry is None or entry.state != WaitingState.WAITING:
        raise Refusal("没有这条在候补的登记", where=entry_id, remedy="请刷新后再办理")
    roles = frozenset().union(*MAY_BOOK.values())
    acting_role(by, roles=roles, resident_id=entry.resident_id, institution_id=entry.resource.institution_id)
    entry.state = WaitingState.WITHDRAWN
    entry.save(update_fields=["state"])
    _say("leave_waiting_list", entry, by, at)
    return entry


def expire(*, at: datetime) -> int:
    """Whoever waited for days that are over waits no more; returns how many.  A job."""
    gone = WaitingEntry.objects.filter(WAITING, latest_on__lt=day_of(at))
    return int(gone.update(state=WaitingState.EXPIRED))


def _say(action: str, entry: WaitingEntry, by: Any, at: datetime) -> None:
    trail.record(
        action, actor=by.username, at=at, subject=f"resource:{entry.resource_id}", resident_id=entry.resident_id,
        detail={"from": entry.earliest_on, "until": entry.latest_on},
    )  # fmt: skip
