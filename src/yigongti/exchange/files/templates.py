"""The workbook to fill in: a sheet a table, headers in Chinese with the English name, notes, choices, an example."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from yigongti.exchange.files.reading.workbook import EXAMPLE, NOTES_SHEET
from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind

FILE = "医共体数据模板.xlsx"
ROWS = 20_000
"""How far down the drop-downs and formats reach."""
CHOICES_SHEET = "取值"
HOW: Mapping[Kind, str] = {
    Kind.TEXT: "文字",
    Kind.CODE: "从下拉列表选,或填英文代码",
    Kind.LIST: "多个值用 | 隔开",
    Kind.DAY: "日期,如 2025-01-31",
    Kind.MONTH: "月份,如 2025-01",
    Kind.INSTANT: "时间加时区,如 2025-01-31T08:30:00+08:00",
    Kind.INTEGER: "整数",
    Kind.FEN: "整数,单位分;若以元填写,把表头的“(分)”改成“(元)”并删去英文名",
    Kind.NUMBER: "数字",
    Kind.FLAG: "是 或 否",
}
EXAMPLES: Mapping[Kind, Any] = {
    Kind.LIST: "",
    Kind.DAY: date(2025, 1, 31),
    Kind.MONTH: "2025-01",
    Kind.INSTANT: "2025-01-31T08:30:00+08:00",
    Kind.INTEGER: 1,
    Kind.FEN: 0,
    Kind.NUMBER: 1,
    Kind.FLAG: "否",
}
EXAMPLE_LOOK = {"italic": True, "font_color": "#868E96"}
INTRODUCTION = (
    "每张工作表是一张事实表;只填用得到的表,空表不影响装载。填好后运行:yigongti load 本文件",
    f"首格写着“{EXAMPLE}”的行只是示例,可以保留,也可以删去。",
    "带 * 的列必填。列可以删去(必填的除外)、换顺序,不能改名。",
    "编号由各单位自定,同一对象每次上报须用同一编号:同一编号再次上报即替换旧的一行,旧的一行留在历史里。",
    "机构编号必须已在 institution 表里;居民、人员、地区可以后补。",
    "有误的行不会丢,会原样进入隔离区,写明原因,改好后再次装载即可。",
)


def templates(folder: Path) -> Path:
    """Write the workbook into the folder (made where it is missing); returns its path.  `load` takes it back."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        looks = _looks(book)
        _notes(book.add_worksheet(NOTES_SHEET), looks)
        choices = book.add_worksheet(CHOICES_SHEET)
        choices.hide()
        lists = _Choices(choices)
        for table in COUNTY.values():
            _sheet(book.add_worksheet(table.name), table, lists, looks)
    return path


Looks = dict[str, Any]


def _looks(book: Any) -> Looks:
    base = {"font_name": "Microsoft YaHei", "font_size": 10}
    return {
        "required": book.add_format({**base, "bold": True, "bg_color": "#FFE8CC", "text_wrap": True, "border": 1}),
        "optional": book.add_format({**base, "bg_color": "#E7F5FF", "text_wrap": True, "border": 1}),
        "example": book.add_format({**base, **EXAMPLE_LOOK}),
        "example day": book.add_format({**base, **EXAMPLE_LOOK, "num_format": "yyyy-mm-dd"}),
        "text": book.add_format({**base, "num_format": "@"}),
        "day": book.add_format({**base, "num_format": "yyyy-mm-dd"}),
        "title": book.add_format({**base, "bold": True, "font_size": 12}),
        "note": book.add_format({**base, "text_wrap": True, "valign": "top"}),
    }


class _Choices:
    """The hidden sheet that holds the drop-downs' values, a column a list (Excel limits lists given in place)."""

    def __init__(self, sheet: Any) -> None:
        self._sheet, self._next = sheet, 0

    def of(self, column: Column) -> str:
        """The range of the column's labels."""
        labels = ["是", "否"] if column.kind is Kind.FLAG else list(column.choices.values())
        self._sheet.write_column(0, self._next, labels)
        letter = xlsxwriter.utility.xl_col_to_name(self._next)
        self._next += 1
        return f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(labels)}"


