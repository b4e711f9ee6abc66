"""What referral adds to the derived page of a case: judgement, papers, arrangement, legs, and what was done."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.referral.decisions.criteria import FINDINGS
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.papers import attached_to, done_at_receiver
from yigongti.capabilities.referral.selectors.reasons import with_labels
from yigongti.capabilities.referral.web.forms import AcceptForm, HandoverForm
from yigongti.capabilities.referral.workflow import HEALERS, STATES, WORKFLOWS
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.facts.columns import Kind
from yigongti.pages.work import panels
from yigongti.pages.work.addresses import case_address
from yigongti.spine.access.scope import may, scope_of
from yigongti.spine.cases.selectors import visible_cases

Context = Mapping[str, Any] | None
OUTCOMES = {"allow": "符合转诊标准", "refer": "请接收方判断", "refuse": "不符合转诊标准"}


def add_panels() -> None:
    """Called once when the app is ready."""
    for workflow in WORKFLOWS:
        panels.panel(workflow.id, "referral/panels/judgement.html", judgement)
        panels.panel(workflow.id, "referral/panels/handover.html", handed_back)
        panels.panel(workflow.id, "referral/panels/done.html", done)
        panels.panel(workflow.id, "referral/panels/papers.html", papers)
        panels.side_panel(workflow.id, "referral/panels/going_on.html", going_on)
        panels.side_panel(workflow.id, "referral/panels/place.html", place)
        panels.new_case_page(workflow.id, "referral_new")
        panels.step_form(workflow.id, "return", HandoverForm)
    panels.step_form("referral", "accept", AcceptForm)


def judgement(case: Any, user: Any) -> Context:
    """What was found, and what the criteria said when it was sent."""
    if not case.judgement:
        return None
    outcome = _(OUTCOMES[case.judgement["outcome"]])
    return {"reasons": with_labels(case.judgement["reasons"]), "outcome": outcome, "findings": _found(case)}


def handed_back(case: Any, user: Any) -> Context:
    """The discharge summary with plan and drugs, once there is one."""
    return {} if case.discharge_summary else None


def done(case: Any, user: Any) -> Context:
    """What the hospital did, as the record shows it."""
    return {"papers": done_at_receiver(case)} if case.arrived_at and case.direction != "down" else None


def papers(case: Any, user: Any) -> Context:
    """What was attached."""
    found = attached_to(case)
    return {"papers": found} if found else None


def place(case: Any, user: Any) -> Context:
    """Where and when the patient is to go."""
    booked = booking.of_case(case.pk)
    arrangement = case.payload.get("arrangement", "")
    if not booked and not arrangement:
        return None
    return {"booked": [(each, f"{each.begins.astimezone(COUNTY_TIME):%m-%d %H:%M}") for each in booked],
            "arrangement": arrangement}  # fmt: skip


def going_on(case: Any, user: Any) -> Context:
    """The legs before and after this one, and the way to send the patient on."""
    may_send_on = case.workflow == "referral" and case.state == "arrived"
    may_send_on = may_send_on and may(user, HEALERS, institution_id=case.counterpart_id)
    query = f"?resident={case.resident_id}&previous={case.pk}"
    legs = [_leg(leg, user) for leg in _legs(case, user)]
    if not legs and not may_send_on:
        return None
    return {"legs": legs, "send_on": f"{reverse('referral_new')}{query}" if may_send_on else ""}


def _legs(case: Referral, user: Any) -> list[Referral]:
    """The other legs of the patient's way that the reader may see."""
    others = Referral.objects.filter(previous_id=case.pk)
    if case.previous_id is not None:
        others = others | Referral.objects.filter(pk=case.previous_id)
    visible = visible_cases(user, workflow_id="referral").values("pk")
    return list(others.filter(pk__in=visible).select_related("institution", "counterpart").order_by("opened_at"))


def _leg(leg: Referral, user: Any) -> dict[str, str]:
    return {
        "way": f"{leg.institution.name} → {leg.counterpart.name}",
        "state": _(STATES[leg.state]),
        "address": case_address(leg.workflow, leg.pk, roles=scope_of(user).roles),
    }


def _found(case: Referral) -> list[str]:
    said = []
    for column in FINDINGS:
        value = case.findings.get(column.name)
        if value is not None:
            said.append(_(column.label) if column.kind is Kind.FLAG else _measured(_(column.label), value))
    return said


def _measured(label: str, value: float) -> str:
    """A label ends with its unit: 收缩压 mmHg, 96 → 收缩压 96 mmHg."""
    name, _space, unit = label.rpartition(" ")
    return f"{name} {float(value):g} {unit}"
