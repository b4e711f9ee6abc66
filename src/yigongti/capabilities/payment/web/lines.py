"""From a budget down to one stay: a pool, an institution's line, its groups, the stays of a group, one stay."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yigongti.capabilities.payment.models import LineResult
from yigongti.capabilities.payment.selectors import cases as stays
from yigongti.capabilities.payment.selectors import explaining, runs
from yigongti.capabilities.payment.selectors.cases import Case, Group
from yigongti.pages.tables import Column, Table, answer

ALL = "all"
"""What the address says for all groups; an empty name is the stays without one."""


def pool(request: HttpRequest, key: str, pool: int) -> HttpResponseBase:
    """How one budget was divided and cleared, each number explained."""
    run = runs.run_or_404(key)
    found = next((each for each in runs.pools_of(run, request.user) if each.pk == pool), None)
    if found is None:
        raise Http404(f"no pool {pool}")
    called = runs.called()
    lines = runs.lines_of(run, request.user).filter(pool=found).order_by("-final_fen", "pk")
    columns = (
        Column("institution_id", _("机构"), show=lambda line: called.institution(line.institution_id),
               link=lambda line: reverse("settlement_line", args=[run.pk, line.pk])),
        Column("points_e4", _("点数"), unit="", value=lambda line: line.points_e4 / 10_000),
        Column("recorded_fen", _("记账"), unit="fen", order=None),
        Column("payable_fen", _("应付"), unit="fen", order=None),
        Column("final_fen", _("清算"), unit="fen"),
    )  # fmt: skip
    table = Table("lines", columns, lines, sort="-final_fen", empty=_("没有您可以查看的机构"), caption=_("各机构"))
    return answer(
        request, "payment/pool.html", table, run=run, pool=found, name=called.budget(found),
        explained=explaining.of_pool(found),
    )  # fmt: skip


def line(request: HttpRequest, key: str, line: int) -> HttpResponseBase:
    """What an institution gets of a budget, each number explained, and its groups."""
    found, called = _line_or_404(request, key, line), runs.called()
    here = reverse("settlement_cases", args=[found.pool.run_id, found.pk])

    def address(group: Group) -> str:
        return f"{here}?{urlencode({'group': group.code})}"

    columns = (
        Column("code", _("组"), value=lambda group: group.code or _("未入组"), link=address),
        Column("name", _("组名"), value=lambda group: group.name or _group_label(group.code)),
        Column("cases", _("例数"), unit=""),
        Column("points", _("点数"), unit="", value=lambda group: group.points_e4 / 10_000),
        Column("total_fen", _("总费用"), unit="fen"),
        Column("fund_fen", _("基金记账"), unit="fen"),
        Column("due_fen", _("基金应付"), unit="fen"),
        Column("gain_fen", _("盈亏"), unit="fen"),
    )  # fmt: skip
    groups = stays.groups_of(found) if found.stays else []
    table = Table("groups", columns, groups, empty=_("这一预算不付住院,或没有住院"), caption=_("按组"))
    return answer(
        request, "payment/line.html", table, line=found, run=found.pool.run, pool=found.pool,
        institution=called.institution(found.institution_id), budget=called.budget(found.pool),
        explained=explaining.of_line(found), all_cases=f"{here}?group={ALL}",
    )  # fmt: skip


def cases(request: HttpRequest, key: str, line: int) -> HttpResponseBase:
    """The stays of an institution's line, of one group (`?group=`) or all."""
    found, group = _line_or_404(request, key, line), request.GET.get("group", ALL)
    rows = stays.cases_of(found, None if group == ALL else group)
    columns = (
        Column("stay_id", _("住院编号"),
               link=lambda case: reverse("settlement_case", args=[found.pool.run_id, found.pk, case.stay_id])),
        Column("discharged_on", _("出院日期")),
        Column("group", _("组"), value=lambda case: case.group or _("未入组")),
        Column("kind", _("计点"), value=lambda case: explaining.kind_label(case.kind)),
        Column("points", _("点数"), unit="", value=lambda case: case.points_e4 / 10_000),
        Column("total_fen", _("总费用"), unit="fen"),
        Column("fund_fen", _("基金记账"), unit="fen"),
        Column("due_fen", _("基金应付"), unit="fen"),
        Column("gain_fen", _("盈亏"), unit="fen"),
    )  # fmt: skip
    table = Table("cases", columns, rows, empty=_("没有这样的住院"))
    title = _("全部住院") if group == ALL else group or _("未入组")
    return answer(
        request, "payment/cases.html", table, line=found, run=found.pool.run, title=title,
        institution=runs.called().institution(found.institution_id), name=found.pool.run.names.get(group, ""),
    )  # fmt: skip


def case(request: HttpRequest, key: str, line: int, stay: str) -> HttpResponseBase:
    """One stay: its points and its money, step by step."""
    found = _line_or_404(request, key, line)
    one = stays.case_of(found.pool.run, stay)
    if one is None or not _is_of(one, found):
        raise Http404(f"no stay {stay} in this line")
    answers = [each for each in found.pool.run.answers if each["stay_id"] == stay]
    context = {
        "line": found, "run": found.pool.run, "case": one, "explained": explaining.of_case(one, found.pool),
        "kind": explaining.kind_label(one.kind), "answers": answers,
        "institution": runs.called().institution(found.institution_id),
    }  # fmt: skip
    return render(request, "payment/case.html", context)


def _line_or_404(request: HttpRequest, key: str, line: int) -> LineResult:
    found: LineResult | None = runs.lines_of(runs.run_or_404(key), request.user).filter(pk=line).first()
    if found is None:
        raise Http404(f"no line {line} inside the scope")
    return found


def _is_of(one: Case, line: LineResult) -> bool:
    pool = line.pool
    return (one.institution_id, one.pool, one.insured_as) == (line.institution_id, pool.consortium_id, pool.insured_as)


def _group_label(code: str) -> Any:
    """A group that is a way of paying is called after it."""
    way, colon, _rest = code.partition(":")
    return explaining.kind_label(way) if colon else ""
