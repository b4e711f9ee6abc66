"""The shapes that REST of booking takes and gives.  Instants are aware; days are the county's."""

from datetime import date, datetime
from typing import Self

from ninja import Field, Schema
from pydantic import field_validator, model_validator

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.booking.models import WaitingState

MOST, LONGEST = 200, 92
"""Slots in one answer, days in one search."""
ID = Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$")


class Seeking(Schema):
    """What is looked for.  item: CT, MRI, a specialty; source: through whom it will be booked (a referral also has
    the reserved seats); from where (an institution, or a point) and within how many kilometres."""

    kind: booking.Kind | None = None
    item: str = Field("", max_length=60, pattern=r"^[^\x00]*$")
    institution_id: str = Field("", max_length=64, pattern=r"^[^\x00]*$")
    source: booking.Source = booking.Source.DOCTOR
    first: date | None = Field(None, description="从哪天起,默认今天")
    last: date | None = Field(None, description="到哪天止,默认起始日后 14 天")
    near: str = Field("", max_length=64, pattern=r"^[^\x00]*$", description="从哪家机构出发")
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    within_km: float | None = Field(None, gt=0, le=1000)
    limit: int = Field(60, ge=1, le=MOST)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.within_km is not None and not self.near and self.lon is None:
            raise ValueError("给了 within_km,就要用 near 或 lon、lat 说明从哪里出发")
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon 和 lat 要一起给出")
        if self.first and self.last and not 0 <= (self.last - self.first).days <= LONGEST:
            raise ValueError(f"last 不能早于 first,也不能晚于其后 {LONGEST} 天")
        return self


class OfKind(Schema):
    """Something of a kind, told by its code as it is asked for, whatever people call it."""

    kind: booking.Kind

    @field_validator("kind", mode="before")
    @classmethod
    def _code(cls, told: str) -> str:
        return next((kind.value for kind in booking.Kind if kind.label == told), told)


class SlotShape(OfKind):
    """A slot with a seat.  free: seats for this source; reserved: of them kept for referrals; kilometres: null where
    nobody said from where, or the institution's place is not known."""

    slot_id: int
    resource_id: str
    resource: str
    item: str
    institution_id: str
    institution: str
    begins: datetime
    ends: datetime
    free: int
    reserved: int
    kilometres: float | None


class ResourceShape(OfKind):
    """What can be booked, free or not."""

    resource_id: str
    name: str
    item: str
    institution: str
    kilometres: float | None


class StepShape(Schema):
    """A step that the reader may take from here; needs: what must be given with it."""

    name: str
    label: str
    needs: list[str]


class HappenedShape(Schema):
    """One line of a booking's history."""

    at: datetime
    step: str
    who: str
    reason: str


class BookingLine(OfKind):
    """A booking.  number: the person's in the slot; was_reserved: on a seat kept for referrals."""

    booking_id: str
    state: str
    state_label: str
    resident_id: str
    source: booking.Source
    case_id: str
    slot_id: int
    item: str
    resource: str
    institution_id: str
    institution: str
    begins: datetime
    ends: datetime
    number: int
    was_reserved: bool


class BookingShape(BookingLine):
    """A booking whole: what happened, and what the reader may do now."""

    history: list[HappenedShape]
    steps: list[StepShape]


class Person(Schema):
    """For whom: by the number in the county's index, or by the ID card."""

    resident_id: str = Field("", max_length=64, pattern=r"^[^\x00]*$")
    id_number: str = Field("", max_length=18, pattern=r"^[0-9]{0,17}[0-9Xx]?$")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.resident_id) == bool(self.id_number):
            raise ValueError("resident_id 和 id_number 要给出其中一个")
        return self


class Wish(Person):
    """For whom, through whom.  case_id: the referral it belongs to, where source is referral; request_id: the
    client's own, the same on a retry: then nothing happens twice."""

    request_id: str = ID
    source: booking.Source = booking.Source.DOCTOR
    case_id: str = Field("", max_length=26, pattern=r"^[0-9A-Za-z]*$")


class BookingWish(Wish):
    """A seat of a slot."""

    slot_id: int = Field(ge=1)


class WaitingWish(Wish):
    """A place on the waiting list of a resource, for the first seat on one of these days."""

    resource_id: str = ID
    earliest: date
    latest: date


class Moving(Schema):
    """Another slot of the same kind and item; request_id as in Wish."""

    request_id: str = ID
    slot_id: int = Field(ge=1)


class Taking(Schema):
    """A step; request_id as in Wish."""

    request_id: str = ID
    reason: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class WaitingShape(Schema):
    """A place on a waiting list.  place: who would be given the next seat is 1, null once it is over; booking_id: the
    booking that came of it."""

    entry_id: str
    state: WaitingState
    state_label: str
    resource_id: str
    resource: str
    resident_id: str
    source: booking.Source
    case_id: str
    earliest: date
    latest: date
    asked_at: datetime
    place: int | None
    booking_id: str | None


class DayShape(Schema):
    """What holds on one day instead of the weekly schedule: hours, or none at all (then nobody is seen that day)."""

    reason: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")
    begins: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    ends: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    minutes: int | None = Field(None, ge=5, le=1440)
    seats: int | None = Field(None, ge=1, le=500)

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        given = {name is None for name in (self.begins, self.ends, self.minutes, self.seats)}
        if len(given) > 1:
            raise ValueError("begins、ends、minutes、seats 要一起给出,或都不给(全天停诊)")
        return self


class Rearranged(Schema):
    """What became of the day's bookings: the ids of those cancelled; of these, the new bookings made in their place,
    and the places on the waiting list of who could not be booked anew."""

    cancelled: list[str]
    rebooked: list[str]
    waiting: list[str]
