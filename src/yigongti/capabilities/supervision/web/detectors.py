"""The detectors: what each looks for, by what clause and parameters, and what it found."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.supervision.models import Finding
from yigongti.capabilities.supervision.selectors import detectors, risk
from yigongti.capabilities.supervision.selectors.risk import Wanted
from yigongti.capabilities.supervision.web.boards import wanted_in
from yigongti.kernel import clock
from yigongti.pages.tables import Column, Table, answer


def listed(request: HttpRequest) -> HttpResponse:
    """Every detector, with what it found."""
    found = {line.key: line for line in risk.by_detector(request.user, Wanted())}
    rows = [
        {"shown": each, "label": each.label, "severity": each.severity, "source": each.source.text,
         "findings": line.findings if (line := found.get(each.id)) else 0,
         "amount_fen": line.amount_fen if line else 0}
        for each in detectors.all_shown(on=clock.today())
    ]  # fmt: skip
    table = Table(
        "detectors",
        columns=(
            Column("label", _("筛查规则"), link=lambda row: reverse("detector", args=[row["shown"].id])),
            Column("severity", _("性质"), tone=lambda row: row["shown"].tone),
            Column("definition", _("定义"), value=lambda row: row["shown"].definition, order=None),
            Column("source", _("依据"), export_only=True),
            Column("findings", _("疑点"), unit=""),
            Column("amount_fen", _("涉及基金(元)"), unit="fen"),
        ),
        rows=rows,
        size=60,
    )
    return answer(request, "supervision/detectors.html", table)


def one(request: HttpRequest, key: str) -> HttpResponse:
    """One detector: definition, clause, parameters, and its findings in the reader's scope."""
    user: Any = request.user
    shown = detectors.shown(key, on=clock.today())
    if shown is None:
        raise Http404("no such detector")
    wanted = wanted_in(request)
    rows = risk.findings(user, Wanted(key, wanted.institution, wanted.first, wanted.last))
    table = Table(
        "findings",
        columns=(
            Column("day", _("日期")),
            Column("institution", _("机构"), value=lambda row: row.institution.name, order="institution_id"),
            Column("text", _("说明"), link=_lead_page, order=None),
            Column("prescriber_id", _("开单人")),
            Column("amount_fen", _("涉及基金(元)"), unit="fen"),
        ),
        rows=rows.select_related("institution"),
        sort="-day",
        empty=_("没有发现"),
    )
    return answer(request, "supervision/detector.html", table, shown=shown, count=rows.count())


def _lead_page(finding: Finding) -> str:
    return reverse("work_case", args=[finding.lead_id])
