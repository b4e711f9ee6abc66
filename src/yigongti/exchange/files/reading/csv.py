"""CSV to batches of text columns: columnar where rows and lines agree, line by line where they do not."""

import csv as plain
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from yigongti.exchange.files.reading.blocks import Block, head_of, text_blocks
from yigongti.exchange.files.reading.encodings import encoding_of, to_utf8
from yigongti.exchange.files.reading.headers import Header, understand
from yigongti.exchange.files.reading.naming import stem, table_named, table_of
from yigongti.exchange.files.reading.offers import one_table
from yigongti.exchange.files.sources import Delivery, Offer, RawBatch, TableSource, Unreadable

SUFFIXES = (".csv", ".tsv", NOTES := ".txt")
LONGEST_RECORD = 100
"""Lines that a record with line breaks in its cells may have; beyond it a quote was left open."""


@dataclass(frozen=True)
class Shape:
    """How the file is written: delimiter, headers as they stand, what they mean, lines that the header takes."""

    delimiter: str
    headers: tuple[str, ...]
    meaning: Header
    header_lines: int


class CsvReader:
    """`<table>.csv` (also .tsv, .txt, and .gz of these), UTF-8 or GBK."""

    def claims(self, path: Path) -> bool:
        """By the extension; a .txt besides by its table's name, since a folder's notes to the reader are .txt too."""
        suffix = Path(path.name.removesuffix(".gz")).suffix.casefold()
        return suffix in SUFFIXES and (
            suffix != NOTES or bool(table_named(stem(path)) or table_named(path.parent.name))
        )

    def offers(self, paths: Sequence[Path]) -> list[Offer]:
        return [one_table(path, open_csv) for path in paths]


def open_csv(path: Path) -> Delivery:
    """Raises FileRefused where it is no CSV of a fact table."""
    table, head = table_of(path), head_of(path, expected="CSV 文本")
    shape = _shape(path, head)
    source = TableSource(
        table, str(path), partial(read, path, head, shape), yuan=shape.meaning.yuan, unitless=shape.meaning.unitless
    )
    return Delivery(str(path), (source,), path.stat().st_size)


def _shape(path: Path, head: bytes) -> Shape:
    text = _first_lines(path, head)
    delimiter = max(",\t;,|", key=text.split("\n", 1)[0].count)
    reader = plain.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headers = tuple(next(reader))
    return Shape(delimiter, headers, understand(headers, table_of(path), file=str(path)), reader.line_num)


def _first_lines(path: Path, head: bytes) -> str:
    """The beginning of the file as text, cut at a line's end."""
    whole = head[: head.rfind(b"\n") + 1] or head
    utf8 = to_utf8(whole.removeprefix(b"\xef\xbb\xbf"), encoding_of(head, file=str(path)), file=str(path), line=1)
    return utf8.decode()


def read(path: Path, head: bytes, shape: Shape) -> Iterator[RawBatch]:
    """The file from its start."""
    skip = shape.header_lines
    for block in text_blocks(path, head=head, quotes=True):
        body = block
        if skip:
            rest = block.text.split(b"\n", skip)
            body = Block(rest[skip] if len(rest) > skip else b"", block.first + skip, block.read)
            skip = 0
        yield _batch(body, shape)


def _batch(block: Block, shape: Shape) -> RawBatch:
    text = block.text.rstrip(b"\r\n")
    lines = text.count(b"\n") + 1 if text else 0
    columns = _in_columns(text, shape) if text else None
    if columns is not None and columns.num_rows == lines:
        given = dict(zip(shape.headers, columns.columns, strict=True))
        return _named(given, pa.array(np.arange(block.first, block.first + lines)), (), block, shape)
    return _line_by_line(block, text.decode(), shape)


def _in_columns(text: bytes, shape: Shape) -> pa.RecordBatch | None:
    """All rows at once; None where the columnar reader gives up, or the delimiter is not a single byte."""
    if len(shape.delimiter.encode()) > 1:
        return None
    names = [str(i) for i in range(len(shape.headers))]
    try:
        table = csv.read_csv(
            pa.BufferReader(text),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
            csv.ParseOptions(
                delimiter=shape.delimiter, invalid_row_handler=lambda row: "skip", newlines_in_values=True
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table.combine_chunks().to_batches()[0] if table.num_rows else None


def _line_by_line(block: Block, text: str, shape: Shape) -> RawBatch:
    """Where blank lines, line breaks in cells or wrong numbers of cells occur: exact line numbers, row by row."""
    rows, lines, unreadable = [], [], []
    for line, record, cells in _records(text, shape, first=block.first):
        if len(cells) == len(shape.headers) and record.count('"') % 2 == 0:
            rows.append(cells)
            lines.append(line)
        else:
            unreadable.append(_misshapen(line, record, cells, shape))
    columns = zip(*rows, strict=True) if rows else ([] for _ in shape.headers)
    given = {header: pa.array(list(c), pa.string()) for header, c in zip(shape.headers, columns, strict=True)}
    return _named(given, pa.array(lines, pa.int64()), tuple(unreadable), block, shape)


def _records(text: str, shape: Shape, *, first: int) -> Iterator[tuple[int, str, list[str]]]:
    """(line, text, cells) of each record that is not blank."""
    lines = text.split("\n")
    i = 0
    while i < len(lines):
        record, used = _record(lines, i, shape)
        if record.strip():
            yield first + i, record, _cells(record, shape)
        i += used


def _record(lines: list[str], i: int, shape: Shape) -> tuple[str, int]:
    """The record that begins at line i, and how many lines it takes: more than one only if that makes it right."""
    record, used = lines[i].rstrip("\r"), 1
    while record.count('"') % 2 and i + used < len(lines) and used < LONGEST_RECORD:
        record += "\n" + lines[i + used].rstrip("\r")
        used += 1
    if used > 1 and (record.count('"') % 2 or len(_cells(record, shape)) != len(shape.headers)):
        return lines[i].rstrip("\r"), 1
    return record, used


def _cells(record: str, shape: Shape) -> list[str]:
    try:
        return next(plain.reader(io.StringIO(record, newline=""), delimiter=shape.delimiter), [])
    except plain.Error:
        return []


def _misshapen(line: int, record: str, cells: list[str], shape: Shape) -> Unreadable:
    if record.count('"') % 2:
        return Unreadable(line, record, "引号不成对,这一行分不成列", "请补上或删去引号")
    reason = f"有 {len(cells)} 列,表头有 {len(shape.headers)} 列"
    if len(cells) < len(shape.headers):
        return Unreadable(line, record, reason, "请补齐该行;若是最后一行,文件可能没有传完")
    return Unreadable(line, record, reason, "单元格里有逗号时,请用英文双引号括起来")


def _named(
    given: dict[str, pa.Array], lines: pa.Array, unreadable: tuple[Unreadable, ...], block: Block, shape: Shape
) -> RawBatch:
    numbers = given.pop(shape.meaning.quarantine, None)
    columns = {column: given[header] for header, column in shape.meaning.columns.items()}
    return RawBatch(columns, lines, given, unreadable, size=block.read, numbers=numbers)
