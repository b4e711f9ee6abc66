"""A new case of a workflow: its parties, and what opening needs."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import Workflow
from yigongti.pages.work.addresses import case_address
from yigongti.pages.work.forms import opening_form, parties_of, said
from yigongti.pages.work.panels import new_page_of
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.engine import open_case
from yigongti.spine.cases.models import Case


def new(request: HttpRequest, workflow_id: str) -> HttpResponse:
    """The form of a new case; posting opens it and leads to its page."""
    workflow = REGISTRY.workflows.get(workflow_id)
    if workflow is None or not can_open(request.user, workflow):
        raise Http404("no workflow that the user may open")
    if own := new_page_of(workflow_id):
        return redirect(own)
    if request.method != "POST":
        return _page(request, workflow, opening_form(workflow, user=request.user), new_id())
    form = opening_form(workflow, user=request.user, filled=(request.POST, request.FILES))
    request_id = request.POST.get("request_id") or new_id()
    if not form.is_valid():
        return _page(request, workflow, form, request_id)
    try:
        case = opened(workflow, said(form), by=request.user, request_id=request_id)
    except Refusal as refusal:
        return _page(request, workflow, form, request_id, refusal)
    messages.success(request, _("已发起:%(label)s") % {"label": _(workflow.label)})
    return redirect(case_address(workflow.id, case.pk, roles=scope_of(request.user).roles))


def opened(workflow: Workflow, data: dict[str, Any], *, by: Any, request_id: str) -> Case:
    """Open a case with what a form said."""
    parties = parties_of(workflow, data)
    if by.resident_id and parties.resident_id is None and scope_of(by).roles <= {Role.RESIDENT}:
        parties = replace(parties, resident_id=by.resident_id)
    return open_case(workflow.id, parties=parties, by=by, at=clock.now(), request_id=request_id, data=data)


def can_open(user: Any, workflow: Workflow) -> bool:
    """Whether one of the user's roles opens cases of a workflow."""
    return bool(scope_of(user).narrowed(workflow.openers).by_role)


def _page(
    request: HttpRequest, workflow: Workflow, form: forms.Form, request_id: str, refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "workflow": workflow, "label": _(workflow.label), "form": form, "request_id": request_id, "refusal": refusal,
    }  # fmt: skip
    return render(request, "work/new.html", context, status=409 if refusal or form.errors else 200)
