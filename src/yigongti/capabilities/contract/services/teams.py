"""Keeping teams: described, their members in and out, closed when their people have gone elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.contract.decisions.packages import DUTIES
from yigongti.capabilities.contract.models import Member, Team, ValidContract
from yigongti.capabilities.contract.workflow import PENDING
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.kernel.ids import new_id
from yigongti.kernel.roles import Role
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.people.models import Staff
from yigongti.spine.places.models import Institution

KEEPERS = frozenset({Role.MANAGER, Role.BUREAU, Role.FAMILY_DOCTOR})
"""Who keeps teams of the institutions in their scope."""


@dataclass(frozen=True)
class TeamValues:
    """What is said of a team.  team_id: of one that contracts name already; "" for a new one."""

    institution_id: str
    name: str
    opened_on: date
    phone: str = ""
    is_model: bool = False
    team_id: str = ""


@dataclass(frozen=True)
class MemberValues:
    """Who joins: staff, under which name, with which duty, from when."""

    staff_id: str
    name: str
    duty: str
    since: date


@transaction.atomic
def describe_team(values: TeamValues, *, by: Any, at: datetime) -> Team:
    """Make a team, or describe anew one that there is.  Raises NotAllowed outside one's scope, Refusal for an
    institution that is not of the base level."""
    institution = Institution.objects.filter(pk=values.institution_id).first()
    if institution is None or institution.kind not in PRIMARY_KINDS:
        raise Refusal(
            "家庭医生团队应设在基层医疗卫生机构",
            where=values.institution_id,
            remedy="请选择乡镇卫生院、社区中心或站、室",
        )
    _must_keep(institution.pk, by)
    key = values.team_id or new_id()
    held = Team.objects.filter(pk=key).first()
    if held is not None and held.institution_id != institution.pk:
        _must_keep(held.institution_id, by)
        raise Refusal(
            "团队不能换机构", where=held.name, why="居民是与这家机构签约的", remedy="请另建团队,再把居民转签过去"
        )
    fields = {name: getattr(values, name) for name in ("institution_id", "name", "opened_on", "phone", "is_model")}
    team, _is_new = Team.objects.update_or_create(pk=key, defaults=fields)
    _audit("contract_team", team, by=by, at=at, name=values.name)
    return team


@transaction.atomic
def join(team: Team, values: MemberValues, *, by: Any, at: datetime) -> Member:
    """Somebody joins a team.  A specialist comes from another institution (the county level); the others work at the
    team's or below it.  Raises NotAllowed and Refusal."""
    _must_keep(team.institution_id, by)
    staff = Staff.objects.select_related("institution").filter(pk=values.staff_id).first()
    if staff is None:
        raise Refusal(f"没有编号为“{values.staff_id}”的人员", where="人员编号", remedy="请核对人员表(staff)")
    if staff.left_on is not None and staff.left_on < values.since:
        raise Refusal(f"该人员已于 {staff.left_on} 离职", where=values.staff_id, remedy="请另选人员")
    _fits(team, staff, values)
    member = Member.objects.create(team=team, **vars(values))
    _audit("contract_member_joined", team, by=by, at=at, staff=values.staff_id, duty=values.duty)
    return member


@transaction.atomic
def leave(member: Member, *, by: Any, at: datetime) -> None:
    """Somebody leaves a team today.  Raises NotAllowed where nobody would be left to lead people who have contracts."""
    team = member.team
    _must_keep(team.institution_id, by)
    if member.duty == "leader" and ValidContract.objects.filter(team_id=team.pk).exists():
        others = team.members.filter(until__isnull=True, duty="doctor").exclude(pk=member.pk)
        if not others.exists():
            raise NotAllowed("团队还有签约居民,不能没有家庭医生", where=team.name, remedy="请先让另一位医师加入")
    member.until = day_of(at)
    member.save(update_fields=["until"])
    _audit("contract_member_left", team, by=by, at=at, staff=member.staff_id)


@transaction.atomic
def close(team: Team, *, by: Any, at: datetime) -> None:
    """A team stops.  Raises NotAllowed while it has people."""
    _must_keep(team.institution_id, by)
    if ValidContract.objects.filter(team_id=team.pk).exists() or team.contracts.filter(state__in=PENDING).exists():
        raise NotAllowed("团队还有签约居民", where=team.name, remedy="请先为他们转签或解约")
    team.closed_on = max(day_of(at), team.opened_on)
    team.save(update_fields=["closed_on"])
    _audit("contract_team_closed", team, by=by, at=at)


def _fits(team: Team, staff: Staff, values: MemberValues) -> None:
    if values.duty not in DUTIES:
        raise Refusal(f"没有职责“{values.duty}”", remedy=f"可选:{'、'.join(DUTIES.values())}")
    at_team = team.institution_id in (staff.institution_id, staff.institution.parent_id)
    if values.duty == "specialist" and at_team:
        raise Refusal(
            "专科支持应来自上级医院", where=values.staff_id, why="yunnan-2024-17 11", remedy="请选县级医院的医师"
        )
    if values.duty != "specialist" and not at_team:
        raise Refusal(
            "该人员不在团队的机构及其下属站室", where=values.staff_id, remedy="上级医院的医师请选“上级医院专科医师”"
        )
    if team.members.filter(staff_id=values.staff_id, until__isnull=True).exists():
        raise Refusal("该人员已在团队中", where=values.staff_id, remedy="要改职责请先退出再加入")
    if values.duty == "leader" and team.members.filter(duty="leader", until__isnull=True).exists():
        raise Refusal("团队已有团队长", where=team.name, remedy="请先让原团队长退出,或选择其他职责")


def _must_keep(institution_id: str, by: Any) -> None:
    if not may(by, KEEPERS, institution_id=institution_id):
        raise NotAllowed("团队由所在机构维护", where=institution_id, remedy="请由该机构的管理者或家庭医生操作")


def _audit(action: str, team: Team, *, by: Any, at: datetime, **detail: str) -> None:
    trail.record(action, actor=by.username, at=at, subject=f"team:{team.pk}", detail=detail)
