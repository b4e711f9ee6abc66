"""Cases as people look for them: what they may see, what waits for them, what happened."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Side, Step, Workflow
from yigongti.spine.access.scope import Scope, scope_of
from yigongti.spine.audit import trail
from yigongti.spine.cases.bindings import of_its_model
from yigongti.spine.cases.models import OPEN, Case, CaseEvent

NOTHING = Q(pk__in=[])


class WorkList(StrEnum):
    """The lists of the work page."""

    TO_DO = "to_do"
    MINE = "mine"
    OVERDUE = "overdue"
    OPEN = "open"
    ALL = "all"


def visible_cases(user: Any, *, workflow_id: str | None = None) -> QuerySet:
    """The cases somebody may see: of workflows in which one of their roles takes part (a manager: all), where it
    reaches one of the case's institutions; a resident: their own."""
    condition = (
        Q(resident_id=user.resident_id) if Role.RESIDENT in scope_of(user).roles and user.resident_id else NOTHING
    )
    for workflow in _workflows(workflow_id):
        condition |= Q(workflow=workflow.id) & _inside(scope_of(user).narrowed(participants(workflow)))
    cases = Case.objects.filter(condition)
    return cases.filter(workflow=workflow_id) if workflow_id else cases


def work_list(user: Any, *, which: WorkList, at: datetime, workflow_id: str | None = None) -> QuerySet:
    """One list, most urgent first (ALL: latest first)."""
    cases = visible_cases(user, workflow_id=workflow_id)
    if which is WorkList.ALL:
        return cases.order_by("-opened_at")
    narrowing = {
        WorkList.TO_DO: lambda: _to_do(user, workflow_id),
        WorkList.MINE: lambda: Q(opener=user),
        WorkList.OVERDUE: lambda: Q(due_at__lt=at),
        WorkList.OPEN: Q,
    }
    return cases.filter(OPEN, narrowing[which]()).order_by("due_at", "opened_at")


def timeline(case: Case) -> list[CaseEvent]:
    """What happened to a case, first to last."""
    return list(CaseEvent.objects.filter(case_id=case.pk).select_related("user").order_by("version"))


def open_for(user: Any, *, case_id: str) -> Case:
    """One case with its model's columns, for showing: the read of a person's case is audited.

    Raises Http404 where there is none, or none that the user may see.
    """
    case = visible_cases(user).filter(pk=case_id).first()
    if case is None:
        raise Http404("no case inside the user's scope")
    if case.resident_id:
        trail.record("read_case", actor=user.username, subject=f"case:{case.pk}", resident_id=case.resident_id)
    return of_its_model(case)


def participants(workflow: Workflow) -> frozenset[str]:
    """The roles that see a workflow's cases where they reach: those that act in it, and managers."""
    acting = frozenset[str]().union(*(step.roles for step in workflow.steps))
    return (acting | workflow.openers | {Role.MANAGER}) - {SYSTEM, Role.RESIDENT}


def _workflows(workflow_id: str | None) -> Iterable[Workflow]:
    return [REGISTRY.workflows[workflow_id]] if workflow_id else REGISTRY.workflows.values()


def _inside(scope: Scope, side: Side = Side.EITHER) -> Q:
    if not scope.by_role:
        return NOTHING
    if scope.whole_county:
        return Q()
    reached = sorted(scope.institution_ids)
    opener, counterpart = Q(institution_id__in=reached), Q(counterpart_id__in=reached)
    return {Side.OPENER: opener, Side.COUNTERPART: counterpart, Side.EITHER: opener | counterpart}.get(side, NOTHING)


def _to_do(user: Any, workflow_id: str | None) -> Q:
    condition = NOTHING
    for workflow in _workflows(workflow_id):
        for step in workflow.steps:
            condition |= Q(workflow=workflow.id, state__in=sorted(step.sources)) & _able(user, step)
    return condition


def _able(user: Any, step: Step) -> Q:
    own = Q(resident_id=user.resident_id) if Role.RESIDENT in step.roles and user.resident_id else NOTHING
    return own | _inside(scope_of(user).narrowed(step.roles - {Role.RESIDENT}), step.side)
