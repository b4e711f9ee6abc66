"""One case: its facts, what happened, and the steps that the reader may take now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.workflow import Step
from yigongti.pages.work import people, wording
from yigongti.pages.work.addresses import case_address
from yigongti.pages.work.forms import said, step_form
from yigongti.pages.work.panels import Panel, panels_of
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.bindings import Binding, binding_of
from yigongti.spine.cases.checks import check_step, permitted
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.fields import OF_THE_CASE
from yigongti.spine.cases.models import Case
from yigongti.spine.cases.selectors import open_for, seen, timeline

COMMON = {field.name for field in Case._meta.fields}


@dataclass(frozen=True)
class Offered:
    """A step that the reader may take: its button, its form, and the id that makes a repeated click harmless.

    refused: why it cannot be taken just now, where a guard says so; ends: whether it closes the case.
    """

    step: Step
    form: forms.Form
    request_id: str
    is_open: bool = False
    refused: str = ""
    ends: bool = False

    @property
    def label(self) -> str:
        return _(self.step.title)


@dataclass(frozen=True)
class Attempt:
    """A step that was posted and refused: shown again with what was filled in and why."""

    step: str
    form: forms.Form
    request_id: str
    refusal: Refusal | None = None


def one(request: HttpRequest, case_id: str) -> HttpResponse:
    """The case's page."""
    case = open_for(request.user, case_id=case_id)
    return _page(request, case, None)


@require_POST
def step(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Take a step with what was filled in; a refusal shows the page again, with its reasons and nothing lost."""
    case = seen(request.user, case_id=case_id)
    declared = binding_of(case.workflow).workflow.step(name, state=case.state)
    request_id = request.POST.get("request_id") or new_id()
    if declared is None:
        return _repeated_or_refused(request, case, name, request_id)
    form = step_form(case, declared, user=request.user, filled=(request.POST, request.FILES))
    if not form.is_valid():
        return _again(request, case, Attempt(name, form, request_id))
    try:
        _take(request, case, name, said(form), request_id)
    except Refusal as refusal:
        return _again(request, case, Attempt(name, form, request_id, refusal))
    return _done(request, case, name)


def _repeated_or_refused(request: HttpRequest, case: Case, name: str, request_id: str) -> HttpResponse:
    """A step that no longer leads on: the same click again, or somebody was quicker."""
    try:
        _take(request, case, name, {}, request_id)
    except Refusal as refusal:
        return _again(request, case, Attempt(name, forms.Form(), request_id, refusal))
    return _done(request, case, name)


def _take(request: HttpRequest, case: Case, name: str, data: Mapping[str, Any], request_id: str) -> None:
    version = request.POST.get("version", "")
    case.version = int(version) if version.isdecimal() else case.version
    take(case, name, by=request.user, at=clock.now(), request_id=request_id, data=data)


def _done(request: HttpRequest, case: Case, name: str) -> HttpResponse:
    workflow = binding_of(case.workflow).workflow
    messages.success(request, _("已办理:%(step)s") % {"step": wording.step_of(workflow, name)})
    return redirect(case_address(case.workflow, case.pk, roles=scope_of(request.user).roles))


def _again(request: HttpRequest, case: Case, attempt: Attempt) -> HttpResponse:
    """The page as the case is now, with the step that was not taken."""
    return _page(request, open_for(request.user, case_id=case.pk), attempt)


def _page(request: HttpRequest, case: Case, attempt: Attempt | None) -> HttpResponse:
    user: Any = request.user
    binding = binding_of(case.workflow)
    workflow = binding.workflow
    context = {
        "case": case,
        "workflow": workflow,
        "title": case.title or _(workflow.label),
        "label": _(workflow.label),
        "state": wording.state_of(workflow, case.state),
        "tone": tone_of(case),
        "due": wording.due_text(case.due_at, now=clock.now()),
        "is_late": bool(case.due_at and case.due_at < clock.now()),
        "opener": case.institution.name if case.institution else wording.opener_of(case),
        "resident": people.shown(case, user=user),
        "facts": facts_of(binding, case),
        "offered": offered(case, user=user, attempt=attempt),
        "refusal": attempt.refusal if attempt else None,
        "events": wording.told(binding, case, timeline(case)),
        "panels": _panels(case, user),
    }
    status = 409 if attempt else 200
    return render(request, "work/case.html", context, status=status)


def facts_of(binding: Binding, case: Case) -> list[tuple[str, str]]:
    """What is known of a case besides its common columns: its model's columns that people fill in (those a model
    marks `editable=False` are left to its panels), and what steps filled in."""
    own_fields = (each for each in type(case)._meta.concrete_fields if each.name not in COMMON and each.editable)
    fields = [each for each in own_fields if not each.primary_key]
    own = {each.name: getattr(case, each.attname) for each in fields if not each.is_relation}
    related = [(_(str(each.verbose_name)), getattr(case, each.name)) for each in fields if each.is_relation]
    filled = {name: value for name, value in case.payload.items() if name not in OF_THE_CASE}
    return [(label, str(other)) for label, other in related if other] + wording.said_in(binding, {**own, **filled})


def offered(case: Case, *, user: Any, attempt: Attempt | None = None) -> list[Offered]:
    """The steps that somebody may take now, each with its form."""
    workflow = binding_of(case.workflow).workflow
    found = (_offer(case, each, user, attempt) for each in workflow.steps_from(case.state))
    return [each for each in found if each]


def _offer(case: Case, step: Step, user: Any, attempt: Attempt | None) -> Offered | None:
    try:
        permitted(case, step.name, by=user, at=clock.now())
    except NotAllowed:
        return None
    refused, ends = "", binding_of(case.workflow).workflow.is_final(step.target)
    try:
        check_step(case, step.name, by=user, at=clock.now())
    except NotAllowed as refusal:
        refused = str(refusal)
    if attempt and attempt.step == step.name:
        return Offered(step, attempt.form, attempt.request_id, True, refused, ends)
    return Offered(step, step_form(case, step, user=user), new_id(), False, refused, ends)


def tone_of(case: Case) -> str:
    """Closed: plain; late: bad; else good."""
    if case.closed_at:
        return "plain"
    return "bad" if case.due_at and case.due_at < clock.now() else "good"


def _panels(case: Case, user: Any) -> list[tuple[Panel, Mapping[str, Any]]]:
    found = ((panel, panel.context(case, user)) for panel in panels_of(case.workflow))
    return [(panel, context) for panel, context in found if context is not None]
