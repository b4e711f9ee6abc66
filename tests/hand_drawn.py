"""A county drawn by hand: tables as a person would write them, Chinese headings and values, the rest filled in.

    measured("primary_visit_share", visit='''
        居民编号 | 机构编号
        张三    | 卫生院
        李四    | 县医院
    ''')

gives the indicator's row for the year 2025.  The county has ten thousand people, in a town of two villages and a
street of one community, and eight institutions; a table given by hand replaces the county's own.  Amounts are in yuan.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from yigongti.analytics.engines import DuckDBEngine
from yigongti.analytics.runner import run
from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.kernel.facts import Column, FactTable, Kind
from yigongti.kernel.periods import Period, parse
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
CHINA = ZoneInfo("Asia/Shanghai")
YES, NO = ("是", "1"), ("否", "0")

OWN = {
    "place": """
        地区编号 | 类别 | 上级地区编号 | 常住人口
        云溪县   | 县   |             |
        东坪镇   | 乡镇 | 云溪县       |
        城关街道 | 街道 | 云溪县       |
        青山村   | 行政村 | 东坪镇     | 3000
        小河村   | 行政村 | 东坪镇     | 600
        城中社区 | 社区 | 城关街道     | 6400
    """,
    "institution": """
        机构编号 | 机构类别 | 级别 | 地区编号 | 医共体编号 | 片区编号 | 上级机构编号 | 编制床位 | is_lead | in_county
        县医院   | 县级综合医院 | 二级 | 城关街道 | 甲 |    |        | 100 | 是 | 是
        中医院   | 中医医院     | 二级 | 城关街道 | 甲 |    |        | 50  | 否 | 是
        卫生院   | 乡镇卫生院   | 一级 | 东坪镇   | 甲 | 东 | 县医院 | 20  | 否 | 是
        社区中心 | 社区卫生服务中心 | 一级 | 城关街道 | 甲 | 西 |     |     | 否 | 是
        服务站   | 社区卫生服务站 | 未定级 | 城中社区 | 甲 | 西 | 社区中心 | | 否 | 是
        村卫生室 | 村卫生室     | 未定级 | 青山村 | 甲 | 东 | 卫生院 |     | 否 | 是
        药店     | 零售药店     | 未定级 | 城关街道 |    |    |        |     | 否 | 是
        市医院   | 市级医院     | 三级 | 云溪县   |    |    |        | 900 | 否 | 否
    """,
    "resident": """
        居民编号 | 性别 | 出生日期 | 地区编号 | 参保类型 | 重点人群
        张三 | 男 | 1950-01-01 | 青山村   | 居民医保 | 老年人
        李四 | 女 | 1980-01-01 | 青山村   | 居民医保 |
        王五 | 男 | 1990-01-01 | 小河村   | 居民医保 | 高血压
        赵六 | 女 | 2000-01-01 | 城中社区 | 职工医保 |
    """,
}
USUAL = {
    Kind.TEXT: "-", Kind.DAY: date(2025, 6, 1), Kind.INSTANT: datetime(2025, 6, 1, 8, tzinfo=CHINA),
    Kind.MONTH: "2025-06", Kind.INTEGER: 0, Kind.FEN: 0, Kind.NUMBER: 0.0, Kind.FLAG: False, Kind.LIST: [],
}  # fmt: skip
USUAL_OF = {
    "resident_id": "张三", "institution_id": "县医院", "place_id": "云溪县", "registered_on": date(2010, 1, 1),
    "start_on": date(2025, 1, 1), "hired_on": date(2015, 1, 1), "end_on": None, "left_on": None,
}  # fmt: skip


def measured(indicator_id, *, over="2025", by=(), book=BOOK, **drawn):
    """The rows of an indicator over a period; the one row itself where nothing is grouped."""
    period = over if isinstance(over, Period) else parse(over)
    tables = {name: table(name, text) for name, text in {**OWN, **drawn}.items()}
    with DuckDBEngine(threads=1) as engine:
        found = run(
            [REGISTRY.indicators[indicator_id]], tables=tables, period=period, rules=book, by=by, engine=engine
        ).to_pylist()
    return found if by else found[0]


def value(indicator_id, **drawn):
    """The value of an indicator."""
    return measured(indicator_id, **drawn)["value"]


def table(name, text):
    """A hand-written table as Arrow, every column that it leaves out filled in with something usual."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    facts = MEASURED[name]
    heading = [column_of(facts, title) for title in lines[0]]
    rows = [
        {
            **usual(facts, number),
            **{column.name: read(column, cell) for column, cell in zip(heading, cells, strict=True)},
        }
        for number, cells in enumerate(lines[1:])
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([each.with_nullable(True) for each in facts.schema]))


def column_of(facts: FactTable, title: str) -> Column:
    return next(each for each in facts.columns if title in (each.name, each.label))


def usual(facts: FactTable, number: int):
    row = {each.name: None if each.null else usual_value(each) for each in facts.columns}
    if len(facts.key) == 1 and not facts[facts.key[0]].refers:
        row[facts.key[0]] = f"{facts.name}-{number}"
    return row


def usual_value(column: Column):
    if column.name in USUAL_OF:
        return USUAL_OF[column.name]
    return next(iter(column.choices)) if column.choices and column.kind is Kind.CODE else USUAL[column.kind]


def read(column: Column, cell: str):
    """What a cell says: a code by its Chinese label, an amount in yuan, an instant with its hour."""
    codes = {label: code for code, label in column.choices.items()}
    if column.kind is Kind.LIST:
        return [codes.get(part, part) for part in cell.split("、") if part]
    if cell == "":
        return None
    return {
        Kind.DAY: lambda: date.fromisoformat(cell),
        Kind.INSTANT: lambda: datetime.fromisoformat(cell).replace(tzinfo=CHINA),
        Kind.INTEGER: lambda: int(cell),
        Kind.FEN: lambda: round(float(cell) * 100),
        Kind.NUMBER: lambda: float(cell),
        Kind.FLAG: lambda: {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}[cell],
    }.get(column.kind, lambda: codes.get(cell, cell))()
