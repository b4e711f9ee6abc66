"""What a document's steps ask and do: all read before it is confirmed; tasks opened, carried over and ended with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yigongti.capabilities.ledger.decisions.dues import due_day, earliest
from yigongti.capabilities.ledger.models import PolicyDocument, PolicyTask, Target, Verdict
from yigongti.capabilities.ledger.selectors.documents import STANDING
from yigongti.capabilities.ledger.services.importing import COUNTY
from yigongti.capabilities.ledger.services.rule_ending import end_rules
from yigongti.capabilities.ledger.services.succeeding import carry_tasks
from yigongti.capabilities.ledger.workflow import POLICY_TASK
from yigongti.kernel.decisions import ALLOWED, Decision, refuse
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.engine import open_case, take
from yigongti.spine.cases.models import OPEN, Case


def all_decided(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of confirming: a person has decided on every clause and every target."""
    targets = Target.objects.filter(clause__document_id=case.pk, verdict=Verdict.UNREAD).count()
    clauses = PolicyDocument.objects.get(pk=case.pk).clauses.filter(verdict=Verdict.UNREAD).count()
    if targets or clauses:
        return refuse(f"还有 {clauses} 个条款、{targets} 个目标没有核对")
    return ALLOWED


def successor_stands(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of replacing: by another document that a person has confirmed."""
    successor = PolicyDocument.objects.filter(pk=data["successor"]).first()
    if successor is None or successor.pk == case.pk or successor.state not in STANDING:
        return refuse("替代它的必须是另一份已确认或执行中的文件")
    return ALLOWED


def open_tasks(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of putting in force: a task for every confirmed clause that asks for something."""
    document = PolicyDocument.objects.get(pk=case.pk)
    for clause in document.clauses.filter(verdict=Verdict.CONFIRMED, is_task=True):
        title = f"{clause.number} {clause.heading}".strip()[:200]
        open_case(
            POLICY_TASK.id, parties=COUNTY, by=by, at=at, request_id=f"{case.pk}:{clause.pk}"[:64],
            data={"clause": clause.pk, "title": title},
        )  # fmt: skip
    for former in document.replaces.filter(state="replaced"):
        carry_tasks(former, document, reason=f"由《{document.title}》替代", by=by, at=at)


def carry_on(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of replacing: open tasks go on in the successor; where that is not in force yet, once it is."""
    later = PolicyDocument.objects.get(pk=data["successor"])
    if later.state == "in_force":
        carry_tasks(PolicyDocument.objects.get(pk=case.pk), later, reason=data["reason"], by=by, at=at)


def plan(case: PolicyTask, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of opening a task: it is due when the first of its targets is."""
    dues = case.clause.targets.filter(verdict=Verdict.CONFIRMED).values_list("due", flat=True)
    case.due_on = earliest([due_day(due) for due in dues])


def end_with_it(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of withdrawing a document: its open tasks and the values it wrote end with it."""
    reason = f"文件废止:{data['reason']}"
    for task in PolicyTask.objects.filter(OPEN, clause__document_id=case.pk):
        take(task, "withdraw", by=by, at=at, request_id=new_id(), data={"reason": reason})
    end_rules(PolicyDocument.objects.get(pk=case.pk), reason=reason, by=by, at=at)
