"""Bookings between the shapes of REST and those of the capability."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Booking, WaitingEntry, WaitingState
from yigongti.capabilities.booking.selectors.one import history, steps_of
from yigongti.capabilities.booking.selectors.waiting import place_in_line
from yigongti.capabilities.booking.web.forms import AHEAD
from yigongti.capabilities.booking.web.rest import shapes
from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import Refusal
from yigongti.kernel.geography import Point, point_of
from yigongti.spine.places.models import Institution


def sought(seeking: shapes.Seeking) -> booking.Sought:
    """The search that was asked for.  Raises Refusal where it starts from an institution whose place is not known."""
    first = seeking.first or clock.today()
    last = seeking.last or first + timedelta(days=AHEAD)
    return booking.Sought(
        seeking.kind or "", seeking.source, datetime.combine(first, time.min, COUNTY_TIME),
        datetime.combine(last, time.max, COUNTY_TIME), seeking.item.strip(), seeking.institution_id, _near(seeking),
        seeking.within_km,
    )  # fmt: skip


def _near(seeking: shapes.Seeking) -> Point | None:
    if seeking.lon is not None and seeking.lat is not None:
        return Point(seeking.lon, seeking.lat)
    if not seeking.near:
        return None
    found = point_of(Institution.objects.filter(pk=seeking.near).first())
    if found is None:
        raise Refusal("没有这家机构,或它没有登记位置", where=f"near {seeking.near}", remedy="请改用 lon、lat")
    return found


def booking_shape(row: Booking, *, user: Any) -> shapes.BookingShape:
    """A booking whole, as somebody may see it."""
    steps = [
        shapes.StepShape(name=each.name, label=_(each.title), needs=list(each.needs))
        for each in steps_of(row, user=user)
    ]
    line = shapes.BookingLine.from_orm(booking.booked(row))
    happened = [shapes.HappenedShape(**vars(each)) for each in history(row)]
    return shapes.BookingShape(**dict(line), history=happened, steps=steps)


def waiting_shape(entry: WaitingEntry) -> shapes.WaitingShape:
    """A place on a waiting list."""
    state = WaitingState(entry.state)
    place = place_in_line(entry) if state is WaitingState.WAITING else None
    return shapes.WaitingShape(
        entry_id=entry.pk, state=state, state_label=_(state.label), resource_id=entry.resource_id,
        resource=entry.resource.name, resident_id=entry.resident_id, source=booking.Source(entry.source),
        case_id=entry.case_id, earliest=entry.earliest_on, latest=entry.latest_on, asked_at=entry.asked_at,
        place=place, booking_id=entry.booking_id,
    )  # fmt: skip


def session_of(other: shapes.DayShape) -> Session | None:
    """The hours of a day; None where nobody is seen."""
    if other.begins is None or other.ends is None or other.minutes is None or other.seats is None:
        return None
    return Session(time.fromisoformat(other.begins), time.fromisoformat(other.ends), other.minutes, other.seats)
