"""Proposing a referral: for one patient, with the criteria's answer before it is sent."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.referral.decisions.criteria import FINDINGS
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.papers import papers_of
from yigongti.capabilities.referral.selectors.patients import judgement, known, latest_findings
from yigongti.capabilities.referral.selectors.reasons import with_labels
from yigongti.capabilities.referral.selectors.receivers import receivers, senders, way
from yigongti.capabilities.referral.services.proposing import Proposal, propose
from yigongti.capabilities.referral.web.forms import SIGN, HandoverForm, ProposalForm, WhomForm
from yigongti.capabilities.referral.workflow import REASONS
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts.columns import Kind
from yigongti.kernel.ids import new_id
from yigongti.pages.work import people
from yigongti.pages.work.addresses import case_address
from yigongti.spine.access.records import open_person
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.selectors import visible_cases
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

ANY_REASON = "diagnosis"
"""What is asked for before a reason has been chosen: only the red flags can answer then."""


@dataclass
class Desk:
    """One proposal being written: for whom, from where, carrying on which referral, with what was filled in."""

    request: HttpRequest
    resident: Resident
    sender: Institution
    previous: Referral | None
    form: ProposalForm
    handover: HandoverForm

    @property
    def receiver(self) -> Institution | None:
        """The institution that was chosen."""
        return Institution.objects.filter(pk=self.form.cleaned_data["to_institution"]).first()


def new(request: HttpRequest) -> HttpResponse:
    """The form of a referral; without `resident` in the address, first whom it is for."""
    resident_id = request.GET.get("resident", "")
    if not resident_id:
        return _whom(request)
    open_person(request.user, resident_id=resident_id, purpose="referral")
    desk = _desk(request, resident_id)
    if desk is None:
        return render(request, "referral/nowhere.html")
    if request.method != "POST":
        return _page(desk, request.GET.get("request_id") or new_id())
    return _posted(desk, request.POST.get("request_id") or new_id())


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What the criteria say of what has been filled in so far: a fragment under the form."""
    resident_id = request.GET.get("resident", "")
    open_person(request.user, resident_id=resident_id, purpose="referral_check")
    sender = Institution.objects.filter(pk=request.GET.get("from", "")).first()
    receiver = Institution.objects.filter(pk=request.POST.get("to_institution", "")).first()
    direction = way(sender, receiver, on=clock.today()) if sender and receiver else ""
    reason = request.POST.get("reason_code", "")
    found = judgement(
        resident_id, direction=direction or "up", reason_code=reason if reason in REASONS else ANY_REASON,
        findings=_findings(request), on=clock.today(),
    )  # fmt: skip
    is_whole = bool(direction and reason in REASONS)
    context = {
        "answer": found, "is_whole": is_whole, "direction": direction, "reasons": with_labels(found.decision.reasons),
    }  # fmt: skip
    return render(request, "referral/answer.html", context)


def _whom(request: HttpRequest) -> HttpResponse:
    form = WhomForm(request.POST or None)
    if form.is_valid():
        try:
            resident_id = people.meant(form.cleaned_data["resident"], user=request.user)
        except ValidationError as error:
            form.add_error("resident", error)
        else:
            return redirect(f"{reverse('referral_new')}?{urlencode({'resident': resident_id})}")
    return render(request, "referral/whom.html", {"form": form})


def _desk(request: HttpRequest, resident_id: str) -> Desk | None:
    """None where the reader has no institution to send from, or none to send to."""
    resident = Resident.objects.filter(pk=resident_id).first()
    known = senders(request.user)
    if resident is None or not known:
        return None
    previous = _previous(request, resident_id)
    wanted = previous.counterpart_id if previous else request.GET.get("from", "")
    sender = next((each for each in known if each.pk == wanted), known[0])
    where = receivers(sender, resident, on=clock.today())
    if previous is not None:
        where = {direction: rows for direction, rows in where.items() if direction == "up"}
    posted = (request.POST,) if request.method == "POST" else ()
    initial: dict[str, Any] = {
        f"{SIGN}{name}": value for name, value in latest_findings(resident_id, on=clock.today()).items()
    }
    initial |= {"summary": previous.summary, "diagnosis": "、".join(previous.diagnosis)} if previous else {}
    form = ProposalForm(*posted, receivers=where, papers=papers_of(resident_id), initial=initial)
    return Desk(
        request, resident, sender, previous, form, HandoverForm(*posted, prefix="down", use_required_attribute=False)
    )


def _previous(request: HttpRequest, resident_id: str) -> Referral | None:
    """The referral that is to be carried on.  Raises Http404 where the reader may not."""
    case_id = request.GET.get("previous", "")
    if not case_id:
        return None
    visible = visible_cases(request.user, workflow_id="referral").filter(pk=case_id)
    found = Referral.objects.filter(pk__in=visible.values("pk"), resident_id=resident_id, state="arrived").first()
    if found is None:
        raise Http404("no referral that can be carried on")
    return found


def _posted(desk: Desk, request_id: str) -> HttpResponse:
    if not desk.form.is_valid() or desk.receiver is None:
        return _page(desk, request_id)
    direction = way(desk.sender, desk.receiver, on=clock.today())
    if direction == "down" and not desk.handover.is_valid():
        return _page(desk, request_id)
    try:
        case = propose(_proposal(desk, direction), by=desk.request.user, at=clock.now(), request_id=request_id)
    except Refusal as refusal:
        return _page(desk, request_id, refusal)
    said = _("已走急转通道发出") if case.is_emergency else _("已发出")
    messages.success(desk.request, f"{said}:{case.title}")
    return redirect(case_address(case.workflow, case.pk, roles=scope_of(desk.request.user).roles))


def _proposal(desk: Desk, direction: str) -> Proposal:
    filled = desk.form.cleaned_data
    return Proposal(
        resident_id=desk.resident.pk,
        from_institution_id=desk.sender.pk,
        to_institution_id=filled["to_institution"],
        direction=direction,
        reason_code=filled["reason_code"],
        summary=filled["summary"],
        diagnosis=filled["diagnosis"],
        consent_form=filled["consent_form"],
        findings=desk.form.findings(),
        attachments=desk.form.attachments(),
        certificate_number=filled["certificate_number"],
        handover=desk.handover.handover() if direction == "down" else None,
        previous=desk.previous,
    )


def _page(desk: Desk, request_id: str, refusal: Refusal | None = None) -> HttpResponse:
    directions = {direction for direction, _rows in desk.form.fields["to_institution"].choices}
    is_posted = desk.request.method == "POST"
    context = {
        "resident": known(desk.resident),
        "sender": desk.sender,
        "senders": senders(desk.request.user),
        "previous": desk.previous,
        "form": desk.form,
        "handover": desk.handover,
        "goes_down": _("下转") in directions,
        "request_id": request_id,
        "refusal": refusal,
    }
    return render(desk.request, "referral/new.html", context, status=409 if refusal or is_posted else 200)


def _findings(request: HttpRequest) -> dict[str, float | bool]:
    """What was filled in so far, as far as it can be read."""
    found: dict[str, float | bool] = {}
    for column in FINDINGS:
        text = request.POST.get(f"{SIGN}{column.name}", "")
        if column.kind is Kind.FLAG:
            found[column.name] = bool(text)
        elif number := _number(text):
            found[column.name] = number
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
