"""Whether somebody may take a step, and why not in words that a clerk understands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Side, Step, Workflow
from yigongti.spine.access.scope import Scope, scope_of
from yigongti.spine.cases.bindings import Binding, binding_of
from yigongti.spine.cases.fields import cleaned
from yigongti.spine.cases.models import Case

CLOCK_SKEW = timedelta(seconds=5)
"""How far two servers' clocks may differ before a step seems to come before the one it follows."""

SIDES = {Side.OPENER: "发起方", Side.COUNTERPART: "承接方", Side.EITHER: "发起方或承接方", Side.COUNTY: "县级"}


@dataclass(frozen=True)
class Actor:
    """In which role, and for which institution, somebody may take a step."""

    role: str
    institution_id: str | None


def check_step(case: Case, name: str, *, by: Any, at: datetime) -> tuple[Step, Actor]:
    """The step and the part in which `by` may take it now: state, role, scope and time, and the guard where it can
    be asked before anything is filled in.  Raises NotAllowed with the reason."""
    step, actor = permitted(case, name, by=by, at=at)
    if not (step.needs or step.asks):
        check_guard(binding_of(case.workflow), case, step, data={}, by=by, at=at)
    return step, actor


def permitted(case: Case, name: str, *, by: Any, at: datetime) -> tuple[Step, Actor]:
    """As check_step, without the guard."""
    step = _step(binding_of(case.workflow).workflow, case, name)
    actor = _actor(case, step, by)
    if at < case.entered_at - CLOCK_SKEW:
        raise NotAllowed(f"办理时间 {at:%Y-%m-%d %H:%M} 早于进入当前状态的时间", remedy="请核对时间")
    return step, actor


def can_step(case: Case, name: str, *, by: Any, at: datetime) -> bool:
    """Whether the button is shown."""
    try:
        check_step(case, name, by=by, at=at)
    except NotAllowed:
        return False
    return True


def steps_for(case: Case, *, by: Any, at: datetime) -> list[Step]:
    """The steps that somebody may take now: the buttons of the case page."""
    steps = binding_of(case.workflow).workflow.steps_from(case.state)
    return [step for step in steps if can_step(case, step.name, by=by, at=at)]


def check_data(binding: Binding, step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, each value of its kind.  Raises NotAllowed naming what is missing or wrong."""
    return cleaned(binding, data, needs=step.needs, asks=step.asks)


def check_guard(binding: Binding, case: Case, step: Step, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Raises NotAllowed with the decision's reasons where the step's guard does not allow it."""
    if not step.guard:
        return
    decision = binding.guards[step.guard](case, data=data, by=by, at=at)
    if not decision.allowed:
        texts = ";".join(reason.text for reason in decision.reasons)
        rules = "、".join(reason.rule_id for reason in decision.reasons if reason.rule_id)
        raise NotAllowed(f"不能“{step.title}”:{texts}", why=rules and f"规则 {rules}")


def check_open(
    workflow: Workflow, *, by: Any, institution_id: str | None, counterpart_id: str | None, resident_id: str | None
) -> Actor:
    """The part in which `by` may open a case there.  Raises NotAllowed with the reason."""
    if institution_id is not None and institution_id == counterpart_id:
        why = f"“{workflow.label}”在两家机构之间办理({workflow.source})" if workflow.source else ""
        raise NotAllowed("发起机构与承接机构不能是同一家", why=why, remedy="请另选承接机构")
    actor = _acting(by, workflow.openers, {institution_id}, resident_id)
    if actor is None:
        raise NotAllowed(f"您不能在该机构发起“{workflow.label}”", why=f"应由{_named(workflow.openers)}在本机构发起")
    return actor


def _step(workflow: Workflow, case: Case, name: str) -> Step:
    step = workflow.step(name, state=case.state)
    if step is not None:
        return step
    state = workflow.states.get(case.state, case.state)
    if workflow.is_final(case.state):
        raise NotAllowed(f"该事项已办结({state}),不能再“{workflow.labelled(name)}”", remedy="如需继续,请发起新的事项")
    possible = "、".join(step.title for step in workflow.steps_from(case.state))
    raise NotAllowed(
        f"事项处于“{state}”,不能“{workflow.labelled(name)}”",
        why=f"“{state}”之后只能:{possible}",
        remedy="请刷新后再办理",
    )


def _actor(case: Case, step: Step, by: Any) -> Actor:
    actor = _acting(by, step.roles, institutions_of(case, step.side), case.resident_id)
    if actor is not None:
        return actor
    held = _named(scope_of(by).roles) or "未授权"
    if scope_of(by).narrowed(step.roles).by_role:
        raise NotAllowed(f"“{step.title}”应由{SIDES[step.side]}办理,不在您的管辖范围", remedy="请由该机构的人员办理")
    raise NotAllowed(f"“{step.title}”应由{_named(step.roles)}办理,您的岗位是{held}", remedy="请转交有权办理的人员")


def institutions_of(case: Case, side: Side) -> set[str | None]:
    """Whose people may act.  A side without an institution, and the county, are for county-wide roles alone."""
    if side is Side.COUNTY:
        return {None}
    if side is Side.EITHER:
        return {case.institution_id, case.counterpart_id} - {None} or {None}
    return {case.institution_id if side is Side.OPENER else case.counterpart_id}


def _acting(by: Any, roles: frozenset[str], institutions: set[str | None], resident_id: str | None) -> Actor | None:
    scope = scope_of(by)
    for role in [role for role in (*Role, SYSTEM) if role in roles and role in scope.by_role]:
        if role == Role.RESIDENT:
            if resident_id is not None and by.resident_id == resident_id:
                return Actor(role, _first(institutions))
        elif covered := {each for each in institutions if Scope({role: scope.by_role[role]}).covers(each)}:
            return Actor(role, _first(covered))
    return None


def _first(institutions: set[str | None]) -> str | None:
    return min((each for each in institutions if each is not None), default=None)


def _named(roles: frozenset[Any]) -> str:
    return "或".join(role.label for role in Role if role in roles)
