"""What happens to a contract in force: another package, a renewal, another team.

Renewal and transfer propose a successor to be agreed to as any contract; the workflow's `enter_force` ends the
predecessor when the successor begins.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yigongti.capabilities.contract.decisions.packages import packages
from yigongti.capabilities.contract.decisions.schedule import DAY
from yigongti.capabilities.contract.decisions.signing import may_renew
from yigongti.capabilities.contract.models import Contract, Team, ValidContract
from yigongti.capabilities.contract.services import items
from yigongti.capabilities.contract.services.signing import Terms, propose
from yigongti.capabilities.contract.workflow import PENDING
from yigongti.kernel.clock import day_of
from yigongti.kernel.decisions import ALLOWED, Decision, refuse
from yigongti.kernel.ids import new_id
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.models import Case
from yigongti.spine.county_rules import county_rules


def package_offered(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of amending: to another package that is offered today."""
    if data["package"] not in packages(county_rules(), on=day_of(at)):
        return refuse(f"没有服务包“{data['package']}”")
    if data["package"] == Contract.objects.get(pk=case.pk).package:
        return refuse("已经是这个服务包")
    return ALLOWED


def reschedule(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of amending: what is not yet open is dropped, and the new package's items are scheduled from today."""
    today = day_of(at)
    offered = packages(county_rules(), on=today)[case.package]
    items.drop_after(case, day=today - DAY)
    items.schedule_for(case, since=today)
    ValidContract.objects.filter(case_id=case.pk).update(package=offered.name, paid=offered.is_paid)


def renewable(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of renewing: near the end, and not renewed already."""
    contract = Contract.objects.get(pk=case.pk)
    if has_successor(contract):
        return refuse("已有待生效的续签或转签")
    today = day_of(at)
    return may_renew(end_on=contract.end_on, on=today, rules=county_rules().on(today))


def propose_renewal(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of renewing: the same terms again, from the day after the last."""
    terms = Terms(
        case.team_id, case.package, case.end_on + DAY, data["for_years"], case.county_hospital_id,
        case.city_hospital_id, case.household, predecessor_id=case.pk, follows="renewal",
    )  # fmt: skip
    propose(terms, resident_id=case.resident_id, by=by, at=at, request_id=new_id())


def transferable(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of transferring: to another team of the county that works."""
    contract = Contract.objects.get(pk=case.pk)
    if has_successor(contract):
        return refuse("已有待生效的续签或转签")
    if data["to_team"] == contract.team_id:
        return refuse("已经由这个团队签约")
    if not Team.objects.filter(pk=data["to_team"], closed_on__isnull=True).exists():
        return refuse(f"没有编号为“{data['to_team']}”、正在服务的团队")
    return ALLOWED


def propose_transfer(case: Contract, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of transferring: the same package with the other team from today.  What the resident asks for is their
    application, which that team accepts; what a team asks for is opened by the system, since it need not belong to the
    other team, and the resident agrees.
    """
    terms = Terms(
        data["to_team"], case.package, day_of(at), case.years, case.county_hospital_id, case.city_hospital_id,
        case.household, predecessor_id=case.pk, follows="transfer",
    )  # fmt: skip
    opener = by if by.resident_id == case.resident_id else SYSTEM_ACTOR
    propose(terms, resident_id=case.resident_id, by=opener, at=at, request_id=new_id())


def ended(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of expiring: the last day is over."""
    contract = Contract.objects.get(pk=case.pk)
    return ALLOWED if contract.end_on < day_of(at) else refuse(f"协议到 {contract.end_on} 才到期")


def has_successor(contract: Contract) -> bool:
    """Whether a renewal or transfer of it waits to be agreed to, or to begin."""
    return bool(contract.successors.filter(state__in=PENDING).exists())
