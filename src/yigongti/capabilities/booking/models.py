"""What can be booked, when, and who has booked it.

Nobody is ever booked where there is no seat: every seat is a row, a booking that holds one names it, and a unique
index lets one booking hold it at a time.  Services pick a free seat; the database is what makes it true.  That nobody
is booked to be in two places at once is held by triggers (migration 0002): a later migration that rebuilds the table of
bookings on SQLite must install them again.
"""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yigongti.capabilities.booking.decisions.life import HOLDING, LIFE, Source
from yigongti.capabilities.booking.decisions.planning import Exceptional, Session, Weekly
from yigongti.kernel.ids import new_id
from yigongti.spine.choices import labelled
from yigongti.spine.people.models import Resident, Staff
from yigongti.spine.places.models import Institution
from yigongti.spine.row_scope import ByInstitution


class Kind(StrEnum):
    """What a resource is."""

    EXPERT = "expert"
    EXAM = "exam"
    LAB = "lab"
    BED = "bed"
    OPERATION = "operation"
    VACCINATION = "vaccination"
    CLINIC_ROOM = "clinic_room"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    Kind.EXPERT: "专家号",
    Kind.EXAM: "检查",
    Kind.LAB: "检验",
    Kind.BED: "床位",
    Kind.OPERATION: "手术",
    Kind.VACCINATION: "接种",
    Kind.CLINIC_ROOM: "门诊诊室",
}


class WaitingState(StrEnum):
    """Where somebody on a waiting list stands."""

    WAITING = "waiting"
    PROMOTED = "promoted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return {"waiting": "候补中", "promoted": "已递补", "withdrawn": "已退出", "expired": "已过期"}[self]


KINDS = labelled(Kind)
SOURCES = labelled(Source)
HELD = Q(state__in=HOLDING)
COUNTS = Q(state__in=("booked", "checked_in", "no_show"))
"""What is looked at before a person may book again."""
WAITING = Q(state=WaitingState.WAITING)
TWO_PLACES = "one person in two places at once"
"""What the database says where somebody would be."""


class Resource(models.Model):
    """An expert's clinic, a machine, a laboratory's counter, a ward's beds, a theatre, a vaccination desk, a room.

    item: what people look for under its kind: CT, MRI, a specialty; closed_on: from when it is no longer offered.
    """

    resource_id = models.CharField("资源编号", primary_key=True, max_length=26, default=new_id, editable=False)
    kind = models.CharField("种类", max_length=20, choices=KINDS)
    item = models.CharField("项目", max_length=60)
    name = models.CharField("名称", max_length=100)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    row_scope = ByInstitution()

    class Meta:
        verbose_name = "可预约资源"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="resource_kind_known"),
            models.UniqueConstraint(fields=["institution", "name"], name="resource_named_once"),
        ]
        indexes = [models.Index(fields=["kind", "item"], name="resource_by_kind")]

    def __str__(self) -> str:
        return str(self.name)


class _Hours(models.Model):
    begins = models.TimeField("开始")
    ends = models.TimeField("结束")
    minutes = models.PositiveSmallIntegerField("每个时段分钟数")
    seats = models.PositiveSmallIntegerField("每个时段名额")

    class Meta:
        abstract = True

    @property
    def session(self) -> Session:
        return Session(self.begins, self.ends, self.minutes, self.seats)


class Template(_Hours):
    """A session that repeats every week."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="templates")
    weekday = models.PositiveSmallIntegerField("星期")
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = "排班模板"
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="template_ends_after_begins"),
            models.CheckConstraint(condition=Q(minutes__gte=5), name="template_minutes_enough"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=500), name="template_seats_in_bounds"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="template_weekday_known"),
            models.UniqueConstraint(fields=["resource", "weekday", "begins", "from_on"], name="template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.weekday} {self.begins}–{self.ends}"

    @property
    def weekly(self) -> Weekly:
        return Weekly(self.weekday, self.session, self.from_on, self.until_on)


class ScheduleException(models.Model):
    """One day on which something else holds than the template: closed (no hours), or other hours."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="exceptions")
    day = models.DateField("日期")
    begins = models.TimeField("开始", null=True, blank=True)
    ends = models.TimeField("结束", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("每个时段分钟数", null=True, blank=True)
    seats = models.PositiveSmallIntegerField("每个时段名额", null=True, blank=True)
    reason = models.CharField("原因", max_length=100)

    class Meta:
        verbose_name = "临时安排"
        constraints = [
            models.UniqueConstraint(fields=["resource", "day"], name="schedule_exception_once"),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True, minutes__isnull=True, seats__isnull=True)
                | Q(ends__gt=F("begins"), minutes__gte=5, seats__gte=1),
                name="schedule_exception_closed_or_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.day}"

    @property
    def exceptional(self) -> Exceptional:
        open_ = self.begins is not None
        return Exceptional(self.day, Session(self.begins, self.ends, self.minutes, self.seats) if open_ else None)


class Slot(models.Model):
    """A stretch of a resource's time.  shared_from: from when its reserved seats are anybody's; closed_at: since when
    nobody may book it any more."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="slots")
    begins = models.DateTimeField("开始")
    ends = models.DateTimeField("结束")
    shared_from = models.DateTimeField("预留名额转公开时间")
    closed_at = models.DateTimeField("停诊时间", null=True, blank=True)

    class Meta:
        verbose_name = "时段"
        constraints = [
            models.UniqueConstraint(fields=["resource", "begins"], name="slot_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="slot_ends_after_begins"),
        ]
        indexes = [models.Index(fields=["begins", "resource"], name="slot_by_time")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.begins:%Y-%m-%d %H:%M}"


class Seat(models.Model):
    """One person's place in a slot.  is_taken is for finding a free one quickly; what a booking holds is said by the
    booking alone."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField("序号")
    is_reserved = models.BooleanField("是否转诊预留", default=False)
    is_taken = models.BooleanField("是否已约", default=False)

    class Meta:
        verbose_name = "名额"
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="seat_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="seat_counts_from_one"),
        ]
        indexes = [models.Index(fields=["slot"], condition=Q(is_taken=False), name="seat_free")]

    def __str__(self) -> str:
        return f"{self.slot_id} #{self.number}"


