"""What is wrong with a value and what to do, in Chinese, as a clerk reads it; the rules are the dictionary's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yigongti.exchange.files.checking.parsing import one_value
from yigongti.kernel.facts import Column, FactTable, Kind, Product, Sum
from yigongti.kernel.money import yuan


@dataclass(frozen=True)
class Why:
    """The rule that the value breaks in words, the remedy, and which sort of rule it is (one of RULES)."""

    reason: str
    remedy: str
    rule: str = "kind"


RULES = {
    "shape": "列数", "kind": "类型", "missing": "必填", "choice": "取值", "bounds": "范围", "future": "未来日期",
    "order": "先后", "sum": "金额合计", "product": "数量单价", "institution": "机构", "repeat": "重复",
    "length": "长度",
}  # fmt: skip


KINDS: Mapping[Kind, Why] = {
    Kind.DAY: Why("不是日期", "请写成 2025-01-31 的样子"),
    Kind.MONTH: Why("不是月份", "请写成 2025-01 的样子"),
    Kind.INSTANT: Why("不是时间", "请写成 2025-01-31T08:30:00+08:00 的样子"),
    Kind.INTEGER: Why("不是整数", "请填整数,不带单位"),
    Kind.FEN: Why("不是以分计的整数金额", "请填分;要用元,请把表头改为“(元)”或去掉 _fen"),
    Kind.NUMBER: Why("不是数字", "请只填数字,不带单位"),
    Kind.FLAG: Why("不是是非值", "请填 1、0、是、否、true 或 false"),
    Kind.TEXT: Why("含有不可见的控制字符", "请删去该字符"),
}
_PRECISE = re.compile(r"[+-]?[\d,]*\.\d{3,}")


def missing(column: Column) -> Why:
    """A cell is empty that must be filled."""
    return Why(f"“{column.label}”不能为空", "请补填", "missing")


def bad_kind(column: Column, text: str, *, unit: str = "") -> Why:
    """Why this text is no value of the column."""
    if column.choices:
        return _no_choice(column, text, unit=unit)
    if column.kind is Kind.INSTANT and re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ][\d:.]+", text):
        return Why("时间没有写时区", "请在末尾加上时区,如 +08:00")
    if column.kind is Kind.FEN and unit == "yuan":
        if _PRECISE.fullmatch(text):
            return Why("金额精确到了分以下", "金额最多两位小数")
        return Why("不是金额", "请只填数字,最多两位小数")
    return KINDS[column.kind]


def _no_choice(column: Column, text: str, *, unit: str) -> Why:
    parts = [part.strip() for part in text.split("|")] if column.kind is Kind.LIST else [text]
    wrong = [part for part in parts if part and not _passes(column, part, unit=unit)]
    listed = "、".join(f"{label}({code})" for code, label in column.choices.items())
    return Why(f"“{'、'.join(wrong) or text}”不在“{column.label}”的取值之内", f"可填:{listed}", "choice")


def _passes(column: Column, text: str, *, unit: str) -> bool:
    try:
        one_value(column, unit=unit)(text)
    except ValueError:
        return False
    return True


def out_of_bounds(column: Column) -> Why:
    """A value outside the column's bounds, told in the unit of the file."""
    low, high = _bound(column, column.low), _bound(column, column.high)
    wanted = f"{low} 到 {high}" if low and high else f"不小于 {low}" if low else f"不大于 {high}"
    return Why(f"超出范围:“{column.label}”应为 {wanted}", "请核对后改正", "bounds")


def _bound(column: Column, bound: object) -> str:
    if bound is None:
        return ""
    if column.kind is Kind.FEN and isinstance(bound, int | float):
        return f"{yuan(int(bound))} 元"
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def in_future(column: Column, today: object) -> Why:
    """A day or an instant that has not come yet."""
    return Why(f"“{column.label}”晚于今天({today})", "请核对年份和月份", "future")


def disordered(table: FactTable, earlier: str, later: str) -> Why:
    """The later of two days comes before the earlier."""
    return Why(f"“{table[later].label}”早于“{table[earlier].label}”", "请核对这两个日期", "order")


def not_adding_up(table: FactTable, rule: Sum, total: int, parts: int) -> Why:
    """Parts (fen) that are not, or are more than, their total (fen)."""
    sign = "应等于" if rule.exact else "不应超过"
    names = "+".join(table[part].label for part in rule.parts)
    sums = f"{yuan(parts)} 元,而“{table[rule.total].label}”是 {yuan(total)} 元"
    return Why(f"金额不平:{names} {sign} {table[rule.total].label},现为 {sums}", "请核对各项金额", "sum")


def not_the_product(table: FactTable, rule: Product, product: int, total: int) -> Why:
    """A total (fen) that is not quantity × unit price (fen)."""
    names = f"{table[rule.quantity].label}×{table[rule.unit].label}"
    return Why(
        f"金额不平:{names}={yuan(product)} 元,而“{table[rule.total].label}”是 {yuan(total)} 元",
        "请核对数量、单价和金额",
        "product",
    )


def unknown_institution(column: Column) -> Why:
    """An institution that no loaded table knows."""
    return Why(f"“{column.label}”不在机构表里", "请先装载 institution(机构)表,或改正编号", "institution")


def repeated(table: FactTable, place: str) -> Why:
    """A key that stands elsewhere in the same delivery already."""
    keys = "、".join(table[name].label for name in table.key)
    return Why(f"{keys}与{place}重复,已装载那一行", "请核对哪一行对:删去另一行,或改正编号", "repeat")


def too_long(column: Column, longest: int) -> Why:
    """A text longer than the store takes."""
    return Why(f"“{column.label}”超过 {longest} 个字符", "请核对是否错列", "length")
