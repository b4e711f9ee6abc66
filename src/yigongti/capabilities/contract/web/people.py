"""The family doctor's pages: one's people, where they were treated and what it cost, whom one referred."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.risk import Risk
from yigongti.capabilities.contract.models import Contract
from yigongti.capabilities.contract.selectors import costs as spending
from yigongti.capabilities.contract.selectors.costs import Care, PersonCost
from yigongti.capabilities.contract.selectors.people import Person, Wanted, people_of
from yigongti.capabilities.contract.selectors.referred import Referred, referred
from yigongti.capabilities.contract.web.amounts import FEN, amount
from yigongti.capabilities.contract.web.choosing import chosen
from yigongti.capabilities.contract.workflow import PENDING
from yigongti.pages.charts import Chart, Series
from yigongti.pages.tables import Column, Table, answer
from yigongti.pages.work.addresses import case_address
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail

RISK_TONES = {Risk.HIGH: "bad", Risk.MEDIUM: "warn", Risk.LOW: "good"}


def listed(request: Any) -> HttpResponse:
    """My people by risk and key group, with what is due for each."""
    here = chosen(request)
    wanted = Wanted(**{name: request.GET.get(name, "") for name in ("risk", "key_group", "due", "ends")})
    found = people_of(here.teams, user=request.user, wanted=wanted)
    _audit(request.user, "people", [team.pk for team in here.teams], len(found.shown))
    return answer(
        request,
        "contract/people.html",
        Table("people", _columns(request.user), found.shown, empty=_("没有符合条件的签约居民。")),
        here=here,
        wanted=wanted,
        risks=[(risk.value, _(risk.label), RISK_TONES[risk], found.by_risk.get(risk, 0)) for risk in Risk],
        groups=found.by_group,
        everybody=len(found.everybody),
        due=sum(person.open_items for person in found.everybody),
        overdue=sum(person.overdue for person in found.everybody),
        pending=Contract.objects.filter(team__in=here.teams, state__in=PENDING).count(),
        tab="people",
    )


def costs(request: Any) -> HttpResponse:
    """Where one's people were treated in the last twelve months and what it cost."""
    here = chosen(request)
    found = spending.costs_of(here.teams, user=request.user)
    _audit(request.user, "costs", [team.pk for team in here.teams], len(found.people))
    return answer(
        request,
        "contract/costs.html",
        Table("people", _cost_columns(), found.people, sort="-total", size=20, caption=_("每人费用"),
              empty=_("近一年没有就诊记录。")),
        Table("latest", _care_columns(), found.latest, size=20, caption=_("最近的就诊和住院"),
              empty=_("近一年没有就诊记录。")),
        here=here,
        costs=found,
        chart=_chart(found),
        tab="costs",
    )  # fmt: skip


def referrals(request: Any) -> HttpResponse:
    """Whom one's teams referred, and how far it has come."""
    here = chosen(request)
    found = referred(here.teams, user=request.user)
    _audit(request.user, "referred", [team.pk for team in here.teams], len(found))
    columns = (
        Column("name", _("居民"), link=_record),
        Column("sent_on", _("发出日期")),
        Column("direction", _("方向")),
        Column("to", _("转入机构")),
        Column("state", _("进展"), link=lambda row: _case(row.workflow, row, request.user)),
    )
    table = Table("referred", columns, found, empty=_("近一年没有转诊。"))
    return answer(request, "contract/referred.html", table, here=here, tab="referred")


def _columns(user: Any) -> tuple[Column, ...]:
    return (
        Column("name", _("居民"), link=_record),
        Column("risk_order", _("风险"), show=lambda person: person.risk_label,
               tone=lambda person: RISK_TONES[person.risk]),
        Column("key_groups", _("重点人群"), value=lambda person: "、".join(person.groups)),
        Column("age", _("年龄"), unit=""),
        Column("place", _("住址")),
        Column("package", _("服务包"), value=lambda person: _(person.package),
               link=lambda person: _contract(person, user)),
        Column("open_items", _("待做"), unit="", tone=lambda person: "bad" if person.overdue else ""),
        Column("end_on", _("到期")),
        Column("sex", _("性别"), export_only=True),
        Column("overdue", _("逾期"), unit="", export_only=True),
        Column("resident_id", _("居民编号"), export_only=True),
    )  # fmt: skip


def _cost_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("居民"), link=_record),
        Column("visits", _("门急诊"), unit="", value=lambda row: row.sum.visits),
        Column("stays", _("住院"), unit="", value=lambda row: row.sum.stays),
        amount("total", _("总费用"), lambda row: row.sum.total_fen),
        amount("fund", _("基金支付"), lambda row: row.sum.fund_fen),
        amount("self", _("个人负担"), lambda row: row.sum.self_fen),
        amount("outside", _("县外费用"), lambda row: row.outside),
        Column("mostly", _("主要在")),
    )


def _care_columns() -> tuple[Column, ...]:
    kinds = {"visit": _("门急诊"), "stay": _("住院")}
    return (
        Column("day", _("日期")),
        Column("name", _("居民"), link=_record),
        Column("kind", _("类别"), value=lambda row: kinds[row.kind]),
        Column("institution", _("机构")),
        Column("where", _("位置"), value=lambda row: _(spending.WHERE[row.where])),
        Column("is_referred", _("经转诊")),
        amount("total_fen", _("总费用"), lambda row: row.total_fen),
        amount("self_fen", _("个人负担"), lambda row: row.self_fen),
    )


def _chart(found: spending.Costs) -> Chart:
    spent: list[float | None] = [place.sum.total_fen / FEN for place in found.places]
    series = [Series(_("总费用"), spent, kind="bar")]
    return Chart(_("近一年费用发生在哪里"), [place.label for place in found.places], series, unit="yuan", lying=True)


def _record(row: Person | PersonCost | Care | Referred) -> str | None:
    """Address of the record, for who may see the person's."""
    return reverse("record", args=[row.resident_id]) if row.is_visible else None


def _case(workflow_id: str, row: Person | Referred, user: Any) -> str | None:
    if not (row.case_id and row.is_visible):
        return None
    return case_address(workflow_id, row.case_id, roles=scope_of(user).roles)


def _contract(person: Person, user: Any) -> str | None:
    """Of the contract: a case where it was made here, a page of its own where a file brought it."""
    if person.case_id:
        return _case("contract", person, user)
    return reverse("contract_held", args=[person.number]) if person.is_visible else None


def _audit(user: Any, purpose: str, teams: list[str], found: int) -> None:
    trail.record(
        "find_people", actor=user.username, detail={"by": f"contract_{purpose}", "teams": teams, "found": found}
    )
