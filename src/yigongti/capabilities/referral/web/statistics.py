"""Figures of the live referrals: by direction, by institution, by reason, and which steps come too late."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yigongti.capabilities.referral.selectors import figures
from yigongti.capabilities.referral.selectors.figures import Figures, Lateness
from yigongti.capabilities.referral.workflow import WORKFLOWS
from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.charts import Chart, Series
from yigongti.pages.tables import Column, Table, answer

SPANS = {"30": 30, "90": 90, "365": 365}
USUAL = "90"
INDICATORS = (
    "referral_closure_rate", "referral_accepted_in_time", "referral_arrival_rate", "referral_handed_back_share",
    "referral_followed_up_in_time", "down_referral_ratio", "reserved_referral_share", "reserved_share_kept",
    "orderly_referral_share",
)  # fmt: skip
"""The indicators of which the figures here are the live side."""


def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of the last days, of the referrals that the reader may see."""
    user: Any = request.user
    span = request.GET.get("days", USUAL)
    span = span if span in SPANS else USUAL
    end = datetime.combine(clock.today() + timedelta(days=1), time(0), COUNTY_TIME)
    rows = figures.sent_between(user, begin=end - timedelta(days=SPANS[span]), end=end)
    ways = figures.by_direction(rows)
    tables = (
        _table("senders", _("转出机构"), figures.by_sender(rows)),
        _table("receivers", _("转入机构"), figures.by_receiver(rows)),
    )
    return answer(
        request, "referral/statistics.html", *tables, span=span, spans=list(SPANS), ratio=_ratio(ways),
        ways=[replace(each, name=_(each.name)) for each in ways], reasons=_reasons(rows),
        late=[(_labelled(each), each) for each in figures.lateness(rows)], indicators=_indicators(),
    )  # fmt: skip


def _indicators() -> list[tuple[str, str]]:
    known = (REGISTRY.indicators[name] for name in INDICATORS if name in REGISTRY.indicators)
    is_english = get_language() == "en"
    return [(each.id, each.label_en if is_english else each.label) for each in known]


def _ratio(ways: list[Figures]) -> float | None:
    """Down to up; None where nobody went up."""
    sent = {each.name: each.sent for each in ways}
    up = sent.get(figures.WAYS["up"], 0)
    return sent.get(figures.WAYS["down"], 0) / up if up else None


def _reasons(rows: Any) -> Chart | None:
    found = figures.by_reason(rows)
    if not found:
        return None
    labels = [_(label) for label, _count in found]
    counted = Series(_("人次"), [count for _label, count in found], kind="bar")
    return Chart(_("转诊理由"), labels, [counted], unit="times", lying=True, heading=_("转诊理由"))


def _labelled(each: Lateness) -> str:
    return _(next((step.title for flow in WORKFLOWS for step in flow.steps if step.name == each.step), each.step))


def _table(name: str, heading: str, rows: list[Figures]) -> Table:
    return Table(
        name,
        columns=(
            Column("name", heading),
            Column("sent", _("发出"), unit="times"),
            Column("accepted", _("接收"), unit="times"),
            Column("arrived", _("到诊"), unit="times"),
            Column("returned", _("交回"), unit="times"),
            Column("followed_up", _("随访"), unit="times"),
            Column("reserved_share", _("预留占比"), unit="ratio"),
            Column("closure_rate", _("结案率"), unit="ratio"),
        ),
        rows=rows,
        sort="-sent",
        empty=_("这段时间没有转诊"),
    )
