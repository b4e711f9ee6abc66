"""Pages as they are found: news without numbering, tables a cell a line, merged cells, wide gaps, two pages in one."""

from yigongti.capabilities.ledger.reading import Document, Units, read

Fact = tuple[str, float, str, str | None]


def documents(*lines: str) -> tuple[Document, ...]:
    return read("\n".join(lines)).documents


def facts(document: Document) -> list[Fact]:
    return [(target.indicator, target.value, target.unit, target.due) for target in document.targets]


def test_news_that_tells_a_plan_is_read_without_numbering_and_named_by_the_plan() -> None:
    (document,) = documents(
        "近日,甲市印发《甲市中医药事业发展“十四五”规划》,提出到2025年,中医诊疗量占比达到30%以上,",
        "每千人口中医床位数达到0.85张,建设中医药强县10个。",
    )
    assert document.title == "甲市中医药事业发展“十四五”规划"
    assert [value for _, value, _, due in facts(document) if due == "2025"] == [30, 0.85, 10]


def test_a_line_above_numbered_items_dates_them() -> None:
    (document,) = documents(
        "卫生强市战略,到2020年将实现:", "1、千人医生数达到2.8名", "2、市域内住院率达到98%以上", "3、新建医院12家"
    )
    assert [due for *_, due in facts(document)] == ["2020"] * 3


def test_a_year_in_the_name_of_a_plan_is_no_deadline() -> None:
    (document,) = documents(
        "国务院日前印发《中国妇女发展纲要(2011—2020年)》。",
        "《中国妇女发展纲要(2011—2020年)》提出了目标:孕产妇系统管理率达85%以上,住院分娩率达98%以上,筛查率达到80%以上。",
    )
    assert [due for *_, due in facts(document)] == [None] * 3


def test_a_task_table_with_a_cell_a_line_gives_a_clause_a_row() -> None:
    (document,) = documents(
        "甲县2024年卫生健康重点工作任务清单",
        *("序号", "重点任务", "目标要求", "牵头单位", "责任单位", "完成时限"),
        *("1", "推进项目建设", "完成年度投资8500万元以上", "县卫生健康局", "县财政局、县住建局", "2024年12月底"),
        *("2", "加强签约服务", "重点人群签约率达到80%以上,新增团队5个", "县卫生健康局", "各乡镇", "2024年10月底"),
    )
    first, second = (clause for clause in document.clauses if clause.targets)
    assert first.units == Units(lead=("县卫生健康局",), responsible=("县财政局", "县住建局"))
    assert [target.due for target in first.targets] == ["2024-12-31"]
    assert [target.value for target in second.targets] == [80, 5]


def test_rows_that_a_merged_cell_has_shifted_are_read_by_their_shape() -> None:
    (document,) = documents(
        "甲区卫生健康事业发展“十四五”规划",
        "类别 | 序号 | 指标名称 | 单位 | 2025年 |",
        "健康水平 | 1 | 人均期望寿命 | 岁 | 83 |",
        "2 | 婴儿死亡率 | ‰ | <5 | |",
        "3 | 出生人口性别比 | <109 | | |",
    )
    assert facts(document) == [
        ("人均期望寿命", 83, "岁", "2025"),
        ("婴儿死亡率", 5, "‰", "2025"),
        ("出生人口性别比", 109, "", "2025"),
    ]


def test_cells_held_apart_by_wide_gaps_are_a_table() -> None:
    (document,) = documents(
        "甲区残疾人事业发展规划",
        "指 标                      2025 年        属 性",
        "1.护理补贴覆盖率(%)              100           约束性",
        "2.职业技能培训人数(万人)            >4            预期性",
    )
    assert facts(document) == [("护理补贴覆盖率", 100, "%", "2025"), ("职业技能培训人数", 4, "万人", "2025")]


def test_a_page_of_news_before_a_plan_is_a_document_of_its_own() -> None:
    news, plan = documents(
        "市政府召开新闻发布会。到2025年,全市每千人口床位数7.5张,执业医师数达到3.85人,注册护士数达到4.05人。",
        "健康甲区行动实施方案",
        "一、总体要求",
        "完善制度。",
        "二、主要任务",
        "到2030年,居民健康素养水平达到30%。",
    )
    assert len(news.targets) == 3
    assert plan.title == "健康甲区行动实施方案"
    assert [value for _, value, *_ in facts(plan)] == [30]
