"""Deadlines: when a step is due, and what happens, once, to a case that is overdue."""

from datetime import datetime

from django.db import transaction

from yigongti.kernel.clock import day_of, minute_of
from yigongti.kernel.workflow import Step, Workflow
from yigongti.spine.cases.bindings import binding_of
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.cases.recipients import watching_over
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.inbox import notify


def due(step: Step, *, entered_at: datetime) -> datetime | None:
    """By when a step is due for a case that came into its state at an instant; None where it has no deadline.

    The rule counts as it stood on that day.  Raises PolicyError where there is no such rule.
    """
    if not step.deadline:
        return None
    return county_rules().find(step.deadline, on=day_of(entered_at)).after(entered_at)


def earliest_due(workflow: Workflow, state: str, *, entered_at: datetime) -> datetime | None:
    """The earliest instant at which any step out of the state is due."""
    found = [due(step, entered_at=entered_at) for step in workflow.steps_from(state)]
    return min((instant for instant in found if instant is not None), default=None)


def escalate_overdue(*, at: datetime) -> int:
    """Tell those who watch over it, once a case and deadline, what is overdue; returns how many cases.

    A job runs this; cases are taken one by one, so that a failure keeps what was done.
    """
    overdue = Case.objects.filter(OPEN, due_at__lt=at, escalated_at__isnull=True).order_by("due_at")
    return sum(_escalate(case_id, at=at) for case_id in overdue.values_list("pk", flat=True).iterator())


@transaction.atomic
def _escalate(case_id: str, *, at: datetime) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.closed_at or case.escalated_at or case.due_at is None or case.due_at >= at:
        return False
    workflow = binding_of(case.workflow).workflow
    text = f"超时:{workflow.label} {case.title},应于 {minute_of(case.due_at)} 前办理"
    notify(watching_over(workflow, case), kind="overdue", text=text, at=at, subject=f"case:{case.pk}")
    case.escalated_at = at
    case.save(update_fields=["escalated_at"])
    return True
