"""What is looked at before a person is booked: the slot, the person, what else they have booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yigongti.capabilities.booking.decisions.eligibility import Asked, may_book
from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import COUNTS, Booking, Kind, Slot
from yigongti.capabilities.booking.services.seats import closed
from yigongti.kernel.clock import day_of, minute_of
from yigongti.kernel.decisions import Decision, Reason
from yigongti.kernel.errors import Refusal
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident
from yigongti.spine.statements import NUMBER, TEXT, kept

COMING = ("booked", "checked_in")
LARGEST = 2**63 - 1
"""No slot has a larger number: the database has no room for it."""


@dataclass(frozen=True)
class Wish:
    """Who is to be booked, through whom, for which referral."""

    resident_id: str
    source: Source
    case_id: str = ""


@dataclass(frozen=True)
class _Counted:
    """A booking that counts when its person books again."""

    state: str
    slot_id: int
    begins: datetime
    ends: datetime
    kind: str
    name: str


def check(slot: Slot, wish: Wish, *, at: datetime) -> None:
    """Raises Refusal naming the rule where the person may not have a seat of this slot now."""
    if slot.closed_at is not None:
        raise closed(slot)
    rules = county_rules().on(day_of(at))
    counted = _counted(wish.resident_id)
    missed = [day_of(each.begins) for each in counted if each.state == "no_show"]
    refuse_unless(
        may_book(Asked(wish.source, slot.begins, at, missed), rules=rules), where=_named(slot), remedy="请另选时段"
    )
    _check_free(slot, [each for each in counted if each.state in COMING])
    if wish.source is Source.REFERRAL:
        _check_case(wish)


def refuse_unless(decision: Decision, *, where: str, remedy: str = "") -> None:
    """Raises Refusal with the decision's reasons and the clauses of their rules."""
    if decision.allowed:
        return
    why = ";".join(_clause(reason) for reason in decision.reasons if reason.rule_id)
    raise Refusal(";".join(reason.text for reason in decision.reasons), where=where, why=why, remedy=remedy)


def _clause(reason: Reason) -> str:
    versions = county_rules().rules[reason.rule_id].versions
    used = next(version for version in versions if version.key == reason.version)
    return f"规则 {used.rule_id}({used.text}):{used.source.text}"


def slot_for(resident_id: str, slot_id: int) -> Slot:
    """The slot with its resource, for a person who is alive.  Raises Refusal where there is none, or they are not."""
    found = kept("booking_slot", _by_number).objects({NUMBER: slot_id}) if slot_id <= LARGEST else []
    if not found:
        raise Refusal("没有这个时段", where=str(slot_id), remedy="请重新查找")
    if kept("booking_dead", _dead_ones).rows({TEXT: resident_id}):
        raise _dead(resident_id)
    slot: Slot = found[0]
    return slot


def _by_number() -> QuerySet:
    return Slot.objects.select_related("resource").filter(pk=NUMBER)


def _dead_ones() -> QuerySet:
    return Resident.objects.filter(pk=TEXT, died_on__isnull=False).values_list("pk")


def check_waiting(wish: Wish) -> None:
    """Raises Refusal where the person is dead, or there is no such referral of theirs."""
    if kept("booking_dead", _dead_ones).rows({TEXT: wish.resident_id}):
        raise _dead(wish.resident_id)
    if wish.source is Source.REFERRAL:
        _check_case(wish)


def _dead(resident_id: str) -> Refusal:
    return Refusal("此人已登记死亡,不能预约", where=resident_id, remedy="如登记有误,请先更正档案")


def _check_free(slot: Slot, coming: Sequence[_Counted]) -> None:
    for other in coming:
        if other.slot_id == slot.pk:
            raise Refusal("已经约了这个时段", where=_named(slot), why="一个人在一个时段只占一个名额")
        stays = Kind.BED in (slot.resource.kind, other.kind)
        if not stays and other.begins < slot.ends and slot.begins < other.ends:
            raise in_conflict(slot, f"{other.name} {minute_of(other.begins)}")


def in_conflict(slot: Slot, other: str) -> Refusal:
    """Why a person who is booked elsewhere at the time cannot have the slot; other: what they have booked."""
    why = "一个人不能同时在两处就诊(住院床位除外)"
    return Refusal(f"与已有预约冲突:{other}", where=_named(slot), why=why, remedy="请先取消或改期")


def _check_case(wish: Wish) -> None:
    if not Case.objects.filter(OPEN, pk=wish.case_id, resident_id=wish.resident_id).exists():
        raise Refusal(
            "没有这个人在办的转诊", where=wish.case_id, why="预留名额只用于转诊", remedy="请先发起转诊,或按普通预约办理"
        )


def _counted(resident_id: str) -> list[_Counted]:
    """What the person is still to come to, and what they missed."""
    return [_Counted(*row) for row in kept("booking_counted", _counting).rows({TEXT: resident_id})]


def _counting() -> QuerySet:
    columns = ("state", "slot_id", "slot__begins", "slot__ends", "slot__resource__kind", "slot__resource__name")
    return Booking.objects.filter(COUNTS, resident_id=TEXT).values_list(*columns)


def _named(slot: Slot) -> str:
    return f"{slot.resource} {minute_of(slot.begins)}"
