"""What becomes of a booking: checked in, served, cancelled, moved, missed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.booking.decisions.eligibility import may_check_in, may_give_up, may_miss
from yigongti.capabilities.booking.decisions.life import LIFE, Source
from yigongti.capabilities.booking.models import Booking, BookingEvent, Slot
from yigongti.capabilities.booking.services.acting import acting_role
from yigongti.capabilities.booking.services.booking import seat_in, used_otherwise
from yigongti.capabilities.booking.services.checking import Wish, refuse_unless, slot_for
from yigongti.capabilities.booking.services.events import Taken, tell_of, write
from yigongti.capabilities.booking.services.promoting import promote
from yigongti.capabilities.booking.services.seats import give_back
from yigongti.kernel.clock import day_of, minute_of
from yigongti.kernel.decisions import Decision
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.rules import Rules
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.county_rules import county_rules

MOVE = "move"


@transaction.atomic
def step(booking_id: str, name: str, *, by: Any, at: datetime, request_id: str, reason: str = "") -> Booking:
    """Take a step of a booking's life; returns it as it then is.  A repeat of the request changes nothing.

    Raises NotAllowed: not a step from there, or not for `by`; Refusal: too early, too late, no reason, by rule.
    """
    booking = _held(booking_id)
    if _done(booking, name, request_id):
        return booking
    if name == MOVE:
        raise NotAllowed("改期要选新的时段", where=booking.pk, remedy="请用“改期”并选择时段")
    taken = _permitted(booking, name, by=by, at=at, request_id=request_id, reason=reason)
    _guard(booking, taken)
    _enter(booking, taken)
    if name in ("cancel", "leave"):
        give_back(booking.seat_id)
        _told_of_cancelling(booking, taken)
        promote(booking.slot, at=at)
    return booking


@transaction.atomic
def move(booking_id: str, *, to_slot: int, by: Any, at: datetime, request_id: str) -> Booking:
    """Book another slot of the same kind and item in a booking's place; returns the new booking.  Either both happen
    or neither."""
    old = _held(booking_id)
    if earlier := Booking.objects.filter(request_id=request_id).first():
        return _moved_to(earlier, old)
    new, was = slot_for(old.resident_id, to_slot), old.slot.resource
    if (new.resource.kind, new.resource.item) != (was.kind, was.item):
        raise Refusal("改期只能改到同一项目的时段", where=f"{was.item} → {new.resource.item}", remedy="请取消后另约")
    taken = _permitted(old, MOVE, by=by, at=at, request_id=f"{request_id}/move")
    _guard(old, taken)
    _enter(old, taken)
    give_back(old.seat_id)
    wish = Wish(old.resident_id, Source(old.source), old.case_id)
    booked = seat_in(new, wish, Taken("book", by, taken.role, at, request_id), replaces=old)
    promote(old.slot, at=at)
    return booked


def mark_missed(*, at: datetime) -> int:
    """Whoever had not checked in by the rule's minutes after the slot has missed it; returns how many.  A job."""
    late = county_rules().find("booking.no_show_after", on=day_of(at))
    awaited = Booking.objects.filter(state="booked", slot__ends__lt=at - late.timedelta)
    ids = list(awaited.order_by("pk").values_list("pk", flat=True))
    return sum(_miss(booking_id, at=at) for booking_id in ids)


@transaction.atomic
def _miss(booking_id: str, *, at: datetime) -> bool:
    booking = _held(booking_id)
    if booking.state != "booked":
        return False
    _enter(booking, Taken("miss", SYSTEM_ACTOR, SYSTEM, at, f"missed/{booking_id}"))
    tell_of(booking, f"您未按时就诊:{booking.slot.resource},已记为爽约", at=at)
    return True


def _held(booking_id: str) -> Booking:
    """The booking, its row held until the transaction ends.  Raises Refusal where there is none."""
    rows = Booking.objects.select_for_update(of=("self",)).select_related("slot__resource")
    found = rows.filter(pk=booking_id).first()
    if found is None:
        raise Refusal("没有这个预约", where=booking_id, remedy="请重新查找")
    return found


def _done(booking: Booking, name: str, request_id: str) -> bool:
    earlier = BookingEvent.objects.filter(request_id=request_id).first()
    if earlier is not None and (earlier.booking_id, earlier.step) != (booking.pk, name):
        raise used_otherwise(request_id)
    return earlier is not None


def _moved_to(earlier: Booking, old: Booking) -> Booking:
    if earlier.replaces_id != old.pk:
        raise used_otherwise(earlier.request_id)
    return earlier


def _permitted(booking: Booking, name: str, *, by: Any, at: datetime, request_id: str, reason: str = "") -> Taken:
    declared, state = LIFE.step(name, state=booking.state), LIFE.states[booking.state]
    if declared is None:
        follow = "、".join(dict.fromkeys(step.title for step in LIFE.steps_from(booking.state)))
        why = f"“{state}”之后只能:{follow}" if follow else f"“{state}”已是终点"
        raise NotAllowed(f"预约处于“{state}”,不能“{LIFE.labelled(name)}”", where=booking.pk, why=why,
                         remedy="请刷新后再办理")  # fmt: skip
    if "reason" in declared.needs and not reason.strip():
        raise Refusal("请填写理由", where=declared.title)
    role = acting_role(
        by, roles=declared.roles, resident_id=booking.resident_id, institution_id=booking.slot.resource.institution_id
    )
    return Taken(name, by, role, at, request_id, reason.strip()[:200])


def _enter(booking: Booking, taken: Taken) -> None:
    declared = LIFE.step(taken.step, state=booking.state)
    assert declared is not None, "checked before"
    came_from, booking.state, booking.entered_at = booking.state, declared.target, taken.at
    booking.save(update_fields=["state", "entered_at"])
    write(booking, taken, came_from=came_from, institution_id=booking.slot.resource.institution_id)


def _guard(booking: Booking, taken: Taken) -> None:
    judge = _GUARDS.get(taken.step)
    if judge is not None:
        rules = county_rules().on(day_of(taken.at))
        refuse_unless(judge(booking.slot, taken, rules), where=str(booking.slot.resource))


def _giving_up(slot: Slot, taken: Taken, rules: Rules) -> Decision:
    source = Source.RESIDENT if taken.role == Role.RESIDENT else Source.DOCTOR
    return may_give_up(source=source, begins=slot.begins, at=taken.at, rules=rules)


_GUARDS: dict[str, Callable[[Slot, Taken, Rules], Decision]] = {
    "check_in": lambda slot, taken, rules: may_check_in(begins=slot.begins, ends=slot.ends, at=taken.at, rules=rules),
    "miss": lambda slot, taken, rules: may_miss(ends=slot.ends, at=taken.at, rules=rules),
    "cancel": _giving_up,
    "move": _giving_up,
}


def _told_of_cancelling(booking: Booking, taken: Taken) -> None:
    if taken.role != Role.RESIDENT:
        when = minute_of(booking.slot.begins)
        tell_of(booking, f"预约已取消:{booking.slot.resource} {when},理由:{taken.reason}", at=taken.at)
