"""One task: its targets measured over time, its steps, what was reported and with what evidence."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.ledger.models import Clause, Evidence, PolicyTask
from yigongti.capabilities.ledger.selectors import documents, tasks
from yigongti.capabilities.ledger.selectors.standings import Figure
from yigongti.capabilities.ledger.services.tasks import Paper, carry_over, name_services, report_progress
from yigongti.capabilities.ledger.web import drawing
from yigongti.capabilities.ledger.web.forms import (
    AssignForm,
    CarryForm,
    CloseForm,
    MeasureForm,
    OpinionForm,
    PlanForm,
    ReasonForm,
    ReportForm,
)
from yigongti.capabilities.ledger.web.saying import Said, explain, said
from yigongti.capabilities.ledger.workflow import KEEPERS, POLICY_TASK
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import Step
from yigongti.pages.downloads import download
from yigongti.spine.access.scope import may
from yigongti.spine.cases.checks import permitted
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.selectors import timeline


@dataclass(frozen=True)
class Offered:
    """A step that the reader may take, with its form and the request's id (a repeated click does nothing twice)."""

    step: Step
    form: forms.Form
    request_id: str

    @property
    def label(self) -> str:
        return _(self.step.title)


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """The task's page."""
    return _page(request, key)


def _page(request: HttpRequest, key: str, *, held: forms.Form | None = None) -> HttpResponseBase:
    """held: the form of a step that had to wait, as it was filled in."""
    user: Any = request.user
    task = tasks.task_or_404(user, key)
    row = tasks.rows([task], on=clock.today())[0]
    context = {
        "row": row,
        "task": task,
        "clause": task.clause,
        "figures": [(figure, drawing.course_of(figure), _measure_form(figure, user)) for figure in row.figures],
        "offered": offered(task, user, held=held),
        "events": _events(task),
        "services": [(_service_label(name), done, going) for name, done, going in tasks.services_done(task)],
        "choices": [(name, _(label), name in task.services) for name, label in _choosable(task)],
        "forerunner": task.carried_from.first(),
    }
    return render(request, "ledger/task.html", context)


def _measure_form(figure: Figure, user: Any) -> MeasureForm | None:
    """The form to choose what measures a target, for who may while its document stands."""
    stands = figure.target.clause.document.state in documents.STANDING
    return (
        MeasureForm(target=figure.target, auto_id=f"id_{figure.target.pk}_%s")
        if stands and may(user, KEEPERS)
        else None
    )


def _choosable(task: PolicyTask) -> Sequence[tuple[str, str]]:
    return () if task.closed_at else documents.workflows()


@require_POST
def step(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take a step of a task; what cannot be done comes back as it was filled in, with its reasons."""
    user: Any = request.user
    task = tasks.task_or_404(user, key)
    name = request.POST.get("step", "")
    task.version = int(request.POST.get("version") or task.version)
    form = _form(name, task, request)
    if not form.is_valid():
        return _page(request, key, held=form)
    request_id = request.POST.get("request_id") or new_id()
    try:
        _TAKEN.get(name, _take)(task, name, form.cleaned_data, user, request_id)
    except NotAllowed as refused:
        explain(request, refused, task, name)
        return _page(request, key, held=form)
    except Refusal as refused:
        messages.error(request, str(refused))
        return _page(request, key, held=form)
    messages.success(request, _("已办理:%(step)s") % {"step": _(POLICY_TASK.labelled(name))})
    return redirect("policy_task", key)


@require_POST
def services(request: HttpRequest, key: str) -> HttpResponseBase:
    """Say which workflows' closed cases count as the task's progress."""
    task = tasks.task_or_404(request.user, key)
    name_services(task, request.POST.getlist("services"), by=request.user, at=clock.now())
    return redirect("policy_task", key)


def evidence(request: HttpRequest, key: str) -> HttpResponse:
    """A file that proves a report, as it was sent."""
    paper = Evidence.objects.filter(pk=key).select_related("content").first()
    if paper is None:
        raise Http404("no such evidence")
    tasks.task_or_404(request.user, paper.task_id)
    return download(paper.name, bytes(paper.content.data))


def offered(task: PolicyTask, user: Any, *, held: forms.Form | None = None) -> list[Offered]:
    """The steps that somebody may take now, each with its form; held: the form of one as it was filled in."""
    found = []
    for each in POLICY_TASK.steps_from(task.state):
        try:
            permitted(task, each.name, by=user, at=clock.now())
        except NotAllowed:
            continue
        form = held if held and held.prefix == each.name else _form(each.name, task, None)
        found.append(Offered(each, form, new_id()))
    return found


def _form(name: str, task: PolicyTask, request: HttpRequest | None) -> forms.Form:
    filled = (request.POST, request.FILES) if request else ()
    if name == "carry_over":
        return CarryForm(*filled, own=task.clause, prefix=name)
    return _FORMS.get(name, forms.Form)(*filled, prefix=name)


def _take(task: PolicyTask, name: str, data: Mapping[str, Any], by: Any, request_id: str) -> None:
    plain = {field: getattr(value, "pk", value) for field, value in data.items()}
    take(task, name, by=by, at=clock.now(), request_id=request_id, data=plain)


def _report(task: PolicyTask, _name: str, data: Mapping[str, Any], by: Any, request_id: str) -> None:
    papers = [Paper(str(file.name), file.read()) for file in data["papers"]]
    report_progress(task, data["progress"], papers=papers, by=by, at=clock.now(), request_id=request_id)


def _carry(task: PolicyTask, _name: str, data: Mapping[str, Any], by: Any, request_id: str) -> None:
    clause: Clause = data["clause"]
    carry_over(task, clause, reason=data["reason"], by=by, at=clock.now(), request_id=request_id)


_FORMS: Mapping[str, type[forms.Form]] = {
    "assign": AssignForm, "start": PlanForm, "report": ReportForm, "check": OpinionForm, "send_back": ReasonForm,
    "close": CloseForm, "withdraw": ReasonForm,
}  # fmt: skip
_TAKEN: Mapping[str, Callable[..., None]] = {"report": _report, "carry_over": _carry}


def _events(task: PolicyTask) -> list[Said]:
    papers: dict[str, list[Evidence]] = defaultdict(list)
    for paper in task.evidence.defer("content").order_by("pk"):
        papers[paper.request_id].append(paper)
    return [said(POLICY_TASK, each, papers=papers[each.request_id]) for each in timeline(task)]


def _service_label(name: str) -> str:
    workflow = REGISTRY.workflows.get(name)
    return _(workflow.label) if workflow else name
