"""Targets and tasks out of a table whose columns are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading.comparators import bound_after, bound_before, combine
from yigongti.capabilities.ledger.reading.deadlines import find_deadlines
from yigongti.capabilities.ledger.reading.model import Target, Units, tidy
from yigongti.capabilities.ledger.reading.passage import QUOTE_LIMIT, Span, squeeze
from yigongti.capabilities.ledger.reading.responsibility import split_units
from yigongti.capabilities.ledger.reading.tables import Column, Table, with_baseline

_VALUE = re.compile(
    r"^(?P<before>(?:[<>≤≥~约=]|不低于|不少于|不超过|不高于|达到|达|控制在|大于|小于|高于|低于|提高到|降至|下降到|力争|至少|超过|保持在|稳定在|增至|提升至|下降|降低|减少|提高|增加|增长)*)"
    r"[\[(]?(?P<ratio>1:)?(?P<first>\d[\d,]*(?:\.\d+)?)(?:[-](?P<second>\d+(?:\.\d+)?))?(?P<unit>[^\d\])以左]{0,8}?(?:/10万|/万|/千)?)[\])]?"
    r"(?P<after>及?以上|以内|以下|左右|之间)?(?:\(.*\))?$"
)
_WORDS = re.compile(
    r"^(?:-+|/|…+|无|\*|(?:完成|达到|持续|稳步|逐步|下降|降低|提高|提升|增加|按|基本|明显|有所|省定|市定|国家|全覆盖|达标|实现|控制|保持|高于|低于|优于|位居|显著|不断|合理|建立|全面)[^\d]{0,16})$"
)
_ATTRIBUTE = re.compile(r"^(?:预期性|约束性|导向性|指导性|引导性|预期|约束|正向|负向|逆向)$")
_SERIAL = re.compile(r"^\d{1,2}[.、](?=[一-鿿]{2})")
_UNIT_CELL = re.compile(r"^1?/(?:10|十)?(?:万|千|百)(?:人|人口|活产)?$")
_NAME_UNIT = re.compile(r"\((?P<unit>[^()]{1,8})\)$")
_CAPTION_YEAR = re.compile(r"(20\d\d)年[^0-9]{0,12}(?:目标|指标)")
_NOT_UNITS = re.compile(r"^(?:含|不含|省级|市级|县级|新增|累计|试行|次|助理)$")


@dataclass(frozen=True)
class TaskRow:
    """A row of a task table: its text, its units and the time it is to be done by."""

    text: Span
    units: Units
    due: str | None


def table_targets(table: Table, source: str, *, year: int | None) -> list[Target]:
    """The targets of an indicator table; columns of baselines and of change give none.  year: the document's."""
    table = replace(table, columns=with_baseline(table.columns, year))
    rows = _flat_rows(table, source) if table.flat else _grid_rows(table, source)
    return [target for row in rows for target in _row_targets(row, table, source)]


def table_tasks(table: Table, source: str, *, year: int | None) -> list[TaskRow]:
    """The rows of a task table (任务, 责任单位, 完成时限)."""
    kinds = [column.kind for column in table.columns]
    if "task" not in kinds or table.flat:
        return []
    return [_task(row, table.columns, source, year) for row in table.rows if len(row) == len(kinds)]


@dataclass(frozen=True)
class _Row:
    name: Span
    unit: str
    values: tuple[tuple[Column, Span], ...]


def _grid_rows(table: Table, source: str) -> Iterator[_Row]:
    kinds = [column.kind for column in table.columns]
    if "name" not in kinds:
        return
    for cells in table.rows:
        if not _fits(cells, kinds, source):
            yield from _flat_rows(replace(table, flat=tuple(cell for cell in cells if _text(source, cell))), source)
            continue
        named = [cells[at] for at, kind in enumerate(kinds) if kind == "name" and _text(source, cells[at])]
        values = tuple((column, cells[at]) for at, column in enumerate(table.columns) if column.kind == "target")
        unit = next((_text(source, cells[at]) for at, kind in enumerate(kinds) if kind == "unit"), "")
        if named:
            yield _Row(named[-1], unit, values)


def _fits(cells: tuple[Span, ...], kinds: list[str], source: str) -> bool:
    """False for a row that merged cells above it have shifted."""
    if len(cells) != len(kinds):
        return False
    names = [_text(source, cell) for cell, kind in zip(cells, kinds, strict=True) if kind == "name"]
    return not any(names) or _is_name(next(name for name in reversed(names) if name))


