"""Reports on paper, and the ledger's door for others."""

import io
from datetime import date

import pytest
from docx import Document

from ledger import papers
from yigongti.capabilities.ledger.api import overdue_count, summary
from yigongti.capabilities.ledger.selectors.reports import report
from yigongti.capabilities.ledger.web.paper import docx, pdf, write_report
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import parse
from yigongti.pages import paper

pytestmark = pytest.mark.django_db


def test_the_word_document_has_every_clause_with_its_targets(bureau):
    made = docx(report(papers.enforced(bureau), parse("2025"), user=bureau))
    document = Document(io.BytesIO(made))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 2"]
    assert len(headings) == 3
    assert "≥80%" in [cell.text for table in document.tables for cell in table.columns[1].cells]


def test_without_a_chinese_font_there_is_no_pdf_but_a_clear_message(bureau, monkeypatch):
    paper.chinese_font.cache_clear()
    monkeypatch.setattr(paper, "_families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(Refusal, match="没有中文字体") as refused:
        pdf(report(papers.enforced(bureau), parse("2025"), user=bureau))
    assert "fonts-noto-cjk" in refused.value.remedy


@pytest.mark.parametrize("name", ["报告.pdf", "报告.docx"])
def test_the_command_writes_the_report_of_the_document_named(bureau, tmp_path, name):
    papers.enforced(bureau)
    written = write_report("甲县", period="2025H1", to=tmp_path / name)
    assert written.stat().st_size > 5_000


def test_the_command_refuses_another_kind_and_a_name_of_none_or_many(bureau, tmp_path):
    papers.enforced(bureau)
    with pytest.raises(Refusal, match="不能写成"):
        write_report("甲县", period="2025", to=tmp_path / "报告.txt")
    with pytest.raises(Refusal, match="0 份"):
        write_report("乙县", period="2025", to=tmp_path / "报告.pdf")
    papers.taken_in(bureau, text=papers.LATER)
    with pytest.raises(Refusal, match="2 份"):
        write_report("甲县", period="2025", to=tmp_path / "报告.pdf")
    assert not list(tmp_path.iterdir())


def test_others_learn_how_the_tasks_stand(bureau):
    papers.enforced(bureau)
    papers.measured({"psychiatrists_per_100k": [("2025-01", 6.5), ("2025-02", 6.5)]}, up_to=date(2025, 2, 28))
    found = summary(bureau)
    assert (found.open, found.overdue, found.lights["green"], found.lights["grey"]) == (3, 0, 1, 2)
    with clock.at(date(2027, 1, 1)):
        assert overdue_count(bureau) == 3


def test_a_half_years_report_takes_the_figures_of_its_frozen_monitoring(bureau):
    document = papers.enforced(bureau)
    since, until = date(2024, 7, 1), date(2024, 12, 31)
    papers.measured({"psychiatrists_per_100k": [("2024-12", 4.0)]}, up_to=until, kind="half_year", since=since)
    papers.measured({"psychiatrists_per_100k": [("2025-02", 6.5)]}, up_to=date(2025, 2, 28))
    found = report(document, parse("2024H2"), user=bureau)
    shown = [figure.value for line in found.clauses for figure in line.figures if "精神科" in figure.phrase]
    assert shown[0].startswith("4 ")
    assert "2024H2" in found.source
    assert "2024H2" not in report(document, parse("2025H1"), user=bureau).source
