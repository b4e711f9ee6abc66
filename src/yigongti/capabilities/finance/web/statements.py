"""A member's statement: on screen, as PDF to sign, as XLSX to reckon with."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from yigongti.capabilities.finance.selectors.statements import Statement, statement_of, years_of
from yigongti.kernel import clock
from yigongti.kernel.money import yuan
from yigongti.pages import exports
from yigongti.pages.downloads import download
from yigongti.pages.paper import STATEMENT, typeset
from yigongti.spine.home import home

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def statement(request: Any, institution_id: str) -> HttpResponseBase:
    """The statement as a page, or `?as=pdf`, `?as=xlsx`.  404 outside the scope."""
    years = years_of(institution_id)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else (years[0] if years else clock.today().year)
    found = statement_of(institution_id, year, request.user)
    name = _("%(name)s %(year)s 年医共体内部结算单") % {"name": found.institution.name, "year": year}
    if request.GET.get("as") == "pdf":
        return download(f"{name}.pdf", pdf(found), kind=PDF)
    if request.GET.get("as") == "xlsx":
        return download(f"{name}.xlsx", exports.xlsx(headings(), rows(found)), kind=XLSX)
    return render(request, "finance/statement.html", {"statement": found, "years": years, "year": year})


def headings() -> list[str]:
    """The columns of a statement on paper."""
    return [_("项目"), _("期间"), _("因素"), _("怎么算的"), _("金额(元)")]


def rows(found: Statement) -> list[list[Any]]:
    """A line of every sharing, under `headings`; amounts in yuan."""
    return [
        [_(part.label), part.period, _(line.factor), line.reckoning, line.amount_fen / 100]
        for part in found.parts
        for line in part.lines
    ]


def pdf(found: Statement) -> bytes:
    """The bytes of the PDF.  Raises Refusal where the machine has no Chinese font."""
    shown = [[*map(str, row[:4]), f"{row[4]:,.2f}"] for row in rows(found)]
    standing = {"in": yuan(found.received_fen), "out": yuan(found.paid_fen), "net": yuan(found.net_fen)}
    return typeset(
        STATEMENT,
        {
            "heading": _("%(year)s 年度医共体内部结算单") % {"year": found.year},
            "county": home().choices.county,
            "institution": f"{found.institution.name}({found.institution.pk})",
            "standing": _("收 %(in)s 元 · 付 %(out)s 元 · 净 %(net)s 元") % standing,
            "columns": headings(),
            "rows": shown,
            "totals": [_("合计"), "", "", "", yuan(sum(part.amount_fen for part in found.parts))],
            "foot": _("金额单位:元;每行的依据可在系统中逐级打开"),
            "signed": [_("牵头医院(章)"), _("成员单位(章)"), _("日期")],
        },
    )
