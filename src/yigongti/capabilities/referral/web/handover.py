"""The handover: written by who treated, read and printed by who takes over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.papers import done_at_receiver
from yigongti.capabilities.referral.web.forms import HandoverForm
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.pages.work import people
from yigongti.pages.work.addresses import case_address
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.checks import permitted
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.selectors import open_for

STEP = "return"


def handover(request: HttpRequest, case_id: str) -> HttpResponse:
    """The sheet as it was handed back; or, for who may hand back now, the form of it."""
    case = open_for(request.user, case_id=case_id)
    if not isinstance(case, Referral):
        raise NotAllowed("这不是转诊事项", where=f"事项 {case_id}", remedy="请从转诊中打开")
    if not _may_hand_back(case, request.user):
        return _page(request, case)
    form = HandoverForm(*((request.POST,) if request.method == "POST" else ()), case=case)
    request_id = request.POST.get("request_id") or new_id()
    if not form.is_bound or not form.is_valid():
        return _page(request, case, form=form, request_id=request_id)
    return _handed_back(request, case, form, request_id)


def _handed_back(request: HttpRequest, case: Referral, form: HandoverForm, request_id: str) -> HttpResponse:
    said = {name: value for name, value in form.cleaned_data.items() if value not in ("", None, [])}
    try:
        take(case, STEP, by=request.user, at=clock.now(), request_id=request_id, data=said)
    except Refusal as refusal:
        return _page(request, case, form=form, request_id=request_id, refusal=refusal)
    messages.success(request, _("已交回:%(to)s") % {"to": case.institution.name})
    return redirect(case_address(case.workflow, case.pk, roles=scope_of(request.user).roles))


def _may_hand_back(case: Referral, user: Any) -> bool:
    try:
        permitted(case, STEP, by=user, at=clock.now())
    except NotAllowed:
        return False
    return True


def _page(request: HttpRequest, case: Referral, **also: Any) -> HttpResponse:
    context = {
        "case": case,
        "resident": people.shown(case, user=request.user),
        "done": done_at_receiver(case),
        "address": case_address(case.workflow, case.pk, roles=scope_of(request.user).roles),
        **also,
    }
    is_refused = also.get("refusal") or (also.get("form") is not None and also["form"].is_bound)
    return render(request, "referral/handover.html", context, status=409 if is_refused else 200)
