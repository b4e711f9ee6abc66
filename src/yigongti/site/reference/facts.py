"""Reference of the county's dictionary of facts."""

from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind
from yigongti.site.reference.markdown import page, table

KINDS = {
    Kind.TEXT: "文本", Kind.CODE: "代码", Kind.LIST: "列表(| 分隔)", Kind.DAY: "日期", Kind.MONTH: "月份",
    Kind.INSTANT: "时间(带时区)", Kind.INTEGER: "整数", Kind.FEN: "金额(分)", Kind.NUMBER: "数值", Kind.FLAG: "是否",
}  # fmt: skip


def facts_page() -> str:
    """The dictionary of facts: every table with its columns."""
    opening = "数据文件、档案、数据湖、指标与支付共用的一本字典。列名是约定;文件也可以用中文表头。"
    return page("数据字典 Facts", opening, *(_table(each) for each in COUNTY.values()))


def _table(fact: FactTable) -> str:
    rows = [(f"`{c.name}`", c.label, KINDS[c.kind], "可空" if c.null else "", _values(c)) for c in fact.columns]
    key = "、".join(f"`{name}`" for name in fact.key)
    return f"## {fact.label} `{fact.name}`\n\n主键:{key}\n\n" + table(("列", "名称", "类型", "空值", "取值"), rows)


def _values(column: Column) -> str:
    if column.choices:
        return "、".join(f"`{code}` {label}" for code, label in column.choices.items())
    return f"见 `{column.refers}`" if column.refers else ""
