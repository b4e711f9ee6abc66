"""The statistics of a workflow: how many, how many closed, how long in each state, who is late with what."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yigongti.kernel.workflow import Workflow
from yigongti.pages.charts import Chart, Series
from yigongti.pages.tables import Column, Table, answer
from yigongti.pages.work import wording
from yigongti.pages.work.figures import Figures, Lateness, Stay, figures
from yigongti.pages.work.lately import lately
from yigongti.pages.work.lists import seen_workflows
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.selectors import visible_cases
from yigongti.spine.cases.sight import seat_of

SPANS = {
    "30": gettext_noop("近 30 天"),
    "90": gettext_noop("近 90 天"),
    "365": gettext_noop("近一年"),
    "1100": gettext_noop("近三年"),
}
"""Days back → what the choice is called."""
USUAL_SPAN = "365"
DAY = 24.0


def statistics(request: HttpRequest) -> HttpResponse:
    """`?workflow=&days=`: of the cases opened in that time that the reader may see."""
    user: Any = request.user
    workflows = seen_workflows(scope_of(user).roles)
    if not workflows:
        return render(request, "work/statistics.html", {"workflows": []})
    asked = request.GET.get("workflow", "")
    workflow = next((each for each in workflows if each.id == asked), workflows[0])
    days = request.GET.get("days", "")
    days = days if days in SPANS else USUAL_SPAN
    kept = lately((workflow.id, days, seat_of(user)), partial(_figures, user, workflow, timedelta(days=int(days))))
    found = kept.figures
    context = {
        "workflow": workflow,
        "workflows": [(each.id, _(each.label)) for each in workflows],
        "spans": [(each, _(label)) for each, label in SPANS.items()],
        "days": days,
        "found": found,
        "at": kept.at,
        "now": _now(workflow, found),
        "chart": _by_month(found),
    }
    return answer(request, "work/statistics.html", *_tables(workflow, found), **context)


def _figures(user: Any, workflow: Workflow, span: timedelta, now: datetime) -> Figures:
    return figures(workflow, since=now - span, own=_own(user, workflow, now - span))


def _own(user: Any, workflow: Workflow, since: datetime) -> list[str] | None:
    """The cases that count for a reader; None where it is all of the county's."""
    if scope_of(user).narrowed(workflow.participants).whole_county:
        return None
    seen = visible_cases(user, workflow_id=workflow.id).filter(opened_at__gte=since)
    return list(seen.values_list("pk", flat=True))


def _now(workflow: Workflow, found: Figures) -> list[tuple[str, int, bool]]:
    return [(wording.state_of(workflow, state), cases, workflow.is_final(state)) for state, cases in found.now.items()]


def _by_month(found: Figures) -> Chart:
    months = [each.month for each in found.months]
    series = [
        Series(_("发起数"), [each.opened for each in found.months], kind="bar"),
        Series(_("办结数"), [each.closed for each in found.months], kind="bar"),
    ]
    return Chart(_("每月发起与办结"), months, series, unit="case")


def _tables(workflow: Workflow, found: Figures) -> list[Table]:
    names = wording.names_of(each.name for each in found.by_institution)

    def stay(row: Stay) -> str:
        return wording.state_of(workflow, row.state)

    def step(row: Lateness) -> str:
        return wording.step_of(workflow, row.name)

    def institution(row: Lateness) -> str:
        return names.get(row.name, row.name)

    times = (
        Column("state", _("状态"), value=stay),
        Column("left", _("离开次数"), unit="times"),
        Column("p50", _("一半在内(天)"), value=lambda row: row.p50 / DAY, unit="day"),
        Column("p90", _("九成在内(天)"), value=lambda row: row.p90 / DAY, unit="day"),
    )
    return [
        Table("stays", times, found.stays, caption=_("在各状态停留"), empty=_("还没有事项离开过任何状态")),
        Table("steps", _late(_("步骤"), step), found.by_step, "-late", caption=_("各步骤超时"), empty=_without()),
        Table(
            "institutions", _late(_("机构"), institution), found.by_institution, "-late", caption=_("各机构超时"),
            empty=_without(),
        ),
    ]  # fmt: skip


def _without() -> str:
    return _("还没有办过有时限的步骤")


def _late(heading: str, named: Any) -> tuple[Column, ...]:
    return (
        Column("name", heading, value=named),
        Column("taken", _("有时限的办理"), unit="times"),
        Column("late", _("超时次数"), unit="times"),
        Column("share", _("超时率"), unit="ratio", tone=lambda row: "bad" if row.late else "good"),
    )
