"""Whether a slot may be booked, given up or taken up now, and which rule says no."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.kernel.clock import day_of, minute_of
from yigongti.kernel.decisions import ALLOWED, Decision, refuse
from yigongti.kernel.rules import Rules


@dataclass(frozen=True)
class Asked:
    """Who would like which slot, when: begins, at: aware; missed: the days on which the person did not come."""

    source: Source
    begins: datetime
    at: datetime
    missed: Sequence[date] = ()


def may_book(asked: Asked, *, rules: Rules) -> Decision:
    """A slot is booked before it begins; by residents themselves only inside the days and hours that the rules open,
    and not while they are paused for slots they did not come to.  Doctors and referrals are not paused: care comes
    first."""
    if asked.at >= asked.begins:
        return refuse(f"{minute_of(asked.begins)} 的时段已经过去")
    if asked.source is not Source.RESIDENT:
        return ALLOWED
    closes, opens = rules["booking.closes_before"], rules["booking.opens_before"]
    if asked.begins - asked.at < closes.timedelta:
        return refuse(f"开诊前 {closes.amount} 停止预约,该时段 {minute_of(asked.begins)} 开始", by=closes)
    if asked.begins - asked.at > opens.timedelta:
        return refuse(f"最多提前 {opens.amount} 预约", by=opens)
    return _not_paused(asked, rules)


def _not_paused(asked: Asked, rules: Rules) -> Decision:
    limit, today = rules["booking.no_show_limit"], day_of(asked.at)
    since = today - rules["booking.no_show_window"].timedelta
    missed = sorted(day for day in asked.missed if since <= day <= today)
    pause = rules["booking.no_show_pause"]
    if not missed or len(missed) < limit.number or pause.after(missed[-1]) <= today:
        return ALLOWED
    until = pause.after(missed[-1])
    return refuse(f"{since} 以来已爽约 {len(missed)} 次,自助预约暂停至 {until};如有需要请联系家庭医生代约", by=limit)


def may_give_up(*, source: Source, begins: datetime, at: datetime, rules: Rules) -> Decision:
    """Residents give a booking up, or move it, until the rule's hours before; others until it begins."""
    if at >= begins:
        return refuse(f"{minute_of(begins)} 的时段已经开始")
    limit = rules["booking.cancel_before"]
    if source is Source.RESIDENT and begins - at < limit.timedelta:
        return refuse(f"开诊前 {limit.amount} 内不能自行取消或改期,请联系机构办理", by=limit)
    return ALLOWED


def may_check_in(*, begins: datetime, ends: datetime, at: datetime, rules: Rules) -> Decision:
    """People check in from the rule's minutes before the slot until the rule's minutes after it."""
    early, late = rules["booking.check_in_before"], rules["booking.no_show_after"]
    if at < begins - early.timedelta:
        return refuse(f"该时段 {minute_of(begins)} 开始,提前 {early.amount} 起可签到", by=early)
    if at > ends + late.timedelta:
        return refuse(f"该时段已于 {minute_of(ends)} 结束", by=late)
    return ALLOWED


def may_miss(*, ends: datetime, at: datetime, rules: Rules) -> Decision:
    """Nobody is said to have stayed away before the rule's minutes after the slot's end."""
    late = rules["booking.no_show_after"]
    return ALLOWED if at > ends + late.timedelta else refuse(f"时段结束 {late.amount} 后方可记为爽约", by=late)
