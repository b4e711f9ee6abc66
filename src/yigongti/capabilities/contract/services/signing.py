"""Proposing and signing: by the team on paper, or between team and resident on the phone.

    contract = propose(Terms(team_id=…, package="basic", start_on=…, years=1), resident_id=…, by=…, at=…, request_id=…)
    sign(contract, "sign_on_paper", by=…, at=…, request_id=…, paper="2026-0017")

A contract that begins today is in force at once; one that begins later waits for its day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.contract.decisions.packages import package
from yigongti.capabilities.contract.decisions.schedule import end_of
from yigongti.capabilities.contract.decisions.signing import Offer, may_sign, may_start
from yigongti.capabilities.contract.models import Contract, Team, ValidContract
from yigongti.capabilities.contract.selectors import standing
from yigongti.capabilities.contract.services import items
from yigongti.capabilities.contract.workflow import CONTRACT, IN_FORCE, PENDING
from yigongti.kernel.clock import day_of
from yigongti.kernel.decisions import Decision, refuse
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident

_NAMED = {"team": "团队", "county_hospital": "县级医院", "city_hospital": "市级医院", "predecessor": "原签约"}


@dataclass(frozen=True)
class Terms:
    """What is agreed: team, package, from when, for how many years; the others of a 1+1+1 combination, if any."""

    team_id: str
    package: str
    start_on: date
    years: int
    county_hospital_id: str | None = None
    city_hospital_id: str | None = None
    household: str = ""
    predecessor_id: str | None = None
    follows: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """As opening takes them."""
        return {name.removesuffix("_id"): value for name, value in vars(self).items() if value not in (None, "")}


@transaction.atomic
def propose(terms: Terms, *, resident_id: str, by: Any, at: datetime, request_id: str) -> Contract:
    """Propose a contract (the team) or apply for one (the resident).  Raises NotAllowed with every reason."""
    team = Team.objects.filter(pk=terms.team_id).first()
    if team is None:
        raise NotAllowed(f"没有编号为“{terms.team_id}”的家庭医生团队", remedy="请从团队列表中选择")
    parties = Parties(team.institution_id, resident_id=resident_id)
    contract = open_case(CONTRACT.id, parties=parties, by=by, at=at, request_id=request_id, data=terms.data)
    assert isinstance(contract, Contract)
    return contract


@transaction.atomic
def propose_family(
    terms: Terms, *, resident_ids: Sequence[str], by: Any, at: datetime, request_id: str
) -> list[Contract]:
    """One contract for each of a family, under one household; all or none.  Raises NotAllowed as `propose`."""
    household = replace(terms, household=terms.household or new_id())
    return [
        propose(household, resident_id=each, by=by, at=at, request_id=f"{request_id}:{place}"[-64:])
        for place, each in enumerate(dict.fromkeys(resident_ids))
    ]


@transaction.atomic
def sign_up(
    terms: Terms, *, resident_ids: Sequence[str], paper: str, by: Any, at: datetime, request_id: str
) -> list[Contract]:
    """Propose to one person or a whole family and, where they have signed the paper, sign at once; all or none.

    paper: the number of the paper; "" where they are to agree on the phone.  Raises NotAllowed as `propose`.
    """
    options: dict[str, Any] = {"by": by, "at": at, "request_id": request_id}
    if len(resident_ids) == 1:
        contracts = [propose(terms, resident_id=resident_ids[0], **options)]
    else:
        contracts = propose_family(terms, resident_ids=resident_ids, **options)
    return [_on_paper(each, paper, by=by, at=at) if paper else each for each in contracts]


@transaction.atomic
def sign(contract: Contract, step: str, *, by: Any, at: datetime, request_id: str, paper: str = "") -> Contract:
    """Agree by one of the steps confirm, accept and sign_on_paper; begins at once where its day has come.

    Raises NotAllowed as the step does.
    """
    take(contract, step, by=by, at=at, request_id=request_id, data={"paper": paper} if paper else {})
    return begin_if_due(contract.pk, at=at)


@transaction.atomic
def begin_if_due(contract_id: str, *, at: datetime) -> Contract:
    """Begin a signed contract whose day has come; returns it as it then stands.  Raises NotAllowed as the step does."""
    contract = Contract.objects.get(pk=contract_id)
    if contract.state == "signed" and contract.start_on <= day_of(at):
        take(contract, "begin", by=SYSTEM_ACTOR, at=at, request_id=new_id())
    return Contract.objects.get(pk=contract_id)


def begin_afterwards(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of agreeing, by whichever door: once the agreement is stored, it begins if its day has come."""
    transaction.on_commit(partial(begin_if_due, case.pk, at=at), robust=True)


