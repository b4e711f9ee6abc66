"""Record, results, who looked, contract, referrals, ratings and complaints."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.portal.selectors.naming import plain
from yigongti.capabilities.portal.selectors.ratable import ratable
from yigongti.capabilities.portal.selectors.results import exams, results
from yigongti.capabilities.portal.selectors.standing import what_now
from yigongti.capabilities.portal.services.rating import rate
from yigongti.capabilities.portal.web.asking import opened, page
from yigongti.capabilities.portal.web.forms import RatingForm
from yigongti.capabilities.record import api as record
from yigongti.capabilities.referral import api as referral
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import written_day
from yigongti.kernel.roles import Role
from yigongti.spine.cases.bindings import binding_of
from yigongti.spine.cases.models import Case
from yigongti.spine.cases.selectors import timeline

KINDS = ("visit", "stay", "prescription_line", "exam", "follow_up", "immunization", "condition")


def results_page(request: Any) -> HttpResponse:
    """The latest values and what they mean; exams and where they stand."""
    resident_id = opened(request, purpose="vitals")
    age = record.header(resident_id, basis="own").age
    context = {"results": results(resident_id, age=age), "exams": exams(resident_id)}
    return page(request, "portal/results.html", context)


def record_page(request: Any) -> HttpResponse:
    """The record, newest first; `?kind=` one kind alone, `?before=` the next days."""
    resident_id = opened(request, purpose="record")
    kind = request.GET.get("kind", "")
    wanted = record.Wanted(table=kind if kind in KINDS else "", before=written_day(request.GET.get("before", "")))
    story = record.story(resident_id, wanted, naming=plain())
    counted = [each for each in record.contents(resident_id).tables if each[0] in KINDS]
    context = {
        "header": record.header(resident_id, basis="own"), "story": story, "kinds": counted, "kind": wanted.table
    }  # fmt: skip
    return page(request, "portal/record.html", context)


def readers(request: Any) -> HttpResponse:
    """Who looked at the record, when and on what basis."""
    resident_id = opened(request, purpose="readers")
    return page(request, "portal/readers.html", {"looks": record.lookers(resident_id, but=request.user.username)})


def referrals(request: Any) -> HttpResponse:
    """One's referrals and where they stand."""
    resident_id = opened(request, purpose="referral")
    return page(request, "portal/referrals.html", {"referrals": referral.referrals_of(resident_id)})


def one_referral(request: Any, case_id: str) -> HttpResponse:
    """One referral: where it stands, what happened, what the hospital handed back.  404 for another's."""
    resident_id = opened(request, purpose="referral")
    found = next((each for each in referral.referrals_of(resident_id, limit=100) if each.referral_id == case_id), None)
    if found is None:
        raise Http404("no such referral of this person")
    case = Case.objects.get(pk=case_id)
    context = {
        "referral": found,
        "now": what_now(found.state),
        "events": happened(case),
        "bookings": booking.of_case(case_id),
    }
    return page(request, "portal/referral.html", context)


def rate_page(request: Any) -> HttpResponse:
    """Stars for the latest visits and stays."""
    resident_id = opened(request, purpose="portal")
    asked = [(each, RatingForm(initial=vars(each), prefix=each.key)) for each in ratable(resident_id)]
    return page(request, "portal/rate.html", {"asked": asked})


@require_POST
def rate_one(request: Any, key: str) -> HttpResponse:
    """Rate one visit or stay."""
    resident_id = opened(request, purpose="portal")
    form = RatingForm(request.POST, prefix=key)
    if not form.is_valid():
        raise Refusal(_("请先选星级"), remedy=_("请返回后再选"))
    rate(resident_id, by=request.user, at=clock.now(), **form.cleaned_data)
    return redirect("portal_rate")


def happened(case: Case) -> list[dict[str, Any]]:
    """A case's steps in the words of its workflow, first to last."""
    workflow = binding_of(case.workflow).workflow
    return [
        {
            "at": each.at, "step": _("发起") if each.step == "open" else _(workflow.labelled(each.step)),
            "state": _(workflow.states.get(each.to_state, each.to_state)), "by": _role(each.role),
            "told": each.data.get("answer") or each.data.get("finding") or each.data.get("reason") or "",
        }
        for each in timeline(case)
    ]  # fmt: skip


def _role(name: str) -> str:
    return _(Role(name).label) if name in set(Role) else _("系统")
