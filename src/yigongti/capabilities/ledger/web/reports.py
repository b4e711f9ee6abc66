"""The report of a document: a page, and the same on paper."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from yigongti.capabilities.ledger.selectors import documents
from yigongti.capabilities.ledger.selectors.reports import report as made
from yigongti.capabilities.ledger.web.paper import WRITERS
from yigongti.kernel import clock
from yigongti.kernel.periods import parse
from yigongti.pages.downloads import download

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {"docx": WORD, "pdf": "application/pdf"}


def report(request: HttpRequest, key: str) -> HttpResponseBase:
    """By `?period=2025H1` (the present year without it), as a page or `&as=docx`, `&as=pdf`."""
    document = documents.document_or_404(key)
    period = parse(request.GET.get("period") or str(clock.today().year))
    found = made(document, period, user=request.user)
    kind = request.GET.get("as", "")
    if kind in WRITERS:
        return download(f"{found.heading}.{kind}", WRITERS[kind](found), kind=MEDIA[kind])
    year = clock.today().year
    periods = [f"{each}{half}" for each in (year, year - 1) for half in ("", "H1", "H2")]
    context = {"report": found, "document": document, "period": period.label, "periods": periods}
    return render(request, "ledger/report.html", context)
