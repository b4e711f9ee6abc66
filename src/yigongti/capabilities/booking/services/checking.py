"""What is looked at before a person is booked: the slot, the person, what else they have booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yigongti.capabilities.booking.decisions.eligibility import Asked, may_book
from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import Booking, Kind, Slot
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.decisions import Decision, Reason
from yigongti.kernel.errors import Refusal
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident

COMING = ("booked", "checked_in")


@dataclass(frozen=True)
class Wish:
    """Who is to be booked, through whom, for which referral."""

    resident_id: str
    source: Source
    case_id: str = ""


def check(slot: Slot, wish: Wish, *, at: datetime) -> None:
    """Raises Refusal naming the rule where the person may not have a seat of this slot now."""
    if slot.closed_at is not None:
        raise Refusal("该时段已停诊", where=_named(slot), remedy="请另选时段")
    rules = county_rules().on(at.astimezone(COUNTY_TIME).date())
    booked = _bookings(wish.resident_id, since=at - rules["booking.no_show_window"].timedelta)
    missed = [_day(each.slot.begins) for each in booked if each.state == "no_show"]
    refuse_unless(may_book(Asked(wish.source, slot.begins, at, missed), rules=rules), where=_named(slot))
    _check_free(slot, [each for each in booked if each.state in COMING])
    _check_person(wish)


def refuse_unless(decision: Decision, *, where: str) -> None:
    """Raises Refusal with the decision's reasons and the clauses of their rules."""
    if decision.allowed:
        return
    why = ";".join(_clause(reason) for reason in decision.reasons if reason.rule_id)
    raise Refusal(";".join(reason.text for reason in decision.reasons), where=where, why=why)


def _clause(reason: Reason) -> str:
    versions = county_rules().rules[reason.rule_id].versions
    used = next(version for version in versions if version.key == reason.version)
    return f"规则 {used.rule_id}({used.text}):{used.source.text}"


def _check_free(slot: Slot, coming: Sequence[Booking]) -> None:
    for other in coming:
        if other.slot_id == slot.pk:
            raise Refusal("已经约了这个时段", where=_named(slot), why="一个人在一个时段只占一个名额")
        stays = Kind.BED in (slot.resource.kind, other.slot.resource.kind)
        if not stays and other.slot.begins < slot.ends and slot.begins < other.slot.ends:
            raise Refusal(f"与已有预约冲突:{_named(other.slot)}", where=_named(slot), remedy="请先取消或改期")


def _check_person(wish: Wish) -> None:
    person = Resident.objects.filter(pk=wish.resident_id).values_list("died_on", flat=True).first()
    if person is not None:
        raise Refusal("此人已登记死亡,不能预约", where=wish.resident_id, remedy="如登记有误,请先更正档案")
    if wish.source is Source.REFERRAL:
        _check_case(wish)


def _check_case(wish: Wish) -> None:
    if not Case.objects.filter(OPEN, pk=wish.case_id, resident_id=wish.resident_id).exists():
        raise Refusal(
            "没有这个人在办的转诊", where=wish.case_id, why="预留名额只用于转诊", remedy="请先发起转诊,或按普通预约办理"
        )


def _bookings(resident_id: str, *, since: datetime) -> list[Booking]:
    wanted = Q(state__in=COMING) | Q(state="no_show", slot__begins__gte=since)
    return list(Booking.objects.filter(wanted, resident_id=resident_id).select_related("slot__resource"))


def _day(moment: datetime) -> date:
    return moment.astimezone(COUNTY_TIME).date()


def _named(slot: Slot) -> str:
    return f"{slot.resource} {slot.begins.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}"
