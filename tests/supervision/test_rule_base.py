"""The published rule base loads as an operator loads it; a changed layout is refused and nothing is half done."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from yigongti.capabilities.supervision.models import RuleEdition, RuleLine
from yigongti.capabilities.supervision.services.rule_base import import_file, import_workbook, limits_in_force, retire
from yigongti.kernel import clock
from yigongti.kernel.errors import FileRefused, NotAllowed, Refusal

pytestmark = pytest.mark.django_db

PUBLISHED = {
    "药品规则库(限定年龄对象)": ("age", 4398),
    "药品规则库(限定性别对象)": ("sex", 6472),
    "项目规则库(限定年龄对象)": ("age", 30),
    "项目规则库(限定性别对象)": ("sex", 390),
    "项目规则库（重复收费）": ("paired", 900),
    "药品规则库（限定保险类型）": ("scheme", 112),
    "项目规则库（限定主次操作）": ("operation", 378),
    "药品规则库（限定机构等级）": ("level", 962),
    "项目规则库（限定频次）": ("daily", 67),
    "项目规则库（限定年龄）": ("age", 1),
    "项目规则库（限定疗程）": ("course", 11),
    "项目规则库（限定周期）": ("interval", 14),
    "药品规则库（限定支付疗程）": ("course", 1147),
    "药品规则库（限定就医方式）": ("setting", 736),
}
"""How the published workbooks' names end → what they limit, and how many codes."""
SEX = ("项目名称", "项目说明", "国标代码", "限定类型", "限定性别")
ROW = ("妇科彩超", "检查", "A1", "限定性别对象", "女")


def workbook(*rows, sheets=None):
    """An XLSX with one sheet of these rows, or several by name."""
    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        for name, lines in (sheets or {"Sheet1": rows}).items():
            page = book.add_worksheet(name)
            for number, line in enumerate(lines):
                page.write_row(number, 0, line)
    return data.getvalue()


def test_every_published_batch_is_read_whole(shared, insurer):
    files = sorted((shared / "data" / "fund-rules").glob("*.xlsx"))
    assert len(files) == len(PUBLISHED)
    for path in files:
        kind, count = next(known for name, known in PUBLISHED.items() if path.stem.endswith(name))
        done = import_file(path, by=insurer, at=clock.now())
        assert (done.counts, done.is_new) == ({kind: count}, True), path.name
    assert limits_in_force().num_rows == RuleLine.objects.count() == sum(count for _kind, count in PUBLISHED.values())


def test_a_pair_limited_to_hours_keeps_how_many(insurer):
    header = ("序号", "频度", "主项名称", "主项编码", "从项名称", "从项编码", "备注")
    rows = [
        (str(n), within, "主项", "M", "从项", f"P{n}", "含从项")
        for n, within in enumerate(("6小时", "同一小时", "单日"))
    ]
    import_workbook(workbook(header, *rows), name="重复收费.xlsx", by=insurer, at=clock.now())
    kept = RuleLine.objects.order_by("other_code").values_list("within", "quantity")
    assert list(kept) == [("hours", 6.0), ("hours", 1.0), ("day", None)]


def test_the_same_workbook_again_changes_nothing_and_a_changed_one_is_the_next_edition(insurer):
    once = workbook(SEX, ROW)
    first = import_workbook(once, name="甲.xlsx", by=insurer, at=clock.now())
    same = import_workbook(once, name="甲.xlsx", by=insurer, at=clock.now())
    assert (first.number, first.is_new) == (1, True)
    assert (same.number, same.is_new) == (1, False)
    changed = workbook(SEX, ROW, ("前列腺检查", "检查", "A2", "限定性别对象", "男"))
    more = import_workbook(changed, name="甲.xlsx", by=insurer, at=clock.now() + timedelta(hours=1))
    assert (more.number, more.lines) == (2, 2)
    assert limits_in_force()["item_code"].to_pylist() == ["A1", "A2"]
    assert RuleEdition.objects.filter(retired_at__isnull=True).count() == 1


def test_a_retired_edition_no_longer_counts(insurer):
    import_workbook(workbook(SEX, ROW), name="甲.xlsx", by=insurer, at=clock.now())
    retire("甲", by=insurer, at=clock.now())
    assert limits_in_force().num_rows == 0
    with pytest.raises(Refusal, match="没有在用的规则库"):
        retire("甲", by=insurer, at=clock.now())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("项目名称", "项目说明", "医保编码", "限定类型", "限定性别"), ROW], "缺列 国标代码;多出列 医保编码"),
        ([SEX[:-1], ROW[:-1]], "缺列 限定对象"),
        ([(*SEX, "地区"), (*ROW, "某省")], "多出列 地区"),
        ([SEX, ROW, ("某项目", "", "", "限定性别对象", "女")], "工作表“Sheet1”第 3 行"),
        ([SEX, ("某项目", "", "A1", "限定性别对象", "未知")], "不认识“未知”"),
        ([SEX, ("某项目", "", "A1", "限定职业", "医生")], "不认识限定类型“限定职业”"),
        ([("序号", "项目名称", "限制数量", "数量单位", "项目编码"), (1, "某", "多", "日", "A")], "“多”不是数"),
        ([("序号", "项目名称", "限制数量", "数量单位", "项目编码"), (1, "某", 1, "月", "A")], "数量单位“月”"),
        ([("序号", "项目名称", "备注", "项目代码"), (1, "某", "支付不超过30天", "A")], "表名不认识"),
        ([("药品通用名", "药品说明", "限定类型", "限定对象"), ("某药", "", "限定性别对象", "女")], "没有药品代码"),
        ([SEX], "没有知识点"),
    ],
)  # fmt: skip
def test_a_changed_layout_is_refused_by_sheet_and_column(insurer, rows, said):
    import_workbook(workbook(SEX, ROW), name="甲.xlsx", by=insurer, at=clock.now())
    with pytest.raises(FileRefused, match=said.replace("(", r"\(")):
        import_workbook(workbook(*rows), name="甲.xlsx", by=insurer, at=clock.now())
    assert limits_in_force()["item_name"].to_pylist() == ["妇科彩超"]


def test_what_is_no_workbook_or_not_there_is_refused(insurer, tmp_path):
    with pytest.raises(FileRefused, match="不是 Excel 工作簿"):
        import_workbook(b"no workbook", name="甲.xlsx", by=insurer, at=clock.now())
    with pytest.raises(FileRefused, match="文件读不了"):
        import_file(Path(tmp_path / "nothing.xlsx"), by=insurer, at=clock.now())


def test_a_manager_does_not_import(somebody, places):
    with pytest.raises(NotAllowed, match="医保经办"):
        import_workbook(workbook(SEX, ROW), name="甲.xlsx", by=somebody("manager", at="H1"), at=clock.now())
