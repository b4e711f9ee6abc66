"""The resource that a referral uses: booked with its acceptance, given back where the patient does not come."""

from datetime import datetime
from typing import Any

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.places import standing
from yigongti.kernel.clock import COUNTY_TIME, day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.county_rules import county_rules


def reserve(case: Referral, slot: int, *, by: Any, at: datetime) -> None:
    """Book a slot for the patient as part of accepting; the case learns when, and whether it was a reserved one.

    Raises Refusal as booking does, and NotAllowed where the slot is not the receiver's, or lies beyond the time in
    which the patient must arrive.
    """
    made = booking.book(
        slot, resident_id=case.resident_id, by=by, at=at, source=booking.Source.REFERRAL, case_id=case.pk,
        request_id=f"referral:{case.pk}:{case.version}",
    )  # fmt: skip
    within = county_rules().find("referral.arrive_within", on=day_of(at))
    if made.institution_id != case.counterpart_id:
        raise NotAllowed(f"“{made.resource}”不是接收机构的资源", where=made.institution, remedy="请选择本机构的时段")
    if made.begins > within.after(at):
        when = f"{made.begins.astimezone(COUNTY_TIME):%m-%d %H:%M}"
        raise NotAllowed(
            f"预约时间 {when} 超出接收后 {within.text.lstrip('≤')}的到诊期限",
            why=f"规则 {within.rule_id}", remedy="请选择期限内的时段,或写明其他就诊安排",
        )  # fmt: skip
    case.booking_id, case.appointment_at, case.reserved = made.booking_id, made.begins, made.was_reserved


def checked_in(case: Referral, *, by: Any, at: datetime) -> None:
    """The booking learns that the patient has come; who comes outside its hours is received all the same."""
    for each in standing(case.pk):
        try:
            booking.check_in(each.booking_id, by=by, at=at, request_id=f"referral:{each.booking_id}:arrived")
        except Refusal:
            continue  # too early or late for the slot's own rules: the referral's arrival counts, and is on record


def release(case: Referral, *, by: Any, at: datetime) -> None:
    """Give back what was booked, as long as its time has not come."""
    for each in standing(case.pk):
        if each.begins > at:
            booking.cancel(
                each.booking_id, by=by, at=at, reason="转诊未成行", request_id=f"referral:{each.booking_id}:released"
            )
