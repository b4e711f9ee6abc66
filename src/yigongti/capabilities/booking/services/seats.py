"""Taking and giving back the seats of a slot."""

from datetime import datetime

from django.db import connection

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import Seat, Slot
from yigongti.kernel.clock import COUNTY_TIME, day_of, minute_of
from yigongti.kernel.errors import Refusal
from yigongti.spine.county_rules import county_rules

RESERVED = "booking.reserved_share"
_TAKE = """
UPDATE booking_seat SET is_taken = TRUE
WHERE id = (
    SELECT id FROM booking_seat
    WHERE slot_id = (SELECT id FROM booking_slot WHERE id = %s AND closed_at IS NULL {stays_open})
      AND NOT is_taken {wanted}
    ORDER BY {order} LIMIT 1 {lock})
RETURNING id, number, is_reserved
"""
"""One statement instead of two: this is what a booking waits for."""
_LOCKS = {"lock": "FOR UPDATE SKIP LOCKED", "stays_open": "FOR KEY SHARE SKIP LOCKED"}


def take_seat(slot: Slot, *, source: Source, at: datetime) -> Seat | None:
    """Hold a free seat that this source may have; None where there is none.

    A referral takes the reserved seats first.  Who comes at the same moment gets another seat: a row that somebody
    else is taking is passed over, not waited for.  A slot that is closed at this moment has none, and none is closed
    until who takes a seat of it is through.  (On SQLite one transaction writes at a time.)
    """
    wanted, order = ("", "is_reserved DESC, number") if source is Source.REFERRAL else ("", "number")
    if source is not Source.REFERRAL and at < slot.shared_from:
        wanted = "AND NOT is_reserved"
    locks = _LOCKS if connection.features.has_select_for_update_skip_locked else dict.fromkeys(_LOCKS, "")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(wanted=wanted, order=order, **locks), [slot.pk])
        row = cursor.fetchone()
    return Seat(pk=row[0], slot=slot, number=row[1], is_reserved=bool(row[2]), is_taken=True) if row else None


def give_back(seat_id: int) -> None:
    """The seat is free again.  Call after its booking has let go of it."""
    Seat.objects.filter(pk=seat_id).update(is_taken=False)


def full(slot: Slot, *, source: Source, at: datetime) -> Refusal:
    """Why there is no seat: the slot was closed, all are taken, or those left are kept for referrals."""
    if Slot.objects.filter(pk=slot.pk, closed_at__isnull=False).exists():
        return closed(slot)
    left = Seat.objects.filter(slot_id=slot.pk, is_taken=False).count()
    where = f"{slot.resource} {minute_of(slot.begins)}"
    if not left or source is Source.REFERRAL or at >= slot.shared_from:
        return Refusal("该时段已约满", where=where, why="一个名额只约给一个人", remedy="请另选时段,或登记候补")
    rule = county_rules().find(RESERVED, on=day_of(at))
    public = f"{slot.shared_from.astimezone(COUNTY_TIME):%m-%d %H:%M}"
    return Refusal(
        f"公开名额已约满,余下 {left} 个为家庭医生转诊预留,未用的于 {public} 转为公开",
        where=where,
        why=f"规则 {rule.rule_id}({rule.text}):{rule.source.text}",
        remedy="请另选时段、登记候补,或由家庭医生转诊",
    )


def closed(slot: Slot) -> Refusal:
    """Why nobody books a slot that was taken back."""
    return Refusal("该时段已停诊", where=f"{slot.resource} {minute_of(slot.begins)}", remedy="请另选时段")
