"""Leads in a list, and what a lead's page shows besides the steps: the clause, the findings, their rows, the money."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.supervision.models import Lead
from yigongti.capabilities.supervision.selectors import detectors, leads, risk
from yigongti.capabilities.supervision.services.binding import balance_of
from yigongti.capabilities.supervision.workflow import SUPERVISION_LEAD
from yigongti.kernel import clock
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.cases.models import Case


def listed(request: HttpRequest) -> HttpResponse:
    """The leads in the reader's scope, narrowed by the address."""
    user: Any = request.user
    wanted = {name: request.GET.get(name, "") for name in ("detector", "institution", "state")}
    table = Table(
        "leads",
        columns=(
            Column("title", _("线索"), link=lambda row: reverse("work_case", args=[row.pk])),
            Column("state", _("状态"), value=lambda row: _(SUPERVISION_LEAD.states[row.state]), tone=_tone),
            Column("day", _("日期")),
            Column("amount_fen", _("涉及基金(元)"), unit="fen"),
            Column("judged", _("认定应退(元)"), unit="fen"),
            Column("outstanding", _("尚未退回(元)"), unit="fen"),
            Column("due_at", _("应办时间")),
        ),
        rows=leads.listed(user, **wanted),
        sort="-amount_fen",
        empty=_("没有符合条件的线索"),
    )
    known, institutions = risk.choices(user)
    states = [(name, _(label)) for name, label in SUPERVISION_LEAD.states.items()]
    return answer(
        request,
        "supervision/leads.html",
        table,
        wanted=wanted,
        detectors=known,
        institutions=institutions,
        states=states,
    )


def evidence(case: Case, user: Any) -> Mapping[str, Any]:
    """The panel of a lead's page; who looks at people's rows is recorded."""
    lead = Lead.objects.get(pk=case.pk)
    leads.read(lead, by=user)
    findings = [(each, leads.evidence_tables(each)) for each in leads.findings_of(lead)]
    return {
        "lead": lead, "shown": detectors.shown(lead.detector, on=clock.today()), "findings": findings,
        "count": lead.findings.count(), "rules": sorted(_rules_used(findings)),
    }  # fmt: skip


def money(case: Case, user: Any) -> Mapping[str, Any] | None:
    """The panel of what was judged and came back; not shown before a judgement."""
    lines = list(Lead.objects.get(pk=case.pk).recovery.select_related("by"))
    return {"balance": balance_of(case.pk), "lines": lines} if lines else None


def _rules_used(findings: list[Any]) -> set[tuple[str, str]]:
    return {pair for finding, _tables in findings for pair in finding.rules.items()}


def _tone(lead: Lead) -> str:
    if lead.closed_at:
        return "none"
    return "bad" if lead.due_at and lead.due_at < clock.now() else "warn"