class Booking(models.Model):
    """A person's booking of one seat.  opener: None where a job did it (promotion from the waiting list);
    case_id: the referral it belongs to; replaces: the booking that was moved to this one."""

    booking_id = models.CharField("预约编号", primary_key=True, max_length=26, default=new_id, editable=False)
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings", editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="bookings", editable=False)
    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+", editable=False)
    source = models.CharField("预约途径", max_length=20, choices=SOURCES, editable=False)
    case_id = models.CharField("转诊事项编号", max_length=26, blank=True, editable=False)
    state = models.CharField("状态", max_length=20, choices=list(LIFE.states.items()), editable=False)
    opener = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    booked_at = models.DateTimeField("预约时间", editable=False)
    entered_at = models.DateTimeField("进入当前状态时间", editable=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by", editable=False)
    request_id = models.CharField("请求编号", max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = "预约"
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=HELD, name="booking_one_a_seat"),
            models.UniqueConstraint(fields=["slot", "resident"], condition=HELD, name="booking_one_a_person"),
            models.CheckConstraint(condition=Q(state__in=sorted(LIFE.states)), name="booking_state_known"),
            models.CheckConstraint(condition=Q(source__in=sorted(Source)), name="booking_source_known"),
            models.CheckConstraint(
                condition=~Q(source=Source.REFERRAL) | ~Q(case_id=""), name="booking_referral_has_case"
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "-booked_at"], name="booking_of_resident"),
            models.Index(fields=["resident"], condition=COUNTS, name="booking_counts"),
            models.Index(fields=["case_id"], condition=~Q(case_id=""), name="booking_of_case"),
            models.Index(fields=["slot"], condition=Q(state="booked"), name="booking_awaited"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.state}"


class BookingEvent(models.Model):
    """One step after the booking, which is its own record of being made.  `request_id` makes a repeat harmless."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events")
    step = models.CharField("步骤", max_length=20)
    from_state = models.CharField("原状态", max_length=20)
    to_state = models.CharField("新状态", max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField("角色", max_length=30)
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=200, blank=True)
    request_id = models.CharField("请求编号", max_length=80, unique=True)

    class Meta:
        verbose_name = "预约记录"
        constraints = [models.UniqueConstraint(fields=["booking", "step"], name="booking_event_each_step_once")]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.step}"


class WaitingEntry(models.Model):
    """Somebody who waits for a seat of a resource on one of some days."""

    entry_id = models.CharField("候补编号", primary_key=True, max_length=26, default=new_id, editable=False)
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="waiting", editable=False)
    resident = models.ForeignKey(Resident, models.DO_NOTHING, db_constraint=False, related_name="+", editable=False)
    earliest_on = models.DateField("最早日期", editable=False)
    latest_on = models.DateField("最晚日期", editable=False)
    source = models.CharField("预约途径", max_length=20, choices=SOURCES, editable=False)
    case_id = models.CharField("转诊事项编号", max_length=26, blank=True, editable=False)
    state = models.CharField("状态", max_length=20, choices=labelled(WaitingState), editable=False)
    asked_at = models.DateTimeField("登记时间", editable=False)
    opener = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="promoted_from", editable=False)
    request_id = models.CharField("请求编号", max_length=64, unique=True, editable=False)

    row_scope = ByInstitution(("resource__institution_id",))

    class Meta:
        verbose_name = "候补"
        constraints = [
            models.UniqueConstraint(fields=["resource", "resident"], condition=WAITING, name="waiting_once"),
            models.CheckConstraint(condition=Q(latest_on__gte=F("earliest_on")), name="waiting_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state=WaitingState.PROMOTED) | Q(booking__isnull=False), name="waiting_promoted_is_booked"
            ),
        ]
        indexes = [models.Index(fields=["resource", "asked_at"], condition=WAITING, name="waiting_in_line")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.resident_id} {self.state}"
