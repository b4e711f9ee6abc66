"""A report as a PDF."""

from dataclasses import asdict
from pathlib import Path

from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.selectors.reports import Report
from yigongti.pages.paper import typeset

TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(report: Report) -> bytes:
    """The bytes of the PDF.  Raises Refusal where the machine has no Chinese font."""
    words = {
        "phrase": _("指标"), "wanted": _("要求"), "due": _("期限"), "value": _("实测"), "light": _("灯"),
        "why": _("说明"), "papers": _("佐证"), "as_of": _("截至"), "source": _("监测数据"),
        "pressing": _("需要关注"), "clause": _("条款"),
    }  # fmt: skip
    pressing = [(clause, asdict(each)) for clause, each in report.pressing]
    return typeset(TEMPLATE, {**asdict(report), "heading": report.heading, "pressing": pressing, "words": words})
