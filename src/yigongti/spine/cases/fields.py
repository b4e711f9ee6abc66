"""The fields that steps ask for: what each one is, and whether what was filled in is one."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.facts.columns import Column, Kind
from yigongti.spine.cases.bindings import Binding
from yigongti.spine.cases.models import Case

USUAL = {
    column.name: column
    for column in (
        Column("reason", "理由", Kind.TEXT),
        Column("note", "备注", Kind.TEXT),
        Column("title", "摘要", Kind.TEXT),
        Column("resident", "居民", Kind.TEXT, refers="resident"),
        Column("counterpart", "承接机构", Kind.TEXT, refers="institution"),
    )
}
"""Fields that any workflow may name without declaring them."""

OF_THE_CASE = {"title": "title", "resident": "resident_id", "counterpart": "counterpart_id"}
"""Fields that are common columns of a case → the attribute."""

_KINDS = {
    "CharField": Kind.TEXT, "TextField": Kind.TEXT, "DateField": Kind.DAY, "DateTimeField": Kind.INSTANT,
    "BooleanField": Kind.FLAG, "FloatField": Kind.NUMBER, "JSONField": Kind.LIST, "ForeignKey": Kind.TEXT,
    "OneToOneField": Kind.TEXT,
}  # fmt: skip


def column_of(binding: Binding, name: str) -> Column:
    """What a field is: as the workflow declares it, as the model's column has it, or one of the usual ones.

    Raises LookupError where nothing says what it is.
    """
    found = binding.workflow.field(name) or _of_model(binding.model, name) or USUAL.get(name)
    if found is None:
        raise LookupError(f"workflow {binding.workflow.id!r} does not say what field {name!r} is")
    return found


def _of_model(model: type[Case], name: str) -> Column | None:
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if column.model is Case:
        return None
    choices = {str(code): str(label) for code, label in column.choices or ()}
    refers = column.related_model._meta.model_name if column.is_relation else ""
    label = str(column.verbose_name)
    return Column(name, label, _kind(column, choices), null=column.null, choices=choices, refers=refers)


def _kind(column: models.Field, choices: Mapping[str, str]) -> Kind:
    if choices:
        return Kind.CODE
    if column.name.endswith("_fen"):
        return Kind.FEN
    return _KINDS.get(column.get_internal_type(), Kind.INTEGER)


def cleaned(
    binding: Binding, given: Mapping[str, Any], *, needs: tuple[str, ...], asks: tuple[str, ...]
) -> dict[str, Any]:
    """The values of the fields that a step needs and asks for, each of its kind.

    Raises NotAllowed naming the fields that are missing, not asked for, or not what they should be.
    """
    columns = {name: column_of(binding, name) for name in (*needs, *asks)}
    missing = [columns[name].label for name in needs if given.get(name) in (None, "", [])]
    if missing:
        raise NotAllowed(f"请填写:{'、'.join(missing)}", why=f"“{binding.workflow.label}”的这一步需要它们")
    if strange := sorted(set(given) - set(columns)):
        raise NotAllowed(f"这一步没有字段:{'、'.join(strange)}", remedy="请只填写表单上的字段")
    present = {name: value for name, value in given.items() if value not in (None, "", [])}
    return {name: _value(columns[name], value) for name, value in present.items()}


def _value(column: Column, raw: Any) -> Any:
    try:
        value = _READERS[column.kind](raw)
    except (TypeError, ValueError, LookupError) as error:
        raise NotAllowed(f"“{column.label}”的值 {raw!r} 不对", remedy=_HINTS[column.kind]) from error
    chosen = value if isinstance(value, list) else [value]
    if column.choices and (unknown := [each for each in chosen if each not in column.choices]):
        allowed = "、".join(column.choices.values())
        raise NotAllowed(f"“{column.label}”没有选项 {unknown[0]}", remedy=f"可选:{allowed}")
    _within(column, value)
    return value


def _within(column: Column, value: Any) -> None:
    if (column.low is not None and value < column.low) or (column.high is not None and value > column.high):
        raise NotAllowed(f"“{column.label}”的值 {value} 超出范围", remedy=f"应在 {column.low} 到 {column.high} 之间")


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError("not a text")
    return raw.strip()


def _whole(raw: Any) -> int:
    if isinstance(raw, float) and not raw.is_integer():
        raise ValueError("not whole")
    return int(raw)


def _flag(raw: Any) -> bool:
    return {"1": True, "0": False, "true": True, "false": False, "是": True, "否": False}[str(raw).lower()]


def _instant(raw: Any) -> datetime:
    found = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    if found.tzinfo is None:
        raise ValueError("no offset")
    return found


def _day(raw: Any) -> date:
    return raw if isinstance(raw, date) and not isinstance(raw, datetime) else date.fromisoformat(raw)


def _list(raw: Any) -> list[str]:
    return [_text(each) for each in (raw.split("|") if isinstance(raw, str) else raw)]


def _month(raw: Any) -> str:
    return date.fromisoformat(f"{raw}-01").isoformat()[:7]


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text, Kind.CODE: _text, Kind.LIST: _list, Kind.DAY: _day, Kind.MONTH: _month, Kind.INSTANT: _instant,
    Kind.INTEGER: _whole, Kind.FEN: _whole, Kind.NUMBER: float, Kind.FLAG: _flag,
}  # fmt: skip
_HINTS = {
    Kind.TEXT: "请填写文字", Kind.CODE: "请从选项中选择", Kind.LIST: "请填写列表,以 | 分隔",
    Kind.DAY: "请写成 2025-07-01", Kind.MONTH: "请写成 2025-07", Kind.INSTANT: "请写成 2025-07-01T08:00+08:00",
    Kind.INTEGER: "请填写整数", Kind.FEN: "请填写整数(分)", Kind.NUMBER: "请填写数字", Kind.FLAG: "请填写是或否",
}  # fmt: skip


def store(case: Case, values: Mapping[str, Any]) -> None:
    """Put cleaned values where they belong: a common column, a column of the workflow's model, or the payload."""
    for name, value in values.items():
        if name in OF_THE_CASE:
            setattr(case, OF_THE_CASE[name], value)
        elif _of_model(type(case), name) is not None:
            setattr(case, type(case)._meta.get_field(name).attname, value)
        else:
            case.payload[name] = plain(value)


def plain(value: Any) -> Any:
    """A value as JSON can hold it: days and instants as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
