"""Complaints, and the family: what people say, and whom they let see."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.portal.selectors.people import given
from yigongti.capabilities.portal.services import family as relatives
from yigongti.capabilities.portal.services.complaining import complain
from yigongti.capabilities.portal.web.asking import page
from yigongti.capabilities.portal.web.care import happened
from yigongti.capabilities.portal.web.forms import CardForm, CodeForm, ComplaintForm, ReasonForm
from yigongti.capabilities.portal.workflow import ABOUT, COMPLAINT
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.checks import steps_for
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import Case

ASKED, ASKED_CODE = "portal_relative", "portal_relative_code"


def complaints(request: Any) -> HttpResponse:
    """One's complaints and where they stand."""
    rows = _own(request.user).select_related("counterpart").order_by("-opened_at")
    listed = [(row, _(COMPLAINT.states[row.state]), _(ABOUT.get(row.payload.get("about", ""), ""))) for row in rows]
    return page(request, "portal/complaints.html", {"complaints": listed})


def new_complaint(request: Any) -> HttpResponse:
    """Write a complaint."""
    form = ComplaintForm(
        request.POST or None, resident_id=request.user.resident_id or "", initial={"request_id": new_id()}
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        made = complain(institution_id=said.pop("institution"), by=request.user, at=clock.now(), **said)
        return redirect("portal_complaint", made.pk)
    return page(request, "portal/new_complaint.html", {"form": form})


def one_complaint(request: Any, case_id: str) -> HttpResponse:
    """One complaint; posting takes a step.  404 for another's."""
    case = _own(request.user).select_related("counterpart").filter(pk=case_id).first()
    if case is None:
        raise Http404("no such complaint of this person")
    if request.method == "POST":
        return _step(request, case)
    steps = [
        (each, ReasonForm() if "reason" in each.needs else None)
        for each in steps_for(case, by=request.user, at=clock.now())
    ]
    context = {
        "case": case, "state": _(COMPLAINT.states[case.state]), "events": happened(case),
        "about": _(ABOUT.get(case.payload.get("about", ""), "")),
        "steps": steps, "request_id": new_id(),
    }  # fmt: skip
    return page(request, "portal/complaint.html", context)


def family(request: Any) -> HttpResponse:
    """Whose care one looks after, and whom one lets look; asks a relative for their consent."""
    form = CardForm(request.POST or None)
    if form.is_valid():
        try:
            relative, sent = relatives.ask(form.cleaned_data["id_number"], by=request.user, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[ASKED] = relative
            request.session[ASKED_CODE] = sent.code if sent and settings.CHOICES.demo else ""
            return redirect("portal_family_code")
    return page(request, "portal/family.html", {"form": form, "given": given(request.user)})


def family_code(request: Any) -> HttpResponse:
    """The code that the relative was sent and told."""
    relative = request.session.get(ASKED)
    if relative is None:
        return redirect("portal_family")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            relatives.join(relative, form.cleaned_data["code"], by=request.user, at=clock.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session.pop(ASKED)
            return redirect("portal_family")
    return page(request, "portal/family_code.html", {"form": form, "shown": request.session.get(ASKED_CODE, "")})


@require_POST
def end_consent(request: Any, consent_id: int) -> HttpResponse:
    """End a consent that one gave or was given."""
    relatives.leave(consent_id, by=request.user, at=clock.now())
    return redirect("portal_family")


def _own(user: Any) -> Any:
    return Case.objects.filter(workflow=COMPLAINT.id, resident_id=user.resident_id or "-")


def _step(request: Any, case: Case) -> HttpResponse:
    said = request.POST
    data = {"reason": said["reason"]} if said.get("reason") else {}
    request_id = said.get("request_id") or new_id()
    take(case, said.get("step", ""), by=request.user, at=clock.now(), request_id=request_id, data=data)
    return redirect("portal_complaint", case.pk)
