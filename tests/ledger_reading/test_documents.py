"""Whole documents: what stands around the clauses, the clause tree, units, tables, several documents in one file."""

import pytest
from ledger_files import DOCUMENTS

from yigongti.capabilities.ledger.reading import Clause, Document, Reading, Target, Units, read, read_file


def clause(document: Document, clause_id: str) -> Clause:
    return next(clause for clause in document.clauses if clause.id == clause_id)


def facts(targets: tuple[Target, ...]) -> list[tuple[str, str, float, str, str | None]]:
    return [(t.indicator, t.comparator, t.value, t.unit, t.due) for t in targets]


@pytest.fixture(scope="module")
def plan() -> Document:
    return read_file(DOCUMENTS / "plan.txt").documents[0]


@pytest.fixture(scope="module")
def wrapped() -> Document:
    return read_file(DOCUMENTS / "wrapped.txt").documents[0]


def test_title_number_issuer_and_date_are_the_documents_own_and_not_the_pages(plan: Document) -> None:
    assert plan.title == "清河县“十四五”卫生健康发展规划"
    assert (plan.number, plan.issuer, plan.issued_on) == ("清政发〔2021〕18号", "清河县人民政府", "2021-12-28")


def test_chapters_sections_and_boxes_make_the_tree(plan: Document) -> None:
    box = clause(plan, "第三章第一节二专栏2.1")
    assert box.path == ("主要任务", "建设优质服务体系", "强化基层", "重点建设项目", "县人民医院迁建项目")


def test_figures_of_the_starting_point_are_no_targets(plan: Document) -> None:
    assert [t for c in plan.clauses if c.id.startswith("第一章") for t in c.targets] == []


def test_a_deadline_that_introduces_a_list_governs_its_items_and_no_more(plan: Document) -> None:
    aims = clause(plan, "第二章第二节").targets
    assert [target.due for target in aims] == ["2025", "2025", "2025", "2025", "2035"]


def test_a_table_flattened_to_a_cell_a_line_gives_the_target_column_only(plan: Document) -> None:
    rows = facts(clause(plan, "第二章第二节专栏1").targets)
    assert ("人均预期寿命", "=", 78.8, "岁", "2025") in rows
    assert ("孕产妇死亡率", "<=", 10, "1/10万", "2025") in rows
    assert ("居民健康素养水平", ">", 35, "%", "2025") in rows
    assert len(rows) == 6


def test_the_size_of_a_project_is_read_and_marked_for_a_person(plan: Document) -> None:
    read = {t.indicator: t.unsure for t in clause(plan, "第三章第一节二专栏2.1").targets}
    assert set(read) == {"总建筑面积", "设置床位", "总投资"}
    assert not read["设置床位"]
    assert "项目规模" in read["总投资"]


def test_hard_wrapped_lines_read_as_one(wrapped: Document) -> None:
    aims = facts(clause(wrapped, "一").targets)
    assert ("重点人群签约服务覆盖率", ">=", 85, "%", "2025") in aims
    assert ("签约居民满意度", ">=", 90, "%", "2025") in aims


def test_units_are_read_from_a_line_of_their_own_and_from_the_end_of_a_sentence(wrapped: Document) -> None:
    assert clause(wrapped, "二(一)").units == Units(lead=("区卫生健康局",), support=("区医保局", "区财政局"))
    assert clause(wrapped, "二(二)").units == Units(responsible=("区卫生健康局", "各社区卫生服务中心"))


def test_a_line_of_units_under_the_last_of_several_clauses_stands_for_all(wrapped: Document) -> None:
    assert clause(wrapped, "三").units.responsible == ("区卫生健康局",)
    assert not clause(wrapped, "三(二)").units


def test_two_documents_in_one_file_are_told_apart() -> None:
    first, second = read_file(DOCUMENTS / "two.txt").documents
    assert (first.title, first.number, first.issued_on) == (
        "甲县医共体建设实施方案",
        "甲政办发〔2023〕7号",
        "2023-03-01",
    )
    assert second.title == "甲县老年健康服务三年行动计划（2023—2025年）"
    assert (second.number, second.issuer) == ("甲卫发〔2023〕22号", "甲县卫生健康局")
    assert clause(first, "二").units == Units(lead=("县卫健局",), support=("县医保局", "县财政局"))


def test_the_tables_of_a_web_page_keep_their_columns() -> None:
    document = read_file(DOCUMENTS / "table.html").documents[0]
    indicators = facts(clause(document, "二").targets)
    assert ("婴儿死亡率", "<=", 7.5, "‰", "2022") in indicators
    assert ("人均预期寿命", "=", 79, "岁", "2030") in indicators
    assert len(indicators) == 4


def test_each_row_of_a_task_table_is_a_clause_with_its_units_and_time() -> None:
    document = read_file(DOCUMENTS / "table.html").documents[0]
    row = clause(document, "三表1")
    assert row.units.responsible == ("市卫生健康委", "市园林局")
    assert facts(row.targets) == [("健康主题公园", "=", 5, "个", "2022-12-31")]


def test_the_first_unit_leads_where_the_document_says_so() -> None:
    note = "列第一位者为牵头单位,下同"
    first = f"一、任务\n完善制度。(市卫生健康委、市医保局、市财政局负责。{note})"
    text = f"某市医改方案\n{first}\n二、保障\n加强领导。(市财政局、市人社局负责)"
    tasks, support = read(text).documents[0].clauses
    assert tasks.units == Units(lead=("市卫生健康委",), support=("市医保局", "市财政局"))
    assert support.units.lead == ("市财政局",)


def test_a_table_without_header_inside_a_policy_is_left_unread_and_said_so() -> None:
    rows = "\n".join(f"指标{at}\n{at}.5\n{at}.9\n预期性" for at in range(1, 6))
    document = read(
        f"某县卫生健康发展规划\n一、目标\n到2025年,签约率达到75%。\n{rows}\n二、任务\n完善制度。"
    ).documents[0]
    assert [target.value for target in document.targets] == [75]
    assert "没有表头" in document.notes[0]


def test_the_json_has_the_published_fields_and_tells_doubts_and_reasons_beside_them() -> None:
    reading = read_file(DOCUMENTS / "plan.txt").as_json()
    document = reading["documents"][0]
    assert list(document) == ["title", "number", "issuer", "issued_on", "clauses"]
    for one in document["clauses"]:
        assert list(one) == ["id", "path", "heading", "text", "lead", "support", "responsible", "targets"]
        for target in one["targets"]:
            required = {"kind", "indicator", "comparator", "value", "upper", "unit", "due", "quote"}
            assert required <= set(target) <= required | {"per", "unsure", "why"}


@pytest.mark.parametrize("name", ["plan.txt", "wrapped.txt", "two.txt"])
def test_every_quote_is_cut_from_the_file_as_it_stands(name: str) -> None:
    source = (DOCUMENTS / name).read_text(encoding="utf-8")
    reading: Reading = read(source)
    for document in reading.documents:
        for one in document.clauses:
            for target in one.targets:
                assert target.quote in source
                assert target.quote in one.text
                assert len(target.quote) <= 60