def _notes(sheet: Any, looks: Looks) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 3, 44)
    sheet.write(0, 0, "医共体数据上报模板", looks["title"])
    for row, line in enumerate(INTRODUCTION, 1):
        sheet.merge_range(row, 0, row, 3, line, looks["note"])
    first = len(INTRODUCTION) + 2
    sheet.write_row(first, 0, ("工作表", "事实", "主键", "填写要求"), looks["required"])
    for row, table in enumerate(COUNTY.values(), first + 1):
        keys = "、".join(table[name].label for name in table.key)
        sheet.write_row(row, 0, (table.name, table.label, keys, _rules(table)), looks["note"])


def _rules(table: FactTable) -> str:
    """The table's rules between columns, in words."""
    sums = [
        f"{'+'.join(table[part].label for part in rule.parts)}{'=' if rule.exact else '≤'}{table[rule.total].label}"
        for rule in table.sums
    ]
    orders = [f"{table[later].label}不早于{table[earlier].label}" for earlier, later in table.orders]
    products = [
        f"{table[rule.quantity].label}×{table[rule.unit].label}={table[rule.total].label}" for rule in table.products
    ]
    return ";".join(sums + orders + products)


def _sheet(sheet: Any, table: FactTable, lists: _Choices, looks: Looks) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 36)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, 18, looks[_look(column)])
        sheet.write(0, place, header(column), looks["optional" if column.null else "required"])
        sheet.write_comment(0, place, note(column), {"x_scale": 2, "y_scale": 1.5})
        if column.kind is Kind.FLAG or (column.choices and column.kind is Kind.CODE):
            sheet.data_validation(1, place, ROWS, place, _drop_down(column, lists))
        _write_example(sheet, place, column, looks)


def _look(column: Column) -> str:
    """Text stays text: a spreadsheet would make numbers of ids and dates of months."""
    if column.kind is Kind.DAY:
        return "day"
    return "text" if column.kind in (Kind.TEXT, Kind.CODE, Kind.LIST, Kind.MONTH, Kind.INSTANT) else "note"


def header(column: Column) -> str:
    """就诊编号 visit_id *"""
    unit = "(分)" if column.kind is Kind.FEN else ""
    return f"{column.label}{unit} {column.name}{'' if column.null else ' *'}"


def note(column: Column) -> str:
    """What the column may hold, for the comment on its header."""
    lines = [f"{column.label}:{HOW[column.kind]}", "可以留空" if column.null else "必填"]
    if column.refers:
        lines.append(f"“{COUNTY[column.refers].label}”({column.refers})表里的编号")
    if column.choices:
        lines.append("取值:" + "、".join(f"{label}({code})" for code, label in column.choices.items()))
    if column.low is not None or column.high is not None:
        bounds = ["" if bound is None else str(bound) for bound in (column.low, column.high)]
        lines.append(f"范围:{bounds[0] or '不限'} 到 {bounds[1] or '不限'}")
    return "\n".join(lines)


def _drop_down(column: Column, lists: _Choices) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": lists.of(column),
        "ignore_blank": True,
        "error_title": column.label,
        "error_message": "请从下拉列表里选",
        "error_type": "warning",
    }


def _write_example(sheet: Any, place: int, column: Column, looks: Looks) -> None:
    value: Any = EXAMPLES.get(column.kind, "")
    if column.choices and column.kind is Kind.CODE:
        value = next(iter(column.choices.values()))
    if column.kind is Kind.TEXT:
        value = f"{column.label}示例"
    if place == 0:
        value = EXAMPLE
    if isinstance(value, date):
        sheet.write_datetime(1, place, value, looks["example day"])
    else:
        sheet.write(1, place, value, looks["example"])
