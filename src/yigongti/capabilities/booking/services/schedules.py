"""Resources, their weekly templates, and the days on which something else holds."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from yigongti.capabilities.booking.decisions.life import HOSTS
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Booking, Resource, ScheduleException, Template
from yigongti.capabilities.booking.services.opening import LONGEST, open_days, unplanned
from yigongti.capabilities.booking.services.withdrawing import Displaced, cancel_all, close_free, requeue
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail


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
def end_template(template: Template, *, on: date, by: Any, at: datetime) -> int:
    """A weekly session ends with a day: the free seats after it are no longer offered; who is booked already stays,
    until the day is closed.  Returns how many bookings there still are."""
    resource = template.resource
    may_keep(by, resource.institution_id)
    template.until_on = on
    template.save(update_fields=["until_on"])
    first = max(day_of(at), on + timedelta(days=1))
    closed = close_free(unplanned(resource, first, first + timedelta(days=LONGEST)), at=at)
    left = Booking.objects.filter(slot_id__in=closed, state="booked").count()
    _say("end_template", resource, by, at, {"template": template.pk, "until": template.until_on})
    return int(left)


@transaction.atomic
def except_day(
    resource: Resource, day: date, *, session: Session | None, reason: str, by: Any, at: datetime
) -> Displaced:
    """On one day other hours hold, or none.

    What was open on the day and does not fit the new hours is closed; its people are told, and booked anew or put on
    the waiting list.  Raises Refusal for a day that is over, and without a reason.
    """
    may_keep(by, resource.institution_id)
    if not reason.strip():
        raise Refusal("请填写原因", where=f"{resource.name} {day}")
    _check_day(day, at)
    if session is not None:
        _check_hours(session)
    hours = vars(session) if session else dict.fromkeys(("begins", "ends", "minutes", "seats"))
    ScheduleException.objects.update_or_create(
        resource=resource, day=day, defaults={**hours, "reason": reason.strip()[:100]}
    )
    return _rearranged(resource, day, by=by, at=at, reason=reason.strip()[:100], action="except_day")


@transaction.atomic
def as_usual(resource: Resource, day: date, *, by: Any, at: datetime) -> Displaced:
    """The weekly hours hold again on a day that was to be otherwise.  Raises Refusal where it was not."""
    may_keep(by, resource.institution_id)
    _check_day(day, at)
    if not ScheduleException.objects.filter(resource=resource, day=day).delete()[0]:
        raise Refusal(f"{day} 没有临时安排", where=resource.name, remedy="请刷新页面")
    return _rearranged(resource, day, by=by, at=at, reason="恢复每周排班", action="as_usual")


def _rearranged(resource: Resource, day: date, *, by: Any, at: datetime, reason: str, action: str) -> Displaced:
    """The day as it is planned now.  The seats and the people are held before the audit chain (services.turns)."""
    closed = close_free(unplanned(resource, day, day), at=at)
    cancelled = cancel_all(closed, by=by, at=at, reason=reason)
    _say(action, resource, by, at, {"day": day, "reason": reason, "cancelled": len(cancelled)})
    open_days(resource, first=day, last=day, at=at)
    return requeue(cancelled, resource, by=by, at=at)


def _check_day(day: date, at: datetime) -> None:
    if day < day_of(at):
        raise Refusal(f"{day} 已经过去,不能再安排", where="日期", remedy="请改正日期")


def _check_hours(session: Session) -> None:
    if session.begins >= session.ends:
        raise Refusal(f"结束时间 {session.ends:%H:%M} 不晚于开始时间", where="排班时间", remedy="请改正")
    if session.minutes < 5 or session.seats < 1:
        raise Refusal("每个时段至少 5 分钟、1 个名额", where="排班", remedy="请改正")


def _say(action: str, resource: Resource, by: Any, at: datetime, detail: dict[str, Any]) -> None:
    trail.record(action, actor=by.username, at=at, subject=f"resource:{resource.pk}", detail=detail)
