"""Taking and giving back the seats of a slot."""

from datetime import datetime

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import Seat, Slot
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import Refusal
from yigongti.spine.county_rules import county_rules

RESERVED = "booking.reserved_share"


def take_seat(slot: Slot, *, source: Source, at: datetime) -> Seat | None:
    """Hold a free seat that this source may have; None where there is none.

    Who comes at the same moment gets another seat: rows that somebody else is taking are passed over, not waited for.
    """
    free = Seat.objects.select_for_update(skip_locked=True).filter(slot_id=slot.pk, is_taken=False)
    if source is Source.REFERRAL:
        free = free.order_by("-is_reserved", "number")
    elif at < slot.shared_from:
        free = free.filter(is_reserved=False).order_by("number")
    else:
        free = free.order_by("number")
    seat: Seat | None = free.first()
    if seat is not None:
        Seat.objects.filter(pk=seat.pk).update(is_taken=True)
    return seat


def give_back(seat_id: int) -> None:
    """The seat is free again.  Call after its booking has let go of it."""
    Seat.objects.filter(pk=seat_id).update(is_taken=False)


def full(slot: Slot, *, source: Source, at: datetime) -> Refusal:
    """Why there is no seat: all are taken, or those left are kept for referrals."""
    left = Seat.objects.filter(slot_id=slot.pk, is_taken=False).count()
    where = f"{slot.resource} {slot.begins.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}"
    if not left or source is Source.REFERRAL or at >= slot.shared_from:
        return Refusal("该时段已约满", where=where, why="一个名额只约给一个人", remedy="请另选时段,或登记候补")
    rule = county_rules().find(RESERVED, on=at.astimezone(COUNTY_TIME).date())
    public = f"{slot.shared_from.astimezone(COUNTY_TIME):%m-%d %H:%M}"
    return Refusal(
        f"公开名额已约满,余下 {left} 个为家庭医生转诊预留,未用的于 {public} 转为公开",
        where=where,
        why=f"规则 {rule.rule_id}({rule.text}):{rule.source.text}",
        remedy="请另选时段、登记候补,或由家庭医生转诊",
    )
