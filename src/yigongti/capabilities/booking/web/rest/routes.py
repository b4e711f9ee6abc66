"""The routes.  Who may come at all, the access middleware decides; whose booking it is to make or change, the services;
a request id that comes again changes nothing and answers the same."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Status

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.booking.models import Resource
from yigongti.capabilities.booking.selectors.day import hosted_on
from yigongti.capabilities.booking.selectors.one import open_booking
from yigongti.capabilities.booking.selectors.waiting import open_entry, waiting_seen_by
from yigongti.capabilities.booking.services import changing, schedules
from yigongti.capabilities.booking.web.rest import shapes, telling
from yigongti.capabilities.booking.web.rest.people import meant
from yigongti.kernel import clock
from yigongti.pages.rest import REFUSED, offered
from yigongti.spine.access.records import open_person
from yigongti.spine.access.rows import scoped_or_404

api = offered(
    "booking", title="医共体预约 Yigongti booking",
    description="号源、检查、检验、床位、手术、接种、诊室:查找、预约、改期、取消、签到、候补、停诊。"
    "错误以 what/where/why/remedy 说明,why 写明规则与依据。",
)  # fmt: skip


@api.get("/slots", response={200: list[shapes.SlotShape], **REFUSED}, summary="可约的时段")
def slots(request: HttpRequest, seeking: Query[shapes.Seeking]) -> list[booking.Offer]:
    """The earliest slots with a seat for this source, the nearer first among those of one time."""
    return booking.search(telling.sought(seeking), at=clock.now(), limit=seeking.limit)


@api.get("/resources", response={200: list[shapes.ResourceShape], **REFUSED}, summary="可预约的资源")
def resources(request: HttpRequest, seeking: Query[shapes.Seeking]) -> list[booking.Bookable]:
    """What is offered, free or not, the nearest first: for the waiting list."""
    return booking.resources(telling.sought(seeking))[: seeking.limit]


@api.get("/bookings", response={200: list[shapes.BookingLine], **REFUSED}, summary="预约列表")
def bookings(
    request: HttpRequest,
    day: date | None = None,
    resource_id: str = Query("", max_length=64),
    resident_id: str = Query("", max_length=64),
) -> list[booking.Booked]:
    """A person's bookings, the latest slot first (audited); or, of the resources that the account receives people at,
    those of a day (today), first to last."""
    user: Any = request.user
    if resident_id:
        open_person(user, resident_id=resident_id, purpose="bookings")
        return booking.bookings_of(resident_id)
    return hosted_on(user, day or clock.today(), resource_id=resource_id)


@api.get("/bookings/{booking_id}", response={200: shapes.BookingShape, **REFUSED}, summary="一个预约")
def one(request: HttpRequest, booking_id: str) -> shapes.BookingShape:
    """A booking with its history and the steps that the account may take now.  The read is audited."""
    return telling.booking_shape(open_booking(request.user, booking_id), user=request.user)


@api.post("/bookings", response={201: shapes.BookingShape, **REFUSED}, summary="预约")
def book(request: HttpRequest, wish: shapes.BookingWish) -> Status:
    """Take a seat of a slot for a person."""
    made = booking.book(
        wish.slot_id, resident_id=meant(wish), by=request.user, at=clock.now(), source=wish.source,
        request_id=wish.request_id, case_id=wish.case_id,
    )  # fmt: skip
    return Status(201, telling.booking_shape(open_booking(request.user, made.booking_id), user=request.user))


@api.post("/bookings/{booking_id}/move", response={201: shapes.BookingShape, **REFUSED}, summary="改期")
def move(request: HttpRequest, booking_id: str, moving: shapes.Moving) -> Status:
    """Another slot of the same kind and item instead: both or neither.  Answers the new booking."""
    user: Any = request.user
    old = open_booking(user, booking_id)
    moved = booking.move(old.pk, to_slot=moving.slot_id, by=user, at=clock.now(), request_id=moving.request_id)
    return Status(201, telling.booking_shape(open_booking(user, moved.booking_id), user=user))


@api.get("/bookings/{booking_id}/alternatives", response={200: list[shapes.SlotShape], **REFUSED}, summary="可改的时段")
def alternatives(request: HttpRequest, booking_id: str) -> list[booking.Offer]:
    """Where the booking could be moved to, in the coming month."""
    return booking.alternatives(open_booking(request.user, booking_id).pk, at=clock.now())


@api.post("/bookings/{booking_id}/steps/{step}", response={200: shapes.BookingShape, **REFUSED}, summary="办理一步")
def step(request: HttpRequest, booking_id: str, step: str, taking: shapes.Taking) -> shapes.BookingShape:
    """check_in, serve, cancel, leave, miss: what the booking's own `steps` offer."""
    user: Any = request.user
    changing.step(open_booking(user, booking_id).pk, step, by=user, at=clock.now(), request_id=taking.request_id,
                  reason=taking.reason)  # fmt: skip
    return telling.booking_shape(open_booking(user, booking_id), user=user)


@api.get("/waiting", response={200: list[shapes.WaitingShape], **REFUSED}, summary="候补名单")
def waiting(request: HttpRequest, resource_id: str = Query("", max_length=64)) -> list[shapes.WaitingShape]:
    """Who waits at the account's institutions, and whom it put on a list; first come first, up to 200."""
    rows = waiting_seen_by(request.user)
    rows = rows.filter(resource_id=resource_id) if resource_id else rows
    return [telling.waiting_shape(entry) for entry in rows[: shapes.MOST]]


@api.get("/waiting/{entry_id}", response={200: shapes.WaitingShape, **REFUSED}, summary="一条候补")
def waits(request: HttpRequest, entry_id: str) -> shapes.WaitingShape:
    """A place on a waiting list.  The read is audited."""
    return telling.waiting_shape(open_entry(request.user, entry_id))


@api.post("/waiting", response={201: shapes.WaitingShape, **REFUSED}, summary="登记候补")
def wait(request: HttpRequest, wish: shapes.WaitingWish) -> Status:
    """The first seat on one of these days; booked by itself, and the person is told."""
    entry_id = booking.wait(
        wish.resource_id, resident_id=meant(wish), by=request.user, at=clock.now(), source=wish.source,
        earliest=wish.earliest, latest=wish.latest, request_id=wish.request_id, case_id=wish.case_id,
    )  # fmt: skip
    return Status(201, telling.waiting_shape(open_entry(request.user, entry_id)))


@api.delete("/waiting/{entry_id}", response={200: shapes.WaitingShape, **REFUSED}, summary="退出候补")
def leave(request: HttpRequest, entry_id: str) -> shapes.WaitingShape:
    """Off the list; again, nothing changes."""
    entry = open_entry(request.user, entry_id)
    if entry.state != "withdrawn":
        booking.withdraw(entry.pk, by=request.user, at=clock.now())
    return telling.waiting_shape(open_entry(request.user, entry_id))


@api.put("/resources/{resource_id}/days/{day}", response={200: shapes.Rearranged, **REFUSED}, summary="停诊或改时间")
def rearrange(request: HttpRequest, resource_id: str, day: date, other: shapes.DayShape) -> shapes.Rearranged:
    """On this day other hours hold, or none; whom it concerns is told.  The same again changes nothing."""
    resource = scoped_or_404(Resource.objects.filter(closed_on__isnull=True), request.user, pk=resource_id)
    done = schedules.except_day(
        resource, day, session=telling.session_of(other), reason=other.reason, by=request.user, at=clock.now()
    )
    return shapes.Rearranged(**vars(done))
