"""NDJSON to batches: one JSON object a line; values keep their JSON types where a column has one, else become text."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from yigongti.exchange.files.checking.cleaning import number_text
from yigongti.exchange.files.reading.blocks import Block, head_of, text_blocks
from yigongti.exchange.files.reading.headers import Header, matched, understand
from yigongti.exchange.files.reading.naming import table_of
from yigongti.exchange.files.reading.offers import one_table
from yigongti.exchange.files.sources import Delivery, Offer, RawBatch, TableSource, Unreadable
from yigongti.kernel.facts import FactTable

SUFFIXES = (".ndjson", ".jsonl")
REMEDY = "每行应是一个完整的 JSON 对象;若是最后一行,文件可能没有传完"


class NdjsonReader:
    """`<table>.ndjson` (also .jsonl, and .gz of these)."""

    def claims(self, path: Path) -> bool:
        return Path(path.name.removesuffix(".gz")).suffix.casefold() in SUFFIXES

    def offers(self, paths: Sequence[Path]) -> list[Offer]:
        return [one_table(path, open_ndjson) for path in paths]


def open_ndjson(path: Path) -> Delivery:
    """The first lines' names stand for the file's shape.  Raises FileRefused where they are not the table's."""
    table, head = table_of(path), head_of(path, expected="NDJSON 文本")
    first = next(text_blocks(path, head=head, quotes=False))
    rows, _ = _objects(Block(first.text[: len(head)].rsplit(b"\n", 1)[0], 1, 0))
    meaning = understand(_names(row for _, row in rows), table, file=str(path)) if rows else Header({})
    source = TableSource(table, str(path), partial(read, path, head, table), meaning.yuan, unitless=meaning.unitless)
    return Delivery(str(path), (source,), path.stat().st_size)


def read(path: Path, head: bytes, table: FactTable) -> Iterator[RawBatch]:
    """The file from its start."""
    for block in text_blocks(path, head=head, quotes=False):
        rows, unreadable = _objects(block)
        names = _names(row for _, row in rows)
        meaning = matched(names, table, file=str(path))
        given = {name: _column([row.get(name) for _, row in rows]) for name in names}
        numbers = given.pop(meaning.quarantine, None)
        columns = {column: given[name] for name, column in meaning.columns.items()}
        lines = pa.array([line for line, _ in rows], pa.int64())
        yield RawBatch(columns, lines, given, tuple(unreadable), size=block.read, numbers=numbers)


Row = Mapping[str, Any]


def _objects(block: Block) -> tuple[list[tuple[int, Row]], list[Unreadable]]:
    """(line, object) of each line that is one, and the lines that are not."""
    rows: list[tuple[int, Row]] = []
    unreadable: list[Unreadable] = []
    for line, text in enumerate(block.text.split(b"\n"), block.first):
        if text.strip():
            try:
                row = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                unreadable.append(Unreadable(line, text.decode(), f"不是 JSON:{error}", REMEDY))
                continue
            if isinstance(row, dict):
                rows.append((line, row))
            else:
                unreadable.append(Unreadable(line, text.decode(), "不是 JSON 对象", REMEDY))
    return rows, unreadable


def _names(rows: Iterator[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _column(values: list[Any]) -> pa.Array:
    """Typed where all values are of one kind; otherwise every value as the text that it would be in a CSV."""
    try:
        column = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([_text(value) for value in values], pa.string())
    nested = pa.types.is_struct(column.type) or (pa.types.is_list(column.type) and column.type != pa.list_(pa.string()))
    if nested or pa.types.is_null(column.type):
        return pa.array([_text(value) for value in values], pa.string())
    return column


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return "|".join(_text(part) or "" for part in value)
    if isinstance(value, float):
        return number_text(value)
    return orjson.dumps(value).decode() if isinstance(value, dict | bool) else str(value)
