"""What the timer does for contracts: begin, end, drop, find in the record, and tell what is overdue."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from yigongti.analytics.lake import facts_as_of
from yigongti.capabilities.contract.decisions.evidence import KIND_OF
from yigongti.capabilities.contract.models import Contract, DueItem, Watermark
from yigongti.capabilities.contract.services import items, planning, saying, standing
from yigongti.capabilities.contract.workflow import PENDING
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.engine import take
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident

SEARCHED = "contract_evidence"
_LATE = timedelta(days=31)
"""How long after its window an item is still looked for: files come monthly.  Not policy: the proof's day counts."""


def run_due(*, at: datetime, tell: Callable[[str], object]) -> None:
    """Everything about contracts whose time has come.  Each contract is a transaction of its own; one that is refused
    stays as it is for a person to look at."""
    today = day_of(at)
    standing.refresh(today=today)
    died = Resident.objects.filter(died_on__isnull=False).values("pk")
    lasts = county_rules().find("contract.proposal_lasts", on=today).timedelta
    moved = (
        _take(Contract.objects.filter(state="signed", start_on__lte=today), "begin", at=at)
        + _take(Contract.objects.filter(state="in_force", resident_id__in=died), "terminate", at=at, reason="居民已故")
        + _take(Contract.objects.filter(state__in=PENDING, resident_id__in=died), "decline", at=at, reason="居民已故")
        + _take(Contract.objects.filter(state="in_force", end_on__lt=today), "expire", at=at)
        + _take(Contract.objects.filter(state="proposed", opened_at__lt=at - lasts), "decline", at=at,
                reason="申请过期未签")
    )  # fmt: skip
    settled = saying.settle_unanswered(at=at)
    found = look_for_proofs(at=at)
    planned = planning.plan_loaded(today=today)  # after the search: what it plans it looks for itself
    overdue = items.publish_overdue(today=today)
    tell(f"签约:为装载的签约排定服务项目 {planned} 份,了结异议 {settled} 件")
    tell(f"签约:办理 {moved} 份,档案中找到履约 {found} 项,逾期未履约 {overdue} 项")


def look_for_proofs(*, at: datetime) -> int:
    """Look in the record for what proves open items, where facts that can prove them have arrived."""
    instants = [instant for table in KIND_OF if (instant := facts_as_of(table)) is not None]
    as_of, today = max(instants, default=None), day_of(at)
    seen = Watermark.objects.filter(pk=SEARCHED).first()
    if as_of is None or (seen is not None and (seen.as_of, seen.day) == (as_of, today)):
        return 0
    found = items.find(DueItem.objects.filter(due_on__gte=today - _LATE), today=today)
    Watermark.objects.update_or_create(pk=SEARCHED, defaults={"as_of": as_of, "day": today})
    return found


def _take(contracts: Iterable[Contract], step: str, *, at: datetime, **data: str) -> int:
    return sum(_taken(contract, step, at=at, data=data) for contract in list(contracts))


def _taken(contract: Contract, step: str, *, at: datetime, data: dict[str, str]) -> bool:
    try:
        take(contract, step, by=SYSTEM_ACTOR, at=at, request_id=new_id(), data=data)
    except NotAllowed:
        return False
    return True
