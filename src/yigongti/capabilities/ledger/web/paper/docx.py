"""A report as a Word document."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Paper
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from yigongti.capabilities.ledger.selectors.reports import ClauseLine, Report

FONT = "宋体"


def docx(report: Report) -> bytes:
    """The bytes of the DOCX: heading, summary, then clause by clause."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(11), FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    paper.add_heading(report.heading, level=0)
    paper.add_paragraph(" ".join(part for part in (report.number, report.issuer) if part))
    said = {"day": report.as_of, "source": report.source}
    paper.add_paragraph(_("截至 %(day)s;监测数据:%(source)s") % said)
    for counted in filter(None, (report.tally, report.states)):
        paper.add_paragraph("  ".join(f"{label} {count}" for label, count in counted))
    _pressing(paper, report)
    for line in report.clauses:
        _clause(paper, line)
    sink = io.BytesIO()
    paper.save(sink)
    return sink.getvalue()


def _pressing(paper: Paper, report: Report) -> None:
    if report.pressing:
        paper.add_heading(_("需要关注"), level=1)
        heads = (_("条款"), _("指标"), _("要求"), _("实测"), _("灯"), _("说明"))
        cells = [
            (clause, each.phrase, each.wanted, each.value, each.light, each.why) for clause, each in report.pressing
        ]
        _table(paper, heads, cells)


def _clause(paper: Paper, line: ClauseLine) -> None:
    paper.add_heading(f"{line.number} {line.heading}", level=2)
    about = [line.units, line.state, line.light if line.figures else ""]
    paper.add_paragraph(" · ".join(part for part in about if part))
    if line.figures:
        heads = (_("指标"), _("要求"), _("期限"), _("实测"), _("数据截至"), _("灯"), _("说明"))
        cells = [
            (each.phrase, each.wanted, each.due, each.value, each.measured_on, each.light, each.why)
            for each in line.figures
        ]
        _table(paper, heads, cells)
    for told in line.told:
        papers = _("(佐证:%(names)s)") % {"names": "、".join(told.papers)} if told.papers else ""
        paper.add_paragraph(f"{told.day} {told.step}:{told.text}{papers}", style="List Bullet")


def _table(paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
