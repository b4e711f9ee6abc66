"""Sheets of the published workbooks, told apart by their columns, to limits.

Drugs come on two sheets: what is limited by common name, and the codes of each name.  A sheet whose columns are not
those of a known layout, or a cell that says something unknown, refuses the whole workbook and names the place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yigongti.capabilities.supervision.decisions.rule_base.limits import (
    BY_WORDS,
    DAILY_UNITS,
    PAIRED_HOURS,
    PAIRED_WITHIN,
    WORKING_AGE,
    Limit,
    course_days,
    subject_of,
)
from yigongti.kernel.errors import FileRefused

Row = Mapping[str, str]
ALIASES = {
    "限定值域": "限定对象",
    "限定性别": "限定对象",
    "药品代码": "国标代码",
    "项目编码": "国标代码",
    "项目代码": "国标代码",
}
"""Columns that the batches call by several names → the name used here."""
FOOTERS = ("合计", "备注")


@dataclass(frozen=True)
class Sheet:
    """One sheet as it came: its name, its header and its rows, all as text."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def columns(self) -> list[str]:
        return [ALIASES.get(name.strip(), name.strip()) for name in self.header]

    def lines(self) -> Iterator[tuple[int, Row]]:
        """(row number as the office program shows it, column → text), footers and blank rows left out."""
        for number, row in enumerate(self.rows, start=2):
            if any(row) and not (row[0].startswith(FOOTERS) and sum(map(bool, row)) == 1):
                yield number, dict(zip(self.columns, (cell.strip() for cell in row), strict=False))


@dataclass(frozen=True)
class Layout:
    """columns: those a sheet must have; may: may have; title: what its name must contain; read: row → limit."""

    columns: tuple[str, ...]
    read: Callable[[Row], Limit]
    may: tuple[str, ...] = ()
    title: str = ""

    def fits(self, sheet: Sheet) -> bool:
        found = set(sheet.columns)
        return set(self.columns) <= found <= {*self.columns, *self.may} and self.title in sheet.name


def read(sheets: Iterable[Sheet], *, file: str) -> list[Limit]:
    """Every limit of a workbook.  Raises FileRefused naming sheet, row and column; then nothing of it counts."""
    found: list[Limit] = []
    named: dict[str, Limit] = {}
    codes: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        if DRUG_CODES.fits(sheet):
            for _, row in sheet.lines():
                codes[row["药品通用名"]].append(row["国标代码"])
        elif DRUGS.fits(sheet):
            named |= {limit.item_name: limit for limit in _limits(DRUGS, sheet, file)}
        else:
            found += _limits(_layout_of(sheet, file), sheet, file)
    return found + list(_by_code(named, codes, file))


def _layout_of(sheet: Sheet, file: str) -> Layout:
    layout = next((each for each in LAYOUTS if each.fits(sheet)), None)
    if layout is not None:
        return layout
    near = max((*LAYOUTS, DRUGS, DRUG_CODES), key=lambda each: -len(set(each.columns) ^ set(sheet.columns)))
    missing = [name for name in near.columns if name not in sheet.columns]
    strange = [name for name in sheet.columns if name not in (*near.columns, *near.may)]
    said = [f"缺列 {'、'.join(missing)}"] if missing else []
    said += [f"多出列 {'、'.join(strange)}"] if strange else []
    raise FileRefused(
        "规则库工作簿的版式变了", where=f"{file},工作表“{sheet.name}”:{';'.join(said) or '表名不认识'}",
        why=f"已知版式的列为 {'、'.join(near.columns)}",
        remedy="请核对是否为国家公布的知识点明细;确有新版式的,请更新软件",
    )  # fmt: skip


def _limits(layout: Layout, sheet: Sheet, file: str) -> Iterator[Limit]:
    for number, row in sheet.lines():
        blank = next((name for name in layout.columns if name not in ("备注", "药品说明") and not row.get(name)), None)
        if blank:
            raise FileRefused(
                f"“{blank}”是空的", where=f"{file},工作表“{sheet.name}”第 {number} 行", remedy="请补全后再导入"
            )
        try:
            yield layout.read(row)
        except ValueError as error:
            raise FileRefused(
                str(error),
                where=f"{file},工作表“{sheet.name}”第 {number} 行",
                remedy="请核对该行;原文件如此的,请向发布单位确认",
            ) from error


