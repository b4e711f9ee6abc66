"""Work that is done when there is something to do, not on a page's request."""

from collections.abc import Callable

from django.db import transaction

from yigongti import __version__
from yigongti.analytics.lake import facts_as_of
from yigongti.analytics.lake.appending import append
from yigongti.analytics.lake.housekeeping import sweep
from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.contract.services.measuring import keep_up as measure_teams
from yigongti.capabilities.contract.services.timer import run_due as contracts_due
from yigongti.capabilities.measure.models import Kind, Run
from yigongti.capabilities.measure.services.runs import PACE, refresh
from yigongti.capabilities.payment import api as payment
from yigongti.capabilities.portal import api as portal
from yigongti.capabilities.referral import api as referral
from yigongti.capabilities.supervision import api as supervision
from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY
from yigongti.spine.cases import buffer, live_facts
from yigongti.spine.cases.deadlines import escalate_overdue
from yigongti.spine.notices import outbound
from yigongti.spine.places.models import Institution

Tell = Callable[[str], object]


def is_empty() -> bool:
    """Whether the county has no institution yet."""
    return not Institution.objects.exists()


def run_due(*, tell: Tell) -> None:
    """Everything a county's timer should do: late cases marked, messages sent, live facts to the lake, budgets
    watched, indicators refreshed."""
    escalate_overdue(at=clock.now())
    contracts_due(at=clock.now(), tell=tell)
    tell(f"转诊到期终止 {referral.end_overdue(at=clock.now())} 件")
    tell(f"到期办结投诉 {portal.close_unobjected(at=clock.now())} 件")
    tell(f"逾期投诉转县级复核 {portal.raise_unattended(at=clock.now())} 件")
    kept_up = booking.keep_up(at=clock.now())
    tell(f"开放预约时段 {kept_up.opened} 个,候补递补 {kept_up.promoted} 人")
    tell(f"外发消息 {outbound.deliver(at=clock.now()).sent} 条")
    tell(f"在办业务入湖 {sync_live_facts()} 行")
    tell(f"签约团队质量测得 {measure_teams(today=clock.today())} 个")
    tell(f"住院关联转诊 {referral.link(at=clock.now())} 次")
    if (swept := supervision.sweep_if_due(at=clock.now())) is not None:
        tell(f"基金筛查:新疑点 {swept.new_findings} 处,新线索 {swept.new_leads} 件")
    if (warned := payment.warn_if_due(at=clock.now())) is not None:
        tell(f"季度总额使用已核对,预警 {warned} 项")
    sweep()
    refresh_if_stale(tell=tell)


def sync_live_facts() -> int:
    """Bring what live work left in the record store to the lake, steps and the facts themselves; returns how many."""
    return _sync_steps() + sum(_sync(table) for table in live_facts.waiting_tables())


def _sync(table: str) -> int:
    synced = 0
    while True:
        rows, marks = live_facts.waiting(table)
        if not marks:
            return synced
        with transaction.atomic():
            append(table, rows)
            live_facts.mark_synced(marks, at=clock.now())
        synced += len(marks)


def _sync_steps() -> int:
    synced = 0
    while True:
        rows, ids = buffer.waiting()
        if not ids:
            return synced
        with transaction.atomic():
            append("case_step", rows)
            buffer.mark_synced(ids, at=clock.now())
        synced += len(ids)


def refresh_if_stale(*, tell: Tell) -> bool:
    """Compute all indicators where facts have arrived since the last time; returns whether it did."""
    if facts_as_of(PACE) is None:
        return False
    latest = max(moment for name in COUNTY if (moment := facts_as_of(name)) is not None)
    if Run.objects.filter(kind=Kind.REFRESH, created_at__gte=latest, code_version=__version__).exists():
        return False
    tell("计算指标 …")
    refresh()
    return True
