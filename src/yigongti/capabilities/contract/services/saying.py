"""What residents say of a service: it was done, or something is wrong with it; and what becomes of a dispute.

A dispute is a case of its own (`workflow.DISPUTE`): the site that did the service or the team's institution answers
within the days of the rule contract.dispute_answered_within, by a word or by entering the service anew, and the
resident agrees or insists.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.contract.models import DueItem
from yigongti.capabilities.contract.services import items
from yigongti.capabilities.contract.services.items import Done
from yigongti.capabilities.contract.workflow import DISPUTE
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.bindings import Binding, bind
from yigongti.spine.cases.checks import can_step
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.county_rules import county_rules

SETTLES_AFTER, UPHELD_AFTER = "contract.dispute_settles_after", "contract.dispute_upheld_after"


def bind_disputes() -> None:
    """Use the workflow of disputes in this process."""
    effects = {"accept_service": _accepted, "dispute_again": _disputed, "drop_dispute": _dropped}
    bind(Binding(DISPUTE, effects=effects))


@transaction.atomic
def confirm(item: DueItem, *, by: Any, at: datetime) -> DueItem:
    """The resident says that it was done; where it was disputed, that the answer will do.

    Raises NotAllowed where it is not done, or by somebody else.
    """
    held = _sayable(item, by)
    open_dispute = _open_dispute(held)
    if open_dispute is None:
        return _say(held, "confirmed", "", by=by, at=at)
    step = "agree" if open_dispute.state == "answered" else "withdraw"
    take(open_dispute, step, by=by, at=at, request_id=new_id())
    return _say(items.locked(held), "confirmed", "", by=by, at=at)


@transaction.atomic
def dispute(item: DueItem, *, remark: str, by: Any, at: datetime) -> DueItem:
    """The resident says that it was not done, or not so: the team is to answer.  Said again: the resident insists.

    Raises NotAllowed without a remark, while an answer is awaited, and as `confirm`.
    """
    text = remark.strip()[:300]
    if not text:
        raise NotAllowed("请写明有什么异议", where="意见", remedy="请简单说明,例如“当天没有来访”")
    held = _sayable(item, by)
    open_dispute = _open_dispute(held)
    if open_dispute is not None:
        take(open_dispute, "insist", by=by, at=at, request_id=new_id(), data={"remark": text})
        return items.locked(held)
    held.dispute = _raised(held, text, by=by, at=at)
    return _say(held, "disputed", text, by=by, at=at)


@transaction.atomic
def enter(item: DueItem, done: Done, *, by: Any, at: datetime) -> DueItem:
    """The team enters what it did; where the resident disputes the service, that answers.  Raises as `items.enter`."""
    held = items.enter(item, done, by=by, at=at)
    open_dispute = _open_dispute(held)
    if open_dispute is not None and can_step(open_dispute, "answer", by=by, at=at):
        answer = f"{done.on} 重新登记:{done.proof.strip()[:300]}"
        take(open_dispute, "answer", by=by, at=at, request_id=new_id(), data={"answer": answer})
    return held


def settle_unanswered(*, at: datetime) -> int:
    """End the disputes that one side has left lying for the rule's days: settled where the resident says nothing more
    to an answer, upheld where nobody answers; returns how many.  A job."""
    left = (("answered", "lapse", SETTLES_AFTER), ("raised", "uphold", UPHELD_AFTER))
    return sum(_ended(state, step, after=rule_id, at=at) for state, step, rule_id in left)


def _ended(state: str, step: str, *, after: str, at: datetime) -> int:
    lasts = county_rules().find(after, on=day_of(at)).timedelta
    lying = Case.objects.filter(OPEN, workflow=DISPUTE.id, state=state, entered_at__lt=at - lasts)
    return sum(_taken(case, step, at=at) for case in list(lying))


def _taken(case: Case, step: str, *, at: datetime) -> bool:
    try:
        take(case, step, by=SYSTEM_ACTOR, at=at, request_id=f"{step}/{case.pk}/{case.version}")
    except NotAllowed:  # somebody has just said something
        return False
    return True


def _sayable(item: DueItem, by: Any) -> DueItem:
    held = items.locked(item)
    if held.done_on is None:
        raise NotAllowed(f"“{held.name}”还没有完成的记录", remedy="完成之后再确认或提出异议")
    if by.resident_id != held.resident_id:
        raise NotAllowed("只有签约居民本人可以确认或提出异议", remedy="请由本人登录后办理")
    return held


def _say(held: DueItem, said: str, remark: str, *, by: Any, at: datetime) -> DueItem:
    held.said, held.remark, held.said_at = said, remark, at
    items.save(held)
    items.audit(f"contract_item_{said}", held, by=by, at=at)
    return held


def _raised(held: DueItem, remark: str, *, by: Any, at: datetime) -> Case:
    said = {"service": f"{held.name} {held.done_on}", "remark": remark, "title": f"{held.name}:{remark}"[:200]}
    elsewhere = held.performer_id if held.performer_id != held.institution_id else None
    parties = Parties(held.institution_id, elsewhere, held.resident_id)
    return open_case(DISPUTE.id, parties=parties, by=by, at=at, request_id=new_id(), data=said)


def _open_dispute(item: DueItem) -> Case | None:
    return Case.objects.filter(OPEN, pk=item.dispute_id).first() if item.dispute_id else None


def _accepted(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of agreeing: the service counts as confirmed."""
    _mark(case, "confirmed", "", at=at)


def _disputed(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of insisting: the service is disputed with what is said now."""
    _mark(case, "disputed", data["remark"][:300], at=at)


def _dropped(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of withdrawing, and of saying nothing more to an answer: the service stands as it was done."""
    _mark(case, "", "", at=at)


def _mark(case: Case, said: str, remark: str, *, at: datetime) -> None:
    held = DueItem.objects.select_for_update(of=("self",)).filter(dispute_id=case.pk).first()
    if held is not None:
        held.said, held.remark, held.said_at = said, remark, at
        items.save(held)