def describe(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of opening: the terms completed and checked; two proposals for one person come one after the other."""
    if case.resident_id is None or not Resident.objects.select_for_update().filter(pk=case.resident_id).exists():
        raise NotAllowed("没有登记这样的居民", where=f"居民 {case.resident_id}", remedy="请核对居民编号,或先建立档案")
    _must_be_known(case)
    if case.institution_id != case.team.institution_id:
        raise NotAllowed("签约机构应为团队所在机构", where=case.team.name, remedy="请另选团队")
    if case.predecessor is not None and case.predecessor.resident_id != case.resident_id:
        raise NotAllowed(
            "只能接续本人的签约", where=f"签约 {case.predecessor_id}", remedy="请从本人的签约页面续签或转签"
        )
    today = day_of(at)
    _must(may_start(start_on=case.start_on, on=today, rules=county_rules().on(today)), case)
    offered = package(county_rules(), case.package, on=case.start_on)
    case.end_on = end_of(case.start_on, years=case.years)
    case.title = case.title or f"{offered.name} {case.start_on}"
    _must(decision_on(case, at=at), case)


def offered(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of confirming: the team proposed it, and it may be signed."""
    if case.opener_id == by.pk:
        return refuse("这是您自己提出的申请,请等团队接受")
    return decision_on(_own(case), at=at)


def applied(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of accepting: the resident applied for it, and it may be signed."""
    opener = case.opener
    if opener is None or opener.resident_id != case.resident_id:
        return refuse("这是团队发起的,应由居民确认,或登记纸质协议")
    return decision_on(_own(case), at=at)


def signable(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of signing on paper."""
    return decision_on(_own(case), at=at)


def begun(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of beginning: its day has come, and the person may still have it."""
    contract = _own(case)
    if contract.start_on > day_of(at):
        return refuse(f"协议从 {contract.start_on} 起生效")
    return decision_on(contract, at=at)


def enter_force(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of beginning: what it follows ends, the person's one valid contract is this, its items are scheduled; a
    transfer begins no earlier than it is agreed to.

    Raises NotAllowed where the database already has one for the person.
    """
    earlier, today = case.predecessor, day_of(at)
    if case.follows == "transfer" and case.start_on < today:  # agreed to later than it was asked for
        case.start_on, case.end_on = today, end_of(today, years=case.years)
    if earlier is not None and earlier.state == "in_force":
        step = "hand_over" if case.follows == "transfer" else "follow_on"
        take(_own(earlier), step, by=SYSTEM_ACTOR, at=at, request_id=new_id())
    _hold(case)
    items.schedule_for(case, since=case.start_on)


def leave_force(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of every end: the last day is today at the latest, or yesterday where another team takes over today; what
    is not yet due is no longer asked for, and what was to follow on a terminated one ends with it."""
    last = day_of(at) - items.DAY if case.state == "transferred" else day_of(at)
    case.end_on = max(min(case.end_on, last), case.start_on)
    ValidContract.objects.filter(case_id=case.pk).delete()
    items.drop_after(case, day=case.end_on)
    if case.state == "terminated":
        for successor in case.successors.filter(state__in=PENDING):
            _drop(successor, at=at)


def _drop(successor: Contract, *, at: datetime) -> None:
    """A renewal or transfer of what has been terminated is not to be agreed to any more."""
    data = {"reason": "原签约已解约"}
    take(successor, "decline", by=SYSTEM_ACTOR, at=at, request_id=new_id(), data=data)


def decision_on(contract: Contract, *, at: datetime) -> Decision:
    """Whether this contract may be signed now, by the rules of the day."""
    replaced = contract.predecessor_id if contract.follows == "transfer" else None
    resident = Resident.objects.get(pk=contract.resident_id)
    others = standing.held(resident.pk, besides=(contract.pk, replaced))
    rules = county_rules().on(day_of(at))
    return may_sign(_offer(contract, on=day_of(at)), person=standing.person(resident), others=others, rules=rules)


def _offer(contract: Contract, *, on: date) -> Offer:
    """What the contract asks of its team; a successor within the team, and one that is counted, take no new place."""
    team, earlier = contract.team, contract.predecessor
    is_counted = (
        not contract._state.adding if earlier is None else (earlier.team_id, earlier.state) == (team.pk, IN_FORCE)
    )
    hospitals = (contract.county_hospital_id, contract.city_hospital_id)
    return Offer(
        start_on=contract.start_on, end_on=contract.end_on, years=contract.years,
        doctors=standing.doctors_of(team, on=on), people=standing.people_of(team.pk) - is_counted,
        is_open=team.closed_on is None or contract.start_on < team.closed_on,
        institutions=1 + sum(each is not None for each in hospitals),
    )  # fmt: skip


def _hold(case: Contract) -> None:
    """Make the contract the person's valid one; a loaded one that is over gives way."""
    over = ValidContract.objects.filter(resident_id=case.resident_id, case__isnull=True, end_on__lt=case.start_on)
    over.delete()
    offered = package(county_rules(), case.package, on=case.start_on)
    try:
        with transaction.atomic():
            ValidContract.objects.create(
                resident_id=case.resident_id, contract_id=case.pk, institution_id=case.institution_id,
                team_id=case.team_id, start_on=case.start_on, end_on=case.end_on, package=offered.name,
                paid=offered.is_paid, case_id=case.pk,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotAllowed(
            "该居民已有一份有效签约", where=f"居民 {case.resident_id}", why="规则 contract.valid_per_person",
            remedy="请先核对居民现有的签约;要换团队请用“转签”",
        ) from error  # fmt: skip


def _must(decision: Decision, case: Contract) -> None:
    if not decision.allowed:
        texts = ";".join(reason.text for reason in decision.reasons)
        rules = "、".join(reason.rule_id for reason in decision.reasons if reason.rule_id)
        raise NotAllowed(f"不能签约:{texts}", where=f"居民 {case.resident_id}", why=rules and f"规则 {rules}")


def _must_be_known(case: Contract) -> None:
    """What the terms name must be there; an unknown name is told, whichever door it came by."""
    for name, label in _NAMED.items():
        field = Contract._meta.get_field(name)
        key = getattr(case, field.attname)
        if key and not field.related_model.objects.filter(pk=key).exists():
            raise NotAllowed(f"没有编号为“{key}”的{label}", where="签约内容", remedy="请从列表中选择")


def _own(case: Case) -> Contract:
    found: Contract = Contract.objects.select_related("team", "predecessor").get(pk=case.pk)
    return found


def _on_paper(contract: Contract, paper: str, *, by: Any, at: datetime) -> Contract:
    """A repeat of the request finds it signed already."""
    if contract.state != "proposed":
        return contract
    return sign(contract, "sign_on_paper", by=by, at=at, request_id=new_id(), paper=paper)
