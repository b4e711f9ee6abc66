"""The risk board: what was found, by detector, institution, doctor and month; and the button that sweeps now."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.supervision.selectors import risk
from yigongti.capabilities.supervision.selectors.risk import Line, Wanted
from yigongti.capabilities.supervision.web.jobs import sweep_job
from yigongti.kernel import clock
from yigongti.pages.charts import Chart, Series
from yigongti.pages.jobs import enqueue, unfinished
from yigongti.pages.tables import Column, Table, answer


def board(request: HttpRequest) -> HttpResponse:
    """Figures, findings by month, and the three tables; the address narrows them."""
    user: Any = request.user
    wanted = wanted_in(request)
    kept = urlencode({name: value for name, value in vars(wanted).items() if value})
    detectors, institutions = risk.choices(user)
    rules = _table("rules", _("筛查规则"), risk.by_detector(user, wanted), link=_detector_page)
    places = _table("places", _("机构"), risk.by_institution(user, wanted), link=_leads_of("institution", kept))
    doctors = _table("doctors", _("开单人"), risk.by_doctor(user, wanted), extra=_("所在机构"))
    return answer(
        request, "supervision/board.html", rules, places, doctors, chart=_chart(risk.by_month(user, wanted)),
        totals=risk.totals(user, wanted, now=clock.now()), wanted=wanted, detectors=detectors,
        institutions=institutions, sweep=risk.last_sweep(), jobs=unfinished(sweep_job),
    )  # fmt: skip


@require_POST
def sweep_now(request: HttpRequest) -> HttpResponse:
    """Put a sweep of everything into the queue."""
    enqueue(sweep_job)
    messages.success(request, _("已开始筛查,完成后刷新本页即可看到结果。"))
    return redirect("supervision")


def wanted_in(request: HttpRequest) -> Wanted:
    """What the address narrows the board to."""
    asked = request.GET
    months = {name: asked.get(name, "")[:7] for name in ("first", "last")}
    return Wanted(asked.get("detector", ""), asked.get("institution", ""), months["first"], months["last"])


def _table(
    name: str, heading: str, lines: Sequence[Line], *, link: Callable[[Line], str | None] | None = None, extra: str = ""
) -> Table:
    columns = [Column("label", heading, link=link)]
    if extra:
        columns.append(Column("institution", extra))
    columns += [
        Column("findings", _("疑点"), unit=""),
        Column("leads", _("线索"), unit=""),
        Column("amount_fen", _("涉及基金(元)"), unit="fen"),
    ]
    return Table(name, columns=columns, rows=lines, size=15, empty=_("没有发现"))


def _detector_page(line: Line) -> str:
    return reverse("detector", args=[line.key])


def _leads_of(name: str, kept: str) -> Callable[[Line], str | None]:
    def link(line: Line) -> str:
        return f"{reverse('leads')}?{urlencode({name: line.key})}{kept and '&'}{kept}"

    return link


def _chart(lines: Sequence[Line]) -> Chart:
    months = [line.label for line in lines]
    return Chart(_("每月疑点数"), months, [Series(_("疑点"), [line.findings for line in lines], kind="bar")], unit="")