def _by_code(named: Mapping[str, Limit], codes: Mapping[str, Sequence[str]], file: str) -> Iterator[Limit]:
    """Limits of drugs by common name, once for each code of the name."""
    if named and not codes:
        raise FileRefused("有药品规则而没有药品代码的工作表", where=file, remedy="请使用带国标代码明细的工作簿")
    for name, limit in named.items():
        for code in dict.fromkeys(codes.get(name, ())):
            yield Limit(limit.kind, code, name, limit.subject, limit.quantity, note=limit.note)


def _plain(name: str, note: str) -> Callable[[Row], Limit]:
    """A limit told by the columns 限定类型 and 限定对象."""

    def read_row(row: Row) -> Limit:
        kind = BY_WORDS.get(row["限定类型"])
        if kind is None:
            raise ValueError(f"不认识限定类型“{row['限定类型']}”,应为 {'、'.join(BY_WORDS)}")
        said = row.get(note, "")
        subject, quantity = subject_of(kind, row["限定对象"], said)
        return Limit(kind, row.get("国标代码", ""), row[name], subject, quantity, note=said)

    return read_row


def _paired(row: Row) -> Limit:
    within = PAIRED_WITHIN.get(row["频度"])
    if within is None:
        raise ValueError(f"不认识频度“{row['频度']}”,应为 {'、'.join(PAIRED_WITHIN)}")
    return Limit(
        "paired", row["主项编码"], row["主项名称"], quantity=PAIRED_HOURS.get(row["频度"]),
        other_code=row["从项编码"], other_name=row["从项名称"], within=within, note=row["备注"],
    )  # fmt: skip


def _daily(row: Row) -> Limit:
    if row["数量单位"] not in DAILY_UNITS:
        raise ValueError(f"不认识数量单位“{row['数量单位']}”,应为 {'、'.join(DAILY_UNITS)}")
    return Limit("daily", row["国标代码"], row["项目名称"], row["数量单位"], _number(row["限制数量"]))


def _interval(row: Row) -> Limit:
    if _number(row["频次上限"]) != 1:
        raise ValueError(f"频次上限为 {row['频次上限']},目前只会按一个周期一次来筛查")
    period = int(_number(row["疗程周期"]))
    return Limit("interval", row["国标代码"], row["项目名称"], quantity=1.0, period_days=period, note=row["备注"])


def _noted_age(row: Row) -> Limit:
    if WORKING_AGE not in row["备注"]:
        raise ValueError(f"备注“{row['备注']}”没有说限什么年龄")
    return Limit("age", row["国标代码"], row["项目名称"], WORKING_AGE, note=row["备注"])


def _noted_course(row: Row) -> Limit:
    return Limit("course", row["国标代码"], row["项目名称"], quantity=course_days(row["备注"]), note=row["备注"])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"“{text}”不是数") from None


DRUGS = Layout(("药品通用名", "药品说明", "限定类型", "限定对象"), _plain("药品通用名", "药品说明"))
DRUG_CODES = Layout(("药品通用名", "序号", "国标代码", "限定类型"), _plain("药品通用名", ""))
LAYOUTS = (
    Layout(("项目名称", "国标代码", "限定类型", "限定对象"), _plain("项目名称", "项目说明"), may=("项目说明",)),
    Layout(("序号", "频度", "主项名称", "主项编码", "从项名称", "从项编码", "备注"), _paired),
    Layout(("序号", "项目名称", "限制数量", "数量单位", "国标代码"), _daily),
    Layout(("序号", "项目名称", "频次上限", "疗程周期", "备注", "国标代码"), _interval),
    Layout(("序号", "项目名称", "备注", "国标代码"), _noted_age, title="限年龄"),
    Layout(("序号", "项目名称", "备注", "国标代码"), _noted_course, title="疗程"),
)
