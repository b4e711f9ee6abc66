"""Which cases somebody sees, and which wait for them, as branches that an index can serve.

A branch is one condition on one side of a case (its opener, its counterpart, or neither where somebody reaches the
whole county).  A list reads each branch in the list's order and merges them (`listing`): one condition that joins
all branches by OR would have to be sorted whole.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from django.db.models import Q

from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import Side, Step, Workflow
from yigongti.spine.access.records import CARING_ROLES, person_visible
from yigongti.spine.access.scope import Scope, scope_of
from yigongti.spine.cases.models import Case

NOTHING = Q(pk__in=[])
Reach = frozenset[str] | None
"""Institutions, or None for the whole county."""


def seen_by(user: Any, *, workflow_id: str = "") -> list[Q]:
    """The cases that somebody may see: of workflows in which one of their roles takes part (a manager: all), where
    it reaches one of the case's institutions; a resident: their own."""
    by_reach: dict[Reach, list[str]] = defaultdict(list)
    for workflow in _workflows(workflow_id):
        scope = scope_of(user).narrowed(workflow.participants)
        if scope.by_role:
            by_reach[_reach(scope)].append(workflow.id)
    own = Q(resident_id=user.resident_id) & (Q(workflow=workflow_id) if workflow_id else Q())
    branches = [own] if Role.RESIDENT in scope_of(user).roles and user.resident_id else []
    for reach, names in by_reach.items():
        branches += [sides & Q(workflow__in=names) for sides in _sides(reach, Side.EITHER)]
    return branches


def sees(user: Any, case: Case) -> bool:
    """Whether somebody sees this case: `seen_by` without a query, for links beside rows that are at hand."""
    scope = scope_of(user)
    if Role.RESIDENT in scope.roles and user.resident_id and case.resident_id == user.resident_id:
        return True
    inside = scope.narrowed(REGISTRY.workflows[case.workflow].participants)
    return inside.whole_county or not inside.institution_ids.isdisjoint({case.institution_id, case.counterpart_id})


def cares_for(user: Any, case: Case) -> bool:
    """Whether the case concerns a person whose record somebody may see, in a workflow that their role takes part in."""
    roles = scope_of(user).narrowed(REGISTRY.workflows[case.workflow].participants).roles
    return bool(case.resident_id and roles & CARING_ROLES) and person_visible(user, case.resident_id)


def waiting_on(user: Any, *, workflow_id: str = "") -> list[Q]:
    """The cases of which somebody may take the next step, as the workflows declare them; guards are not asked."""
    states: dict[tuple[Side, Reach, bool], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for workflow in _workflows(workflow_id):
        for step in workflow.steps:
            for seat in _seats(user, step):
                states[seat][workflow.id] |= step.sources
    branches = []
    for (side, reach, own), wanted in states.items():
        found = _in_states(wanted)
        branches += [Q(resident_id=user.resident_id) & found] if own else [s & found for s in _sides(reach, side)]
    return branches


def seat_of(user: Any) -> Hashable:
    """Everything that `seen_by` and `waiting_on` depend on: who has the same seat sees the same cases."""
    by_role = scope_of(user).by_role
    return tuple((role, by_role[role]) for role in sorted(by_role)), user.resident_id, tuple(REGISTRY.workflows)


def any_of(branches: Iterable[Q]) -> Q:
    """The branches as one condition, for counting and for looking one case up."""
    condition = NOTHING
    for branch in branches:
        condition |= branch
    return condition


def _workflows(workflow_id: str) -> Iterable[Workflow]:
    if not workflow_id:
        return REGISTRY.workflows.values()
    return [REGISTRY.workflows[workflow_id]] if workflow_id in REGISTRY.workflows else []


def _reach(scope: Scope) -> Reach:
    return None if scope.whole_county else scope.institution_ids


def _seats(user: Any, step: Step) -> Iterator[tuple[Side, Reach, bool]]:
    """From where somebody could take a step: side, reach, and whether as the resident whom the case concerns."""
    scope = scope_of(user).narrowed(step.roles - {Role.RESIDENT})
    if scope.by_role:
        yield Side.EITHER if scope.whole_county else step.side, _reach(scope), False
    if Role.RESIDENT in step.roles and Role.RESIDENT in scope_of(user).roles and user.resident_id:
        yield Side.EITHER, None, True


def _sides(reach: Reach, side: Side) -> list[Q]:
    if reach is None:
        return [Q()]
    inside = sorted(reach)
    opener, counterpart = Q(institution_id__in=inside), Q(counterpart_id__in=inside)
    found = {Side.OPENER: [opener], Side.COUNTERPART: [counterpart], Side.EITHER: [opener, counterpart]}
    return found.get(side, []) if inside else []


def _in_states(wanted: dict[str, set[str]]) -> Q:
    return any_of(Q(workflow=workflow, state__in=sorted(states)) for workflow, states in wanted.items())
