"""A small county to book in: a hospital with a CT and a cardiologist, a township centre, people and their doctors."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from tests.spine.county import account, draw_county, fresh, resident

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Booking, Resource, Slot
from yigongti.capabilities.booking.services import opening, schedules
from yigongti.capabilities.booking.services.booking import book
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.cases.models import Case
from yigongti.spine.places.models import Institution

MONDAY = date(2025, 3, 3)
NOW = datetime(2025, 3, 3, 7, tzinfo=COUNTY_TIME)
_numbers = count()


def draw() -> None:
    """Institutions, the hospital's desk, a family doctor; people come with `person`."""
    draw_county()
    Institution.objects.filter(pk="H1").update(lon=106.50, lat=29.40)
    Institution.objects.filter(pk="T1").update(lon=106.55, lat=29.40)
    account("desk", (Role.REFERRAL_DESK, "institution", "H1"))
    account("technician", (Role.TECHNICIAN, "institution", "H1"))
    account("other_desk", (Role.REFERRAL_DESK, "institution", "H2"))
    account("doctor", (Role.FAMILY_DOCTOR, "subtree", "T1"))


def user(name: str) -> User:
    return fresh(User.objects.get(username=name))


def person(name: str, **changed: Any) -> User:
    """A resident with an account of the same name."""
    resident(name, **changed)
    return account(name, (Role.RESIDENT, "county", None), resident_id=name)


def resource(name: str = "CT 室", *, kind: str = "exam", item: str = "CT", institution_id: str = "H1") -> Resource:
    return Resource.objects.create(kind=kind, item=item, name=name, institution_id=institution_id)


def opened(
    seats: int = 1, *, hours: tuple[int, int] = (9, 10), minutes: int = 60, days: int = 1, **given: Any
) -> Resource:
    """A resource whose slots are open on Monday and the days after it."""
    made = resource(**given)
    session = Session(time(hours[0]), time(hours[1]), minutes, seats)
    for ahead in range(days):
        day = MONDAY + timedelta(days=ahead)
        schedules.add_template(made, weekdays=[day.isoweekday()], session=session, from_on=day, by=keeper(made), at=NOW)
    opening.open_days(made, first=MONDAY, last=MONDAY + timedelta(days=days - 1), at=NOW)
    return made


def keeper(made: Resource) -> User:
    return user("desk" if made.institution_id == "H1" else "other_desk")


def slot_at(made: Resource, hour: int, *, day: date = MONDAY) -> Slot:
    return Slot.objects.get(resource=made, begins=datetime.combine(day, time(hour), COUNTY_TIME))


def booked(slot: Slot, who: str, *, at: datetime = NOW, request_id: str = "") -> Booking:
    """The person books for themselves."""
    wish = Wish(who, Source.RESIDENT)
    return book(slot.pk, wish, by=user(who), at=at, request_id=request_id or f"request-{next(_numbers)}")


def referral(who: str) -> Case:
    """An open case of the person; which workflow does not matter to booking."""
    return Case.objects.create(workflow="referral", state="accepted", resident_id=who, institution_id="T1",
                               counterpart_id="H1", opened_at=NOW, entered_at=NOW)  # fmt: skip


def referred(slot: Slot, who: str, *, at: datetime = NOW) -> Booking:
    """The hospital's desk books for a referral."""
    wish = Wish(who, Source.REFERRAL, referral(who).pk)
    return book(slot.pk, wish, by=user("desk"), at=at, request_id=f"request-{next(_numbers)}")
