"""The tasks of a replaced document go on in the one that replaces it, where the clause is clearly the same."""

from datetime import datetime
from typing import Any

from yigongti.capabilities.ledger.decisions.succession import Passage, successors
from yigongti.capabilities.ledger.models import Clause, PolicyDocument, PolicyTask, Verdict
from yigongti.capabilities.ledger.services.tasks import carry_over
from yigongti.capabilities.ledger.workflow import POLICY_TASK
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.models import OPEN


def carry_tasks(former: PolicyDocument, later: PolicyDocument, *, reason: str, by: Any, at: datetime) -> int:
    """Carry the open tasks of a document over to another in force; returns how many.

    What has no clause clearly like its own, and what waits for its check, stays open for a person.
    """
    asking = later.clauses.filter(verdict=Verdict.CONFIRMED, is_task=True)
    clauses = {clause.pk: clause for clause in asking}
    held = [task for task in _open_tasks(former) if _may_be_carried(task)]
    found = successors([_passage(task.clause) for task in held], [_passage(each) for each in clauses.values()])
    carried = [task for task in held if task.clause_id in found]
    for task in carried:
        carry_over(task, clauses[found[task.clause_id]], reason=reason, by=by, at=at, request_id=new_id())
    return len(carried)


def _open_tasks(document: PolicyDocument) -> list[PolicyTask]:
    return list(PolicyTask.objects.filter(OPEN, clause__document=document).select_related("clause").order_by("pk"))


def _may_be_carried(task: PolicyTask) -> bool:
    return any(step.name == "carry_over" for step in POLICY_TASK.steps_from(task.state))


def _passage(clause: Clause) -> Passage:
    return Passage(clause.pk, clause.heading, clause.text)
