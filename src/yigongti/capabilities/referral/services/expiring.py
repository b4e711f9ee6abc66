"""What nobody answered, and who did not come: ended by the system after the rule's time."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.places import appointment_of
from yigongti.capabilities.referral.workflow import WORKFLOWS
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import Refusal
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import OPEN
from yigongti.spine.county_rules import county_rules

EXPIRES, ARRIVES = "referral.expires_after", "referral.arrive_within"
_RULE_OF: Mapping[str, tuple[str, str]] = {"expire": (EXPIRES, "无人应答"), "miss": (ARRIVES, "逾期未到诊")}


def expire_overdue(*, at: datetime) -> int:
    """End the open referrals whose time has passed: unanswered ones expire, accepted ones whose patient did not come
    are told as not arrived.  Returns how many.  A job; each is a transaction of its own."""
    return sum(_expire(step, at=at) for step in _RULE_OF)


def _expire(step: str, *, at: datetime) -> int:
    rule_id, said = _RULE_OF[step]
    rule = county_rules().find(rule_id, on=day_of(at))
    reason = f"{said},超过 {rule.text.lstrip('≤')}(规则 {rule_id})"
    over = [case for case in _waiting(step, at=at) if rule.after(_since(case)) < at]
    return sum(_ended(case, step, reason, at) for case in over)


def _waiting(step: str, *, at: datetime) -> list[Referral]:
    """The open referrals from whose state this step leads out."""
    where = Q(pk__in=[])
    for workflow in WORKFLOWS:
        sources = {source for each in workflow.steps if each.name == step for source in each.sources}
        where |= Q(workflow=workflow.id, state__in=sorted(sources))
    return list(Referral.objects.filter(OPEN, where, entered_at__lt=at).order_by("entered_at"))


def _since(case: Referral) -> datetime:
    """From when the time runs: what was booked for later is waited for."""
    entered: datetime = case.entered_at
    booked = appointment_of(case)
    return max(entered, booked.begins) if booked else entered


def _ended(case: Referral, step: str, reason: str, at: datetime) -> bool:
    try:
        take(case, step, by=SYSTEM_ACTOR, at=at, request_id=f"{case.pk}:{case.version}:{step}", data={"reason": reason})
    except Refusal:
        return False  # somebody acted in between
    return True
