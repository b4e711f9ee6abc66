"""Resources, their weekly templates and exceptions, and the slots that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from yigongti.capabilities.booking.decisions.life import HOSTS
from yigongti.capabilities.booking.decisions.planning import PlannedSlot, Session, sessions_on, slots_of
from yigongti.capabilities.booking.decisions.quota import reserved_seats
from yigongti.capabilities.booking.models import WAITING, Booking, Resource, ScheduleException, Seat, Slot, Template
from yigongti.capabilities.booking.services.changing import step
from yigongti.capabilities.booking.services.promoting import promote
from yigongti.kernel.clock import COUNTY_TIME, day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.rules import Rules
from yigongti.kernel.rules.values import Exact
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules

LONGEST = 92
"""Days for which slots are opened at once, at most."""


def may_keep(by: Any, institution_id: str) -> None:
    """Raises NotAllowed where `by` does not keep the schedules of an institution."""
    if not may(by, HOSTS, institution_id=institution_id):
        raise NotAllowed("您不能维护这家机构的排班", why="由该机构的工作人员维护", remedy="请联系该机构")


@transaction.atomic
def add_resource(*, kind: str, item: str, name: str, institution_id: str, by: Any, at: datetime) -> Resource:
    """A new resource of an institution.  Raises Refusal where the institution has one of the name."""
    may_keep(by, institution_id)
    if Resource.objects.filter(institution_id=institution_id, name=name).exists():
        raise Refusal(f"已有名为“{name}”的资源", where=institution_id, remedy="请另取名称")
    resource = Resource.objects.create(kind=kind, item=item, name=name, institution_id=institution_id)
    _say("add_resource", resource, by, at, {"name": name, "kind": kind})
    return resource


@transaction.atomic
def add_template(
    resource: Resource, *, weekdays: Iterable[int], session: Session, from_on: date, by: Any, at: datetime
) -> int:
    """The session repeats on these weekdays from a day on; returns how many templates were added.

    Raises Refusal on hours that are none, or that overlap a session the weekday has.
    """
    may_keep(by, resource.institution_id)
    _check_hours(session)
    weekdays = sorted(set(weekdays))
    for other in resource.templates.filter(weekday__in=weekdays, until_on__isnull=True):
        if other.begins < session.ends and session.begins < other.ends:
            raise Refusal(f"与已有排班 {other.begins:%H:%M}–{other.ends:%H:%M} 重叠", where=resource.name,
                          remedy="请先结束原排班")  # fmt: skip
    for weekday in weekdays:
        Template.objects.create(resource=resource, weekday=weekday, from_on=from_on, **vars(session))
    _say("add_template", resource, by, at, {"weekdays": weekdays, "from": from_on, "seats": session.seats})
    return len(weekdays)


@transaction.atomic
def end_template(template: Template, *, on: date, by: Any, at: datetime) -> None:
    """A weekly session ends with a day; slots that are open already stay."""
    may_keep(by, template.resource.institution_id)
    template.until_on = max(on, template.from_on)
    template.save(update_fields=["until_on"])
    _say("end_template", template.resource, by, at, {"template": template.pk, "until": template.until_on})


@transaction.atomic
def except_day(
    resource: Resource, day: date, *, session: Session | None, reason: str, by: Any, at: datetime
) -> list[Booking]:
    """On one day other hours hold, or none; returns the bookings that were cancelled for it.

    What was open on the day and does not fit the new hours is closed, its people are told and may book again.
    """
    may_keep(by, resource.institution_id)
    if not reason.strip():
        raise Refusal("请填写原因", where=f"{resource.name} {day}")
    if session is not None:
        _check_hours(session)
    hours = vars(session) if session else dict.fromkeys(("begins", "ends", "minutes", "seats"))
    ScheduleException.objects.update_or_create(
        resource=resource, day=day, defaults={**hours, "reason": reason.strip()[:100]}
    )
    _say("except_day", resource, by, at, {"day": day, "reason": reason})
    planned = {slot.begins for slot in slots_of(day, [session] if session else [])}
    cancelled = _close([slot for slot in _slots(resource, day, day) if slot.begins not in planned], by=by, at=at)
    open_days(resource, first=day, last=day, at=at)
    return cancelled


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
    slots = Slot.objects.bulk_create([each.slot for each in planned])
    Seat.objects.bulk_create([seat for each in planned for seat in each.seats()], batch_size=1000)
    if resource.waiting.filter(WAITING).exists():
        for slot in slots:
            promote(slot, at=at)
    return len(slots)


def open_ahead(*, at: datetime, days: int) -> int:
    """Open the slots of every resource for so many days ahead; returns how many.  A job."""
    today = day_of(at)
    resources = Resource.objects.filter(closed_on__isnull=True).order_by("pk")
    return sum(open_days(each, first=today, last=today + timedelta(days=days), at=at) for each in resources)


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
    known = {slot.begins for slot in _slots(resource, first, last)}
    found: list[_Planned] = []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        found += _of_day(resource, slots_of(day, sessions_on(day, weekly=weekly, exceptions=exceptions)), day, known)
    return found


def _of_day(resource: Resource, slots: list[PlannedSlot], day: date, known: set[datetime]) -> list[_Planned]:
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
        if slot.begins not in known
    ]  # fmt: skip


def _share(resource: Resource, rules: Rules) -> Exact:
    return rules["booking.reserved_share"].exact if resource.kind in rules["booking.reserved_kinds"].codes else 0


def _slots(resource: Resource, first: date, last: date) -> list[Slot]:
    begin, end = (datetime.combine(day, time.min, COUNTY_TIME) for day in (first, last + timedelta(days=1)))
    return list(resource.slots.filter(begins__gte=begin, begins__lt=end))


def _close(slots: list[Slot], *, by: Any, at: datetime) -> list[Booking]:
    """Nobody may book these any more: the free seats are held first, so that who is booking at this moment either is
    through and found below, or finds no seat."""
    ids = [slot.pk for slot in slots if slot.begins > at]
    Slot.objects.filter(pk__in=ids).update(closed_at=at)
    list(Seat.objects.select_for_update().filter(slot_id__in=ids).order_by("pk"))
    Seat.objects.filter(slot_id__in=ids, is_taken=False).update(is_taken=True)
    awaited = Booking.objects.filter(slot_id__in=ids, state="booked").order_by("pk")
    return [step(each.pk, "cancel", by=by, at=at, request_id=f"closed/{each.pk}", reason="停诊") for each in awaited]


def _check_hours(session: Session) -> None:
    if session.begins >= session.ends:
        raise Refusal(f"结束时间 {session.ends:%H:%M} 不晚于开始时间", where="排班时间", remedy="请改正")
    if session.minutes < 5 or session.seats < 1:
        raise Refusal("每个时段至少 5 分钟、1 个名额", where="排班", remedy="请改正")


def _say(action: str, resource: Resource, by: Any, at: datetime, detail: dict[str, Any]) -> None:
    trail.record(action, actor=by.username, at=at, subject=f"resource:{resource.pk}", detail=detail)
