"""Tasks carried out: progress with evidence, what counts beside it, closing as measured, carrying over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.ledger.decisions.closing import Judged, may_close
from yigongti.capabilities.ledger.models import Clause, Evidence, PolicyTask, Verdict
from yigongti.capabilities.ledger.selectors.standings import figures
from yigongti.capabilities.ledger.services.importing import COUNTY, keep
from yigongti.capabilities.ledger.workflow import KEEPERS, POLICY_TASK
from yigongti.kernel.clock import day_of
from yigongti.kernel.decisions import ALLOWED, Decision, refuse
from yigongti.kernel.errors import FileRefused, NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.cases.engine import open_case, take
from yigongti.spine.cases.models import Case, CaseEvent
from yigongti.spine.places.models import Institution

LARGEST_EVIDENCE = 20 << 20
MOST_EVIDENCE = 10
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


@dataclass(frozen=True)
class Paper:
    """A file that proves something."""

    name: str
    data: bytes


@transaction.atomic
def report_progress(
    task: PolicyTask, text: str, *, papers: Sequence[Paper] = (), by: Any, at: datetime, request_id: str
) -> CaseEvent:
    """Report progress with its evidence, as one step; a repeat of the request adds nothing.

    Raises FileRefused for a file that is empty, too large or a program; NotAllowed as the step does.
    """
    if len(papers) > MOST_EVIDENCE:
        raise FileRefused(f"佐证材料有 {len(papers)} 份", why=f"一次最多 {MOST_EVIDENCE} 份", remedy="请合并或分次报送")
    for paper in papers:
        _check_paper(paper)
    is_repeat = CaseEvent.objects.filter(request_id=request_id).exists()
    event = take(task, "report", by=by, at=at, request_id=request_id, data={"progress": text})
    for paper in () if is_repeat else papers:
        Evidence.objects.create(
            task=task, request_id=request_id, content=keep(paper.data), name=paper.name[-255:], received_at=at,
            received_by_id=by.pk,
        )  # fmt: skip
    return event


@transaction.atomic
def carry_over(task: PolicyTask, clause: Clause, *, reason: str, by: Any, at: datetime, request_id: str) -> PolicyTask:
    """Carry a task over: to the open task of the clause, or to a new one of the same clause; returns it.

    The clause is the task's own, or one of a document in force.  Raises NotAllowed as the step does.
    """
    found = clause.tasks.filter(closed_at__isnull=True).exclude(pk=task.pk).first()
    successor = found or _next(task, clause, by=by, at=at)
    take(task, "carry_over", by=by, at=at, request_id=request_id, data={"carried_to": successor.pk, "reason": reason})
    return successor


@transaction.atomic
def name_services(task: PolicyTask, services: Sequence[str], *, by: Any, at: datetime) -> None:
    """Say which workflows' closed cases count as a task's progress.  Raises Refusal on one the county has not."""
    if not may(by, KEEPERS):
        raise NotAllowed("由卫生健康局指定计入进展的服务流程", remedy="请转交卫生健康局")
    if task.closed_at:
        raise Refusal("任务已经结束", why="结束时计入进展的服务留作记录", remedy="请在结转到的任务上指定")
    if strange := [name for name in services if name not in REGISTRY.workflows]:
        raise Refusal(f"没有流程“{strange[0]}”", remedy="请从列表中选择")
    PolicyTask.objects.filter(pk=task.pk).update(services=list(services))
    detail = {"services": list(services)}
    trail.record("name_services", actor=by.username, at=at, subject=f"case:{task.pk}", detail=detail)


def institution_known(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of assigning: the institution is one of the county's, and open."""
    if Institution.objects.filter(pk=data["counterpart"], in_county=True, closed_on__isnull=True).exists():
        return ALLOWED
    return refuse(f"本县没有编号为“{data['counterpart']}”的机构")


def outcome_agrees(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of closing: the outcome does not contradict what was measured."""
    task = PolicyTask.objects.get(pk=case.pk)
    targets = task.clause.targets.filter(verdict=Verdict.CONFIRMED)
    found = figures(targets, on=day_of(at))
    return may_close(data["outcome"], [Judged(each.target.phrase, each.standing) for each in found])


def successor_open(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of carrying over: to another task that is still open."""
    successor = PolicyTask.objects.filter(pk=data["carried_to"], closed_at__isnull=True).exclude(pk=case.pk)
    return ALLOWED if successor.exists() else refuse("要结转到的任务不存在或已办结")


def _next(task: PolicyTask, clause: Clause, *, by: Any, at: datetime) -> PolicyTask:
    if clause.document.state != "in_force" and clause.pk != task.clause_id:
        raise NotAllowed("只能结转到执行中的文件", where=clause.document.title, remedy="请先让该文件开始执行")
    title = f"{clause.number} {clause.heading}".strip()[:200]
    data = {"clause": clause.pk, "title": title}
    successor = open_case(POLICY_TASK.id, parties=COUNTY, by=by, at=at, request_id=new_id(), data=data)
    assert isinstance(successor, PolicyTask)
    return successor


def _check_paper(paper: Paper) -> None:
    if not paper.data:
        raise FileRefused("文件是空的", where=paper.name, remedy="请重新选择文件")
    if len(paper.data) > LARGEST_EVIDENCE:
        raise FileRefused(
            f"文件有 {len(paper.data) >> 20} MB", where=paper.name,
            why=f"佐证材料每份不超过 {LARGEST_EVIDENCE >> 20} MB", remedy="请压缩或只截取有关部分",
        )  # fmt: skip
    if paper.data.startswith(_PROGRAMS):
        raise FileRefused("这是程序文件,不能作为佐证材料", where=paper.name, remedy="请上传文档、表格或图片")
