"""One booking, for whoever may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.booking.decisions.life import HOSTS, LIFE, Source
from yigongti.capabilities.booking.models import Booking
from yigongti.capabilities.booking.selectors.booked import with_all
from yigongti.capabilities.booking.services.acting import acting_role
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.workflow import Step
from yigongti.pages.menu import admits
from yigongti.spine.access.records import person_visible
from yigongti.spine.access.scope import may, scope_of
from yigongti.spine.audit import trail
from yigongti.spine.people.masking import age_on
from yigongti.spine.people.models import Identity, Resident


@dataclass(frozen=True)
class Person:
    """Who is booked.  has_record: whether the reader may open the record."""

    resident_id: str
    name: str
    sex: str
    age: int | None
    has_record: bool


@dataclass(frozen=True)
class Happened:
    """One line of a booking's history."""

    at: datetime
    step: str
    who: str
    reason: str


def open_booking(user: Any, booking_id: str) -> Booking:
    """A booking for showing; the read is audited.  Raises Http404 where there is none, or none the user may see: it
    is at their institution, or of a person whose record they may see."""
    found: Booking | None = with_all(Booking.objects.select_related("opener")).filter(pk=booking_id).first()
    if found is None or not _sees(user, found):
        raise Http404("no booking inside the user's scope")
    trail.record("read_booking", actor=user.username, subject=f"booking:{found.pk}", resident_id=found.resident_id)
    return found


def person_of(resident_id: str, *, user: Any) -> Person:
    """The person as a booking's page shows them, once the read is audited (`open_booking`)."""
    name = Identity.objects.filter(pk=resident_id).values_list("name", flat=True).first()
    row = Resident.objects.filter(pk=resident_id).first()
    has_record = admits("record", scope_of(user).roles) and person_visible(user, resident_id)
    if row is None:
        return Person(resident_id, name or resident_id, "", None, has_record)
    age = age_on(clock.today(), born=row.birth_date, died=row.died_on)
    return Person(row.pk, name or row.pk, _(row.get_sex_display() or ""), age, has_record)


def history(booking: Booking) -> list[Happened]:
    """What happened, first to last; the first is that it was made."""
    opener = booking.opener.display_name if booking.opener_id else "候补递补"
    made = Happened(booking.booked_at, Source(booking.source).label, opener, "")
    events = booking.events.select_related("user").order_by("at", "pk")
    return [made, *(_line(event) for event in events)]


def steps_of(booking: Booking, *, user: Any) -> Sequence[Step]:
    """The steps that lead on from where the booking stands and are the user's to take."""
    return [step for step in LIFE.steps_from(booking.state) if _takes(user, step, booking)]


def _takes(user: Any, step: Step, booking: Booking) -> bool:
    where = booking.slot.resource.institution_id
    try:
        acting_role(user, roles=step.roles, resident_id=booking.resident_id, institution_id=where)
    except NotAllowed:
        return False
    return True


def _line(event: Any) -> Happened:
    who = event.user.display_name if event.user_id else "系统"
    return Happened(event.at, LIFE.labelled(event.step), who, event.reason)


def _sees(user: Any, booking: Booking) -> bool:
    if may(user, HOSTS, institution_id=booking.slot.resource.institution_id):
        return True
    return bool(scope_of(user).roles) and person_visible(user, booking.resident_id)
