"""The same document as text in two encodings, as a web page, as DOCX and as PDF."""

import pytest
from ledger_files import chinese_numbering, docx, paragraph, pdf, table

from yigongti.capabilities.ledger.reading import Document, Units, read

LINES = (
    "关于印发丁县家庭医生签约服务实施方案的通知",
    "丁卫发〔2024〕3号",
    "一、总体目标",
    "到2025年,县域内就诊率达到90%以上,基层医疗卫生机构诊疗量占比",
    "达到65%以上,家庭医生签约服务覆盖率达到50%。",
    "二、主要任务",
    "新建社区卫生服务中心2家。(责任单位:县卫健局)",
)


def values(document: Document) -> list[float]:
    return [target.value for target in document.targets]


def test_utf8_and_gbk_read_alike() -> None:
    text = "\n".join(LINES)
    assert read(text.encode("utf-8")).as_json() == read(text.encode("gbk")).as_json()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_every_encoding_of_chinese_offices_reads_alike_with_and_without_its_mark(encoding: str) -> None:
    text = "\n".join(LINES)
    assert read(text.encode(encoding)).as_json() == read(text).as_json()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_web_page_saved_in_wide_characters_is_read_whatever_it_says(encoding: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    page = f'<html><head><meta charset="gb2312"></head><body>{body}</body></html>'
    assert values(read(page.encode(encoding)).documents[0]) == [90, 65, 50, 2]


def test_the_cells_of_a_word_table_stay_in_order_with_a_header_over_merged_cells() -> None:
    rows = table(
        ("指标", "指标", "单位", "2024年", "2025年"),
        ("有序就医", "县域内住院人次占比", "%", "79", "≥82"),
        ("有序就医", "基层诊疗量占比", "%", "58", "60以上"),
    )
    data = docx(
        paragraph("丁县医共体建设实施方案"), paragraph("主要指标", level=0), rows, numbering=chinese_numbering()
    )
    (clause,) = read(data, name="方案.docx").documents[0].clauses
    assert [(t.indicator, t.comparator, t.value, t.due) for t in clause.targets] == [
        ("县域内住院人次占比", ">=", 82, "2025"),
        ("基层诊疗量占比", ">=", 60, "2025"),
    ]


def test_a_pdf_with_text_is_read_across_its_lines() -> None:
    document = read(pdf(*LINES), name="方案.pdf").documents[0]
    assert document.number == "丁卫发〔2024〕3号"
    assert values(document) == [90, 65, 50, 2]
    assert document.targets[1].indicator == "基层医疗卫生机构诊疗量占比"


def test_a_gb2312_web_page_is_read_by_the_encoding_it_says() -> None:
    head = '<meta charset="gb2312"><script>var x="达到99%";</script>'
    body = "".join(f"<p>{line}</p>" for line in LINES)
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    assert values(read(page.encode("gbk")).documents[0]) == [90, 65, 50, 2]


def test_a_word_document_has_its_automatic_numbers_and_tables() -> None:
    rows = table(
        ("指标", "单位", "2023年", "2025年"), ("每千人口床位数", "张", "5.8", "6.5"), ("签约率", "%", "40", "≥50")
    )
    data = docx(
        paragraph("丁县医共体建设实施方案"),
        paragraph("主要目标", level=0),
        paragraph("资源配置更加合理。", level=1),
        rows,
        paragraph("重点任务", level=0),
        paragraph("每周巡诊不少于2次。（牵头单位：县卫健局）", level=1),
        numbering=chinese_numbering(),
    )
    document = read(data, name="方案.docx").documents[0]
    assert [clause.id for clause in document.clauses] == ["一", "一(一)", "二", "二(一)"]
    assert [(t.indicator, t.comparator, t.value, t.unit, t.due) for t in document.clauses[1].targets] == [
        ("每千人口床位数", "=", 6.5, "张", "2025"),
        ("签约率", ">=", 50, "%", "2025"),
    ]
    assert document.clauses[3].units == Units(lead=("县卫健局",))


def test_a_page_laid_out_with_tables_is_read_as_text() -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    inner = f"<table><tr><td>{body}</td></tr></table>"
    page = f"<html><body><table><tr><td>菜单</td></tr><tr><td>{inner}</td></tr></table></body></html>"
    assert values(read(page.encode()).documents[0]) == [90, 65, 50, 2]
