"""Whom a case waits for: those who may take its next steps, and the resident it concerns."""

from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow
from yigongti.spine.access.models import User
from yigongti.spine.access.scope import accounts_at
from yigongti.spine.cases.checks import institutions_of
from yigongti.spine.cases.models import Case


def waiting_for(workflow: Workflow, case: Case) -> set[int]:
    """The ids of the accounts that are told when a case has come into its state."""
    found = (
        set(User.objects.filter(resident_id=case.resident_id).values_list("pk", flat=True))
        if case.resident_id
        else set()
    )
    for step in workflow.steps_from(case.state):
        found |= _able(case, step)
    return found


def _able(case: Case, step: Step) -> set[int]:
    roles = step.roles - {SYSTEM, Role.RESIDENT}
    if not roles:
        return set()
    return {user_id for each in institutions_of(case, step.side) for user_id in accounts_at(each, roles=roles)}
