"""What a referral's steps ask and do: parties and criteria, consent and stamps, the legs of a longer way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from yigongti.capabilities.referral.decisions.parties import may_refer
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.patients import judged, party
from yigongti.capabilities.referral.services.booked import checked_in, release, reserve
from yigongti.capabilities.referral.services.proposing import WORKFLOW_OF
from yigongti.capabilities.referral.workflow import CARE, CONSENT_FORMS, DIRECTIONS
from yigongti.kernel.clock import day_of
from yigongti.kernel.decisions import ALLOWED, Decision, Reason, because, refuse
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.models import Consent
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.audit import trail
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.county_rules import county_rules

Data = Mapping[str, Any]


def begin(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of opening: the parties must be able to, and the same patient is not sent the same way twice at once."""
    if WORKFLOW_OF[case.direction].id != case.workflow:
        raise NotAllowed(f"“{DIRECTIONS[case.direction]}”不在这个流程办理", remedy="请重新选择方向")
    if case.resident is None or case.institution is None or case.counterpart is None:
        raise NotAllowed("转诊要有居民、转出机构和转入机构", remedy="请补全后再提交")
    on, sender, receiver = day_of(at), party(case.institution), party(case.counterpart)
    found = may_refer(
        case.direction, sender=sender, receiver=receiver, died_on=case.resident.died_on, on=on,
        rules=county_rules().on(on),
    )  # fmt: skip
    if found.refused:
        texts, rules = ";".join(each.text for each in found.reasons), {each.rule_id for each in found.reasons}
        raise NotAllowed(texts, why=f"规则 {'、'.join(sorted(rules))}", remedy="请另选机构或方向")
    _not_twice(case)
    case.title = f"{DIRECTIONS[case.direction]} {'、'.join(case.diagnosis)} → {receiver.name}"[:200]


def _not_twice(case: Referral) -> None:
    ways = Referral.objects.filter(OPEN, resident_id=case.resident_id, counterpart_id=case.counterpart_id)
    if standing := ways.exclude(pk=case.pk).filter(~Q(state__in=[*CARE, "followed_up"])).first():
        raise NotAllowed(
            "这位居民已有一份转往该机构的在办转诊", where=f"事项 {standing.pk}",
            why="同一病人同一去向只办一份,以免重复占用预留资源", remedy="请在原转诊上补充或取消后再发起",
        )  # fmt: skip


def criteria(case: Any, *, data: Data, by: Any, at: datetime) -> Decision:
    """Guard of sending: the criteria do not refuse it, and nothing in it is too urgent for the ordinary way."""
    found = judged(case, on=day_of(at))
    if found.is_emergency and case.workflow == "referral":
        told = tuple(
            Reason(flag.rule_id, flag.version, f"达到急症红线,应走急转:{flag.text}") for flag in found.red_flags
        )
        return Decision("refuse", told)
    return found.decision if found.decision.refused else Decision("allow", found.decision.reasons)


def red_flag(case: Any, *, data: Data, by: Any, at: datetime) -> Decision:
    """Guard of the emergency's way: a red flag is there."""
    found = judged(case, on=day_of(at))
    if found.is_emergency:
        return Decision("allow", found.red_flags)
    reasons = found.decision.reasons if found.decision.refused else (because(None, "没有达到急症红线的表现"),)
    return Decision("refuse", reasons)


def sent_on(case: Any, *, data: Data, by: Any, at: datetime) -> Decision:
    """Guard of referring on: the next leg is under way."""
    if Referral.objects.filter(OPEN, previous_id=case.pk).exclude(state="draft").exists():
        return ALLOWED
    return refuse("还没有发出下一程转诊,请从“转诊路径”里的“继续上转”填写")