def _flat_rows(table: Table, source: str) -> Iterator[_Row]:
    """Rows found by their run of value cells; merged and missing cells before it do no harm."""
    columns = [column for column in table.columns if column.kind in ("base", "target", "change")]
    has_unit = any(column.kind == "unit" for column in table.columns)
    texts = [_text(source, span) for span in table.flat]
    at = 0
    while at + len(columns) <= len(texts):
        run = texts[at : at + len(columns)]
        is_unit = has_unit and (bool(_UNIT_CELL.match(run[0])) or _is_dash_for_unit(texts, at, len(run)))
        begins = _is_run(run) and not is_unit
        name = _name_before(texts, at, has_unit=has_unit) if begins else None
        if name is None:
            at += 1
            continue
        unit = texts[at - 1].strip("-/无") if has_unit and name == at - 2 else ""
        spans = table.flat[at : at + len(columns)]
        pairs = tuple((column, span) for column, span in zip(columns, spans, strict=True) if column.kind == "target")
        yield _Row(table.flat[name], unit, pairs)
        at += len(columns)


def _is_dash_for_unit(texts: list[str], at: int, width: int) -> bool:
    """医护比 — 1:1.09 1:1.2: the dash stands where the unit would, and the run begins after it."""
    dash = bool(re.fullmatch(r"-+|/|无", texts[at])) and at > 0 and _is_name(texts[at - 1])
    return dash and len(texts) > at + width and _is_run(texts[at + 1 : at + 1 + width])


def _is_run(run: list[str]) -> bool:
    return all(_VALUE.match(text) or _WORDS.match(text) for text in run) and any(_VALUE.match(text) for text in run)


def _name_before(texts: list[str], at: int, *, has_unit: bool) -> int | None:
    """Where the indicator's name stands before a run of values: right before it, or before its unit."""
    for back in (2, 1) if has_unit else (1,):
        index = at - back
        if index >= 0 and _is_name(texts[index]) and (back == 1 or len(texts[at - 1]) <= 8):
            return index
    return None


def _is_name(text: str) -> bool:
    text = _SERIAL.sub("", text)
    return len(text) >= 2 and not _UNIT_CELL.match(text) and not _VALUE.match(text) and not _ATTRIBUTE.match(text)


def _row_targets(row: _Row, table: Table, source: str) -> Iterator[Target]:
    name = _text(source, row.name)
    in_name = _NAME_UNIT.search(name)
    unit = row.unit
    if in_name and not _NOT_UNITS.match(in_name["unit"]) and not unit:
        name, unit = name[: in_name.start()], in_name["unit"]
    for column, span in row.values:
        match = _VALUE.match(_text(source, span))
        if match:
            yield _target(
                match,
                re.sub(r"^其中:?|^[\d.]+[、.]|^-+", "", name),
                unit,
                column,
                table,
                _quote(row.name, span, source),
            )


def _target(match: "re.Match[str]", name: str, unit: str, column: Column, table: Table, quote: str) -> Target:
    caption = _CAPTION_YEAR.search(table.caption)
    upper = float(match["second"]) if match["second"] else None
    after = bound_after(match["after"] or "")
    return Target(
        kind="target",
        indicator=name,
        comparator=combine(bound_before(match["before"]), after, ranged=upper is not None),
        value=tidy(float(match["first"].replace(",", ""))),
        upper=None if upper is None else tidy(upper),
        unit="1:n" if match["ratio"] else (match["unit"] or unit),
        due=column.year or (caption.group(1) if caption else None),
        quote=quote,
    )


def _quote(name: Span, value: Span, source: str) -> str:
    """The row from its name to the value when that is short, else the value's own cell."""
    whole = source[name[0] : value[1]]
    return whole if name[0] < value[0] and len(whole) <= QUOTE_LIMIT else source[value[0] : value[1]]


def _task(row: tuple[Span, ...], columns: tuple[Column, ...], source: str, year: int | None) -> TaskRow:
    units, due, text = Units(), None, row[0]
    for column, cell in zip(columns, row, strict=True):
        written = source[cell[0] : cell[1]]
        if column.kind == "task":
            text = cell
        elif column.kind == "units":
            role = (
                "lead"
                if "牵头" in column.text
                else "support"
                if re.search("配合|协办|参与", column.text)
                else "responsible"
            )
            units += Units(**{role: split_units(written)})
        elif column.kind == "time":
            found = find_deadlines(squeeze(written), year=year)
            due = found[-1].due if found else None
    return TaskRow(text, units, due)


def _text(source: str, span: Span) -> str:
    return squeeze(source[span[0] : span[1]])
