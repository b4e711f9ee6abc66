"""Who is told of a case: those who may take its next steps, the resident it concerns, and who watches over them."""

from collections import defaultdict
from collections.abc import Iterable

from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow
from yigongti.spine.access.models import User
from yigongti.spine.access.scope import accounts_at
from yigongti.spine.cases.checks import institutions_of
from yigongti.spine.cases.models import Case
from yigongti.spine.statements import TEXT, kept


def waiting_for(workflow: Workflow, case: Case) -> set[int]:
    """The ids of the accounts that are told when a case has come into its state: who may take a next step; at an end,
    who opened it, whoever took a step on the way, and for whom it has waited; the person whom it concerns."""
    if not workflow.is_final(case.state):
        return _able(case, workflow.steps_from(case.state)) | _concerned(case)
    events = list(case.events.order_by("version").values_list("user_id", "from_state"))
    took_part = {case.opener_id, *(user_id for user_id, _state in events)} - {None}
    return took_part | _able(case, workflow.steps_from(events[-1][1])) | _concerned(case)


def watching_over(workflow: Workflow, case: Case) -> set[int]:
    """The ids of the accounts that are told that a case is overdue: the managers of its institutions; where the county
    as a whole is to act, those who may; where that is nobody, the bureau."""
    late = [step for step in workflow.steps_from(case.state) if step.deadline]
    county = [step for step in late if None in institutions_of(case, step.side)]
    sides = {case.institution_id, case.counterpart_id} - {None}
    managers = {user_id for side in sides for user_id in accounts_at(side, roles=[Role.MANAGER])}
    found = managers | _able(case, county)
    return found or set(accounts_at(None, roles=[Role.BUREAU]))


def _able(case: Case, steps: Iterable[Step]) -> set[int]:
    """Those who may take one of the steps, asked for once an institution."""
    roles: dict[str | None, set[str]] = defaultdict(set)
    for step in steps:
        for institution_id in institutions_of(case, step.side):
            roles[institution_id] |= step.roles - {SYSTEM, Role.RESIDENT}
    return {user_id for where, wanted in roles.items() if wanted for user_id in accounts_at(where, roles=wanted)}


def _concerned(case: Case) -> set[int]:
    if not case.resident_id:
        return set()
    own = kept("accounts_of_resident", lambda: User.objects.filter(resident_id=TEXT).values_list("pk"))
    return {user_id for (user_id,) in own.rows({TEXT: case.resident_id})}
