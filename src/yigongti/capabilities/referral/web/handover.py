"""The handover as a sheet to print: what was written in the step by which the patient is handed back, or sent down."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.papers import done_at_receiver
from yigongti.kernel.errors import NotAllowed
from yigongti.pages.work import people
from yigongti.pages.work.addresses import case_address
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.selectors import open_for


def handover(request: HttpRequest, case_id: str) -> HttpResponse:
    """The sheet; 404 outside one's scope, a refusal for a case that is no referral."""
    case = open_for(request.user, case_id=case_id)
    if not isinstance(case, Referral):
        raise NotAllowed("这不是转诊事项", where=f"事项 {case_id}", remedy="请从转诊中打开")
    context = {
        "case": case,
        "resident": people.shown(case, user=request.user),
        "done": done_at_receiver(case),
        "address": case_address(case.workflow, case.pk, roles=scope_of(request.user).roles),
    }
    return render(request, "referral/handover.html", context)
