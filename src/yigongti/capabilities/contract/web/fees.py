"""What contracts are paid: all teams of a year, and a team's statement with its members, drafted or issued."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.fees import RULES
from yigongti.capabilities.contract.decisions.packages import DUTIES, SOURCE_LABELS, SOURCES
from yigongti.capabilities.contract.models import IssuedStatement
from yigongti.capabilities.contract.selectors import sheets
from yigongti.capabilities.contract.selectors.statements import Statement, statements
from yigongti.capabilities.contract.selectors.teams import team_or_404, teams
from yigongti.capabilities.contract.services.issuing import ISSUERS
from yigongti.capabilities.contract.web.amounts import amount
from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import may
from yigongti.spine.county_rules import county_rules

YEARS = 3


@dataclass(frozen=True)
class Row:
    """A team of the list: its sheet, issued or as the facts now have it."""

    key: str
    sheet: sheets.Sheet
    issued: IssuedStatement | None


def listed(request: Any) -> HttpResponse:
    """Every team somebody may see: its contracts, quality, fee and the sources of the money."""
    year = year_of(request.GET)
    found = _rows(statements(teams(request.user), year=year), sheets.latest_issued(year))
    table = Table("fees", _columns(year), found, sort="-due", empty=_("还没有家庭医生团队。"))
    is_over = year < clock.today().year
    return answer(
        request, "contract/fees.html", table, year=year, years=years(),
        sources=[(_(SOURCE_LABELS[name]), sum(row.sheet["sources"][name] for row in found)) for name in SOURCES],
        total=_sum(found, "total_fen"), price=_sum(found, "price_fen"), contracts=_sum(found, "contracts"),
        rules=_labels(RULES), drafts=sum(row.issued is None and row.sheet["contracts"] > 0 for row in found),
        is_over=is_over, may_issue=is_over and may(request.user, ISSUERS),
    )  # fmt: skip


def one(request: Any, key: str) -> HttpResponse:
    """A team's statement: quality and where it comes from, fee by package and source, each member's part.

    The latest issued one, or the one whose number is asked for; else as the facts now have it.
    """
    year, team = year_of(request.GET), team_or_404(request.user, key)
    issued = sheets.issued(team, year=year)
    shown = _asked(issued, request.GET.get("number", ""))
    draft = sheets.sheet_of(statements([team], year=year)[0])
    sheet = shown.sheet if shown else draft
    return answer(
        request, "contract/fee.html", *_tables(sheet, shown),
        team=team, sheet=sheet, shown=shown, issued=issued, year=year, years=years(),
        marks=[{**mark, "label": _indicator(mark["indicator"])} for mark in sheet["marks"]],
        sources=[(_(SOURCE_LABELS[source]), fen) for source, fen in sheet["sources"].items()],
        rules=_labels(rule_id for rule_id in sheet["rules"] if rule_id.startswith("contract.")),
        as_of=sheet["facts_as_of"] and datetime.fromisoformat(sheet["facts_as_of"]),
        change=_change(draft, issued[0] if issued else None),
        may_correct=bool(issued) and shown == issued[0] and may(request.user, ISSUERS),
    )  # fmt: skip


def year_of(said: Mapping[str, str]) -> int:
    """The year that is asked for, of those to choose from; else this one."""
    asked = said.get("year", "")
    return int(asked) if asked.isdecimal() and int(asked) in years() else clock.today().year


def years() -> list[int]:
    """The years to choose from, the latest first."""
    this = clock.today().year
    return list(range(this, this - YEARS, -1))


def _rows(found: Iterable[Statement], issued: Mapping[str, IssuedStatement]) -> list[Row]:
    known = [(each, issued.get(each.team.pk)) for each in found]
    return [Row(each.team.pk, last.sheet if last else sheets.sheet_of(each), last) for each, last in known]


def _sum(rows: Iterable[Row], name: str) -> int:
    return sum(row.sheet[name] for row in rows)


def _columns(year: int) -> tuple[Column, ...]:
    return (
        Column("team", _("团队"), value=lambda row: row.sheet["team"],
               link=lambda row: f"{reverse('contract_fee', args=[row.key])}?year={year}"),
        Column("institution", _("机构"), value=lambda row: row.sheet["institution"]),
        Column("contracts", _("签约份数"), unit="", value=lambda row: row.sheet["contracts"]),
        Column("score", _("质量得分"), unit="ratio", value=lambda row: row.sheet["score"]),
        Column("factor", _("系数"), unit="ratio", value=lambda row: row.sheet["factor"]),
        amount("price", _("按价应付"), lambda row: row.sheet["price_fen"]),
        amount("due", _("考核后应付"), lambda row: row.sheet["total_fen"]),
        *(amount(source, _(SOURCE_LABELS[source]), _source(source)) for source in SOURCES),
        Column("issued", _("定稿"), value=lambda row: row.issued and row.issued.number, unit="",
               show=lambda row: _("第 %(n)s 号") % {"n": row.issued.number} if row.issued else _("草算")),
        amount("team_part", _("归团队"), lambda row: row.sheet["team_fen"], export_only=True),
        amount("institution_part", _("归机构"), lambda row: row.sheet["institution_fen"], export_only=True),
    )  # fmt: skip


def _tables(sheet: sheets.Sheet, shown: IssuedStatement | None) -> list[Table]:
    packages = (
        Column("name", _("服务包"), value=lambda row: _(row["name"])),
        Column("contracts", _("份数"), unit="", value=_entry("contracts")),
        amount("price", _("按价应付"), _entry("price_fen")),
        amount("prepaid", _("预拨"), _entry("prepaid_fen")),
        amount("due", _("考核后应付"), _entry("total_fen")),
    )
    members = (
        Column("name", _("姓名"), value=lambda row: row["name"] or row["staff_id"]),
        Column("duty", _("职责"), value=lambda row: _(DUTIES[row["duty"]])),
        amount("amount", _("应得"), _entry("amount_fen")),
        Column("staff_id", _("人员编号"), value=_entry("staff_id"), export_only=True),
    )
    tables = [
        Table("packages", packages, sheet["packages"], caption=_("按服务包"), empty=_("这一年没有签约。")),
        Table("members", members, sheet["members"], caption=_("按成员"), empty=_("团队没有成员。")),
    ]
    return [*tables, _differences(shown)] if shown and shown.corrects else tables


def _differences(shown: IssuedStatement) -> Table:
    columns = (
        Column("name", _("部分")),
        amount("before", _("更正前"), lambda row: row.before),
        amount("after", _("更正后"), lambda row: row.after),
        amount("fen", _("差额"), lambda row: row.fen),
    )
    found = sheets.compared(shown.sheet, shown.corrects.sheet)
    return Table("differences", columns, found, caption=_("与上一号的差额"), empty=_("各部分金额都没有变。"))


def _asked(issued: Sequence[IssuedStatement], number: str) -> IssuedStatement | None:
    """The statement of that number; the latest where none is asked for; None for a draft."""
    named = [each for each in issued if str(each.number) == number]
    return next(iter(named or issued), None)


def _change(draft: sheets.Sheet, latest: IssuedStatement | None) -> int | None:
    """By how many fen a correction would differ; None where the latest statement still rests on what there is."""
    if latest is None or sheets.digest(draft) == latest.digest:
        return None
    return int(draft["total_fen"]) - latest.total_fen


def _labels(rule_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Rules with what people call them."""
    rules = county_rules().rules
    return [(rule_id, rules[rule_id].label) for rule_id in rule_ids if rule_id in rules]


def _indicator(key: str) -> str:
    indicator = REGISTRY.indicators.get(key)
    return _(indicator.label) if indicator else key


def _entry(name: str) -> Any:
    return lambda row: row[name]


def _source(source: str) -> Any:
    return lambda row: row.sheet["sources"][source]
