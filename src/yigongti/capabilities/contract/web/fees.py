"""What contracts are paid: all teams of a year, and a team's statement with its members."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.fees import RULES
from yigongti.capabilities.contract.decisions.packages import SOURCE_LABELS, SOURCES
from yigongti.capabilities.contract.selectors.statements import Statement, statements
from yigongti.capabilities.contract.selectors.teams import team_or_404, teams
from yigongti.capabilities.contract.web.amounts import amount
from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.county_rules import county_rules

YEARS = 3


def listed(request: Any) -> HttpResponse:
    """Every team somebody may see: its contracts, quality, fee and the sources of the money."""
    year = _year(request)
    found = statements(teams(request.user), year=year)
    columns = (
        Column("team", _("团队"), value=lambda row: row.team.name,
               link=lambda row: f"{reverse('contract_fee', args=[row.team.pk])}?year={year}"),
        Column("institution", _("机构"), value=lambda row: row.team.institution.name),
        Column("contracts", _("签约份数"), unit=""),
        Column("score", _("质量得分"), unit="ratio", value=lambda row: _float(row.quality.score)),
        Column("factor", _("系数"), unit="ratio", value=lambda row: _float(row.quality.factor)),
        amount("price", _("按价应付"), lambda row: row.fee.price),
        amount("due", _("考核后应付"), lambda row: row.fee.total),
        *(amount(source, _(SOURCE_LABELS[source]), _source(source)) for source in SOURCES),
        amount("team_part", _("归团队"), lambda row: row.shares.team, export_only=True),
        amount("institution_part", _("归机构"), lambda row: row.shares.institution, export_only=True),
    )  # fmt: skip
    total = [(_(SOURCE_LABELS[source]), sum(row.fee.by_source[source] for row in found)) for source in SOURCES]
    return answer(
        request, "contract/fees.html", Table("fees", columns, found, sort="-due", empty=_("还没有家庭医生团队。")),
        year=year, years=_years(), sources=total, total=sum(row.fee.total for row in found),
        price=sum(row.fee.price for row in found), contracts=sum(row.contracts for row in found), rules=_labels(RULES),
    )  # fmt: skip


def one(request: Any, key: str) -> HttpResponse:
    """A team's statement: quality and where it comes from, fee by package and source, each member's part."""
    year = _year(request)
    statement = statements([team_or_404(request.user, key)], year=year)[0]
    packages = (
        Column("name", _("服务包")),
        Column("contracts", _("份数"), unit=""),
        amount("price", _("按价应付"), lambda row: row.fee and row.fee.price),
        amount("prepaid", _("预拨"), lambda row: row.fee and row.fee.prepaid),
        amount("due", _("考核后应付"), lambda row: row.fee and row.fee.total),
    )
    members = (
        Column("name", _("姓名"), value=lambda row: row.member.name or row.member.staff_id),
        Column("duty", _("职责"), value=lambda row: _(row.duty)),
        amount("amount", _("应得"), lambda row: row.amount),
        Column("staff_id", _("人员编号"), value=lambda row: row.member.staff_id, export_only=True),
    )
    return answer(
        request,
        "contract/fee.html",
        Table("packages", packages, statement.lines, caption=_("按服务包"), empty=_("这一年没有签约。")),
        Table("members", members, statement.members, caption=_("按成员"), empty=_("团队没有成员。")),
        statement=statement,
        factor=_float(statement.quality.factor),
        marks=_marks(statement),
        sources=[(_(SOURCE_LABELS[source]), amount) for source, amount in statement.fee.by_source.items()],
        rules=_labels(statement.rules),
        year=year,
        years=_years(),
    )


def _labels(rule_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Rules with what people call them."""
    rules = county_rules().rules
    return [(rule_id, rules[rule_id].label) for rule_id in rule_ids]


def _marks(statement: Statement) -> list[dict[str, Any]]:
    return [
        {
            "id": mark.indicator, "label": _indicator(mark.indicator), "value": mark.value,
            "weight": float(mark.weight), "full_at": float(mark.full_at), "score": _float(mark.score),
        }
        for mark in statement.quality.marks
    ]  # fmt: skip


def _indicator(key: str) -> str:
    indicator = REGISTRY.indicators.get(key)
    return _(indicator.label) if indicator else key


def _year(request: Any) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and int(asked) in _years() else clock.today().year


def _years() -> list[int]:
    this = clock.today().year
    return list(range(this, this - YEARS, -1))


def _source(source: str) -> Any:
    return lambda row: row.fee.by_source[source]


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
