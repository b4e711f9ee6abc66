"""An institution's statement: on screen, as PDF, as XLSX."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from yigongti.capabilities.payment.selectors import explaining, runs
from yigongti.capabilities.payment.selectors.statements import statement_of
from yigongti.capabilities.payment.web.statements.paper import pdf, xlsx
from yigongti.pages.downloads import download

MEDIA = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WRITERS = {"pdf": pdf, "xlsx": xlsx}


def statement(request: HttpRequest, key: str, institution: str) -> HttpResponseBase:
    """The statement as a page, or `?as=pdf`, `?as=xlsx`."""
    found = statement_of(runs.run_or_404(key), institution, request.user)
    kind = request.GET.get("as", "")
    if kind in WRITERS:
        name = _("%(name)s %(year)s 年医保结算对账单") % {"name": found.institution, "year": found.run.year}
        return download(f"{name}.{kind}", WRITERS[kind](found), kind=MEDIA[kind])
    explained = [(each, explaining.of_line(each.line)) for each in found.lines]
    return render(request, "payment/statement.html", {"statement": found, "run": found.run, "explained": explained})
