"""What can be booked in the demonstration county: hospitals' experts, machines, laboratories, beds and theatres,
township centres' rooms and vaccination desks, with a month of slots and some people booked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Kind, Resource, Slot, Template
from yigongti.capabilities.booking.services.booking import book
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.capabilities.booking.services.keeping_up import keep_up
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.spine.access.models import User
from yigongti.spine.access.records import visible_residents
from yigongti.spine.places.models import Institution

WORKDAYS, EVERY_DAY = range(1, 6), range(1, 8)
MORNING, AFTERNOON, DAYTIME = (time(8), time(12)), (time(14), time(17)), (time(8), time(20))


@dataclass(frozen=True)
class Offered:
    """One kind of thing that institutions of a kind offer: sessions of `minutes` with `seats` each."""

    kind: Kind
    item: str
    name: str
    minutes: int
    seats: int
    days: range = WORKDAYS
    hours: tuple[tuple[time, time], ...] = (MORNING, AFTERNOON)


HOSPITAL = (
    Offered(Kind.EXPERT, "心血管内科", "心血管内科专家门诊", 30, 5),
    Offered(Kind.EXPERT, "神经内科", "神经内科专家门诊", 30, 5),
    Offered(Kind.EXPERT, "内分泌科", "内分泌科专家门诊", 30, 5),
    Offered(Kind.EXAM, "CT", "CT 室", 30, 4, EVERY_DAY),
    Offered(Kind.EXAM, "MRI", "磁共振室", 60, 2),
    Offered(Kind.EXAM, "彩超", "超声科", 30, 4),
    Offered(Kind.EXAM, "胃镜", "内镜中心", 60, 3, hours=(MORNING,)),
    Offered(Kind.LAB, "采血", "采血中心", 30, 12, EVERY_DAY, (MORNING,)),
    Offered(Kind.BED, "内科床位", "内科病区", 720, 10, EVERY_DAY, (DAYTIME,)),
    Offered(Kind.OPERATION, "择期手术", "手术室", 180, 2),
)
CENTRE = (
    Offered(Kind.CLINIC_ROOM, "全科", "全科门诊", 60, 6),
    Offered(Kind.EXAM, "彩超", "超声室", 60, 3, hours=(MORNING,)),
    Offered(Kind.VACCINATION, "预防接种", "接种门诊", 60, 10, range(2, 5), (MORNING,)),
)


def fill_booking(doctor: User | None) -> int:
    """Resources, templates, the coming days' slots, and a few people booked by their family doctor; returns how many
    slots were opened.  Once a county."""
    if Resource.objects.exists():
        return 0
    _set_up()
    opened = keep_up(at=clock.now()).opened
    if doctor is not None:
        _book_some(doctor)
    return opened


@transaction.atomic
def _set_up() -> None:
    today = clock.today()
    for institution_id, offered in _offers():
        resource = Resource.objects.create(
            kind=offered.kind, item=offered.item, name=offered.name, institution_id=institution_id
        )
        Template.objects.bulk_create(
            Template(resource=resource, weekday=day, from_on=today, **vars(session))
            for day in offered.days
            for session in _sessions(offered)
        )


def _sessions(offered: Offered) -> list[Session]:
    return [Session(begins, ends, offered.minutes, offered.seats) for begins, ends in offered.hours]


def _offers() -> Iterator[tuple[str, Offered]]:
    here = Institution.objects.filter(in_county=True, closed_on__isnull=True).order_by("pk")
    for institution in here.filter(kind__in=("county_hospital", "tcm_hospital", "township_center")):
        for offered in CENTRE if institution.kind == "township_center" else HOSPITAL:
            yield institution.pk, offered


def _book_some(doctor: User) -> None:
    """Five of the doctor's people have something before them."""
    people = visible_residents(doctor).filter(died_on__isnull=True).order_by("pk").values_list("pk", flat=True)[:5]
    for person, item in zip(people, ("心血管内科", "CT", "彩超", "采血", "全科"), strict=False):
        for slot in _coming(item):
            try:
                book(slot.pk, Wish(person, Source.DOCTOR), by=doctor, at=clock.now(), request_id=f"demo-{person}")
            except Refusal:  # kept for referrals, or full: the next one
                continue
            break


def _coming(item: str) -> list[Slot]:
    tomorrow = clock.now() + timedelta(days=1)
    begin = datetime.combine(tomorrow.date(), time(8), tomorrow.tzinfo)
    return list(Slot.objects.filter(resource__item=item, begins__gte=begin).order_by("begins")[:20])