def send(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of sending: the judgement is kept, and the one consent is given to the receiver."""
    found = judged(case, on=day_of(at))
    case.sent_at, case.is_emergency = at, case.state == "emergency"
    case.judgement = {
        "outcome": found.decision.outcome,
        "reasons": [vars(reason) for reason in found.decision.reasons],
    }
    evidence = f"转诊 {case.pk}:{CONSENT_FORMS[case.consent_form]}"
    case.consent = Consent.objects.create(
        resident_id=case.resident_id, institution_id=case.counterpart_id, evidence=evidence, given_at=at
    )


def accept(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of accepting what needs no place, or of the insurer's certificate."""
    case.accepted_at = at


def accept_with_place(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of accepting up or sideways: a slot is booked, or it is said where the patient is to go."""
    if not data.get("slot") and not data.get("arrangement"):
        raise NotAllowed(
            "请选择预约时段,或写明就诊安排", why="接收要让病人知道何时到哪里", remedy="如急诊、绿色通道、床位"
        )
    case.accepted_at = at
    if data.get("slot"):
        reserve(case, data["slot"], by=by, at=at)


def arrive(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of arriving: who was booked is checked in."""
    case.arrived_at = at
    checked_in(case, by=by, at=at)


def hand_back(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of handing back: the first follow-up is not planned into the past."""
    if case.follow_up_by < day_of(at):
        raise NotAllowed(f"首次随访日期 {case.follow_up_by} 已经过去", remedy="请填写今天或以后的日期")
    case.returned_at = at


def take_over(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of taking over: the patient is back; one who was sent down has arrived."""
    case.taken_over_at = at
    if case.direction == "down":
        case.arrived_at = at


def follow_up(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of the first follow-up: it also serves the legs beyond, for which this patient came home."""
    case.followed_up_at = at
    legs = _held(Q(previous_id=case.pk, state__in=CARE))
    trail.hold(by.username)
    for leg in legs:
        take(leg, "follow_up", by=SYSTEM_ACTOR, at=at, request_id=f"{case.pk}:{leg.pk}:seen", data=data)


def end(case: Any, *, data: Data, by: Any, at: datetime) -> None:
    """Effect of every end: consent ends, what was booked for nothing is given back, the other legs learn of it."""
    if case.consent is not None:
        Consent.objects.filter(pk=case.consent_id).update(ends_at=max(at, case.consent.given_at))
    beyond, before = Q(previous_id=case.pk, state="followed_up"), Q(pk=case.previous_id, state="referred_on")
    legs = _held(beyond if case.state == "closed" else before)
    if case.arrived_at is None:
        release(case, by=by, at=at)
    trail.hold(by.username)
    for leg in legs:
        _tell(leg, case, data, at)


def _held(which: Q) -> list[Referral]:
    """Other legs of the way on which the system is going to act, held until the transaction ends: rows, then a person's
    chain of the audit, then the system's, as everywhere, so that two who act at once do not wait for each other."""
    ids = list(Referral.objects.filter(which).values_list("pk", flat=True))
    if ids:
        list(Case.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    return list(Referral.objects.filter(which, pk__in=ids).order_by("pk"))


def _tell(leg: Referral, case: Referral, data: Data, at: datetime) -> None:
    """The leg beyond is closed with this one; the leg before goes on treating where this one came to nothing, and ends
    where the patient's way ended."""
    request_id = f"{leg.pk}:{case.pk}:{case.state}"[:64]
    name = {"closed": "close", "ended": "end"}.get(case.state, "resume")
    reason = f"下一程转诊没有成行:{data.get('reason', '')}"
    said = {"reason": reason} if name == "resume" else data
    take(leg, name, by=SYSTEM_ACTOR, at=at, request_id=request_id, data=said)


def row_of(case: Case) -> dict[str, Any] | None:
    """The fact that a referral stands for, once it has been sent; one out of the county goes up."""
    assert isinstance(case, Referral)
    if case.sent_at is None:
        return None
    return {
        "referral_id": case.pk, "resident_id": case.resident_id,
        "direction": "up" if case.direction == "out" else case.direction,
        "from_institution_id": case.institution_id, "to_institution_id": case.counterpart_id,
        "sent_at": case.sent_at, "accepted_at": case.accepted_at, "arrived_at": case.arrived_at,
        "returned_at": case.returned_at, "closed_at": case.closed_at, "reserved": case.reserved,
        "outcome": _OUTCOME.get((case.state, case.direction == "down"), _OUTCOME.get((case.state, False))),
    }  # fmt: skip


_OUTCOME = {
    ("closed", False): "完成诊疗并回转", ("closed", True): "下转接续完成", ("declined", False): "接收方未接收",
    ("not_arrived", False): "患者未到院", ("cancelled", False): "转出方取消", ("expired", False): "无人应答而失效",
    ("ended", False): "在院终结",
}  # fmt: skip
