"""Workbooks to batches: one sheet named as the file, or a sheet a table; cells become text, rows keep their numbers."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from yigongti.exchange.files.checking.cleaning import number_text
from yigongti.exchange.files.reading.blocks import head_of
from yigongti.exchange.files.reading.encodings import MAGIC
from yigongti.exchange.files.reading.headers import Header, understand
from yigongti.exchange.files.reading.naming import stem, suggestion, table_named, table_of
from yigongti.exchange.files.reading.offers import ORDER, one_table
from yigongti.exchange.files.sources import Delivery, Offer, RawBatch, Source, TableSource
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import COUNTY, FactTable, Kind

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
ZIPPED = (".xlsx", ".xlsm", ".ods")
BATCH = 20_000
LARGEST = 4 << 30
"""Bytes that a workbook may unpack to: beyond it is no spreadsheet but an attack on memory."""
NOTES_SHEET = "填写说明"
DAY_ZERO = date(1899, 12, 30)
"""The day from which spreadsheets count days."""
SERIALS = range(10_000, 100_000)
"""Numbers in a column of days that are counted days (1927 to 2173): neither years nor days written 20250102."""
EXAMPLE = "示例行(不装载)"
"""The first cell of the template's example rows, which are not data."""


class WorkbookReader:
    """`<table>.xlsx`, or a workbook with a sheet a table (also .xls and .ods)."""

    def claims(self, path: Path) -> bool:
        return path.suffix.casefold() in SUFFIXES

    def offers(self, paths: Sequence[Path]) -> list[Offer]:
        return [self._offer(path) for path in paths]

    def _offer(self, path: Path) -> Offer:
        if table_named(stem(path)):
            return one_table(path, open_workbook)
        return Offer(str(path), _first_table(path), lambda: open_workbook(path))


def _first_table(path: Path) -> int:
    try:
        names = [table.name for sheet in _workbook(path).sheet_names if (table := table_named(sheet))]
    except FileRefused:
        return len(ORDER)  # told when it is opened
    return min((ORDER[name] for name in names), default=len(ORDER))


def open_workbook(path: Path) -> Delivery:
    """Raises FileRefused where it is no workbook, or a sheet with data is no fact table."""
    book = _workbook(path)
    sources = tuple(source for name in _data_sheets(book) if (source := _source(path, book, name)))
    if not sources:
        raise FileRefused("工作簿里没有数据", where=str(path), why="每张表都是空的", remedy="请填写后再装载")
    return Delivery(str(path), sources, path.stat().st_size)


def _workbook(path: Path) -> CalamineWorkbook:
    head = head_of(path, expected="工作簿", allowed=_magic(path), size=512)
    if not head.startswith(_magic(path)):
        raise FileRefused(
            "这不是 Excel 工作簿", where=str(path), why="文件头与扩展名不符", remedy="请用 Excel 另存为 .xlsx"
        )
    try:
        if path.suffix.casefold() in ZIPPED:
            _refuse_bomb(path)
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise FileRefused(
            "工作簿不完整或已损坏", where=str(path), why=str(error).splitlines()[0], remedy="请重新保存或重新传输该文件"
        ) from error


def _magic(path: Path) -> bytes:
    wanted = "压缩包" if path.suffix.casefold() in ZIPPED else "旧版"
    return next(magic for magic, what in MAGIC.items() if what.startswith(wanted))


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > LARGEST:
        raise FileRefused(
            f"工作簿解开后有 {unpacked >> 30} GB",
            where=str(path),
            why="超过 4 GB 的上限",
            remedy="请改用 CSV 或 Parquet",
        )


def _data_sheets(book: CalamineWorkbook) -> list[str]:
    """Visible sheets but for the template's notes."""
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return [name for name in visible if name.strip() != NOTES_SHEET]


def _source(path: Path, book: CalamineWorkbook, sheet: str) -> Source | None:
    """None for a sheet without data."""
    above, header = _header(book, sheet)
    if not header:
        return None
    table = _table(path, book, sheet)
    meaning = understand(header, table, file=_where(path, sheet))
    days = frozenset(given for given, name in meaning.columns.items() if table[name].kind is Kind.DAY)
    reading = partial(read, path, sheet, above, header, meaning, days)
    return TableSource(table, str(path), reading, meaning.yuan, unitless=meaning.unitless)


def _header(book: CalamineWorkbook, sheet: str) -> tuple[int, tuple[str, ...]]:
    """The first row that is not empty, without empty cells at its end, and how many rows come before it."""
    for above, cells in enumerate(book.get_sheet_by_name(sheet).iter_rows()):
        header = [_text(cell) for cell in cells]
        while header and not header[-1]:
            header.pop()
        if header:
            return above, tuple(header)
    return 0, ()


def _where(path: Path, sheet: str) -> str:
    return f"{path} 的工作表“{sheet}”"


def _table(path: Path, book: CalamineWorkbook, sheet: str) -> FactTable:
    """By the sheet's name; the only sheet of a workbook may also be called anything, then the file's name counts."""
    table = table_named(sheet)
    if table is None and len(_data_sheets(book)) == 1:
        return table_of(path)
    if table is None:
        raise FileRefused(
            f"工作表“{sheet}”不是事实表",
            where=str(path),
            why="工作表名应为事实表的英文名或中文名,否则数据会被漏掉",
            remedy=suggestion(sheet, [*COUNTY, *(each.label for each in COUNTY.values())]) or "请改名或删去该工作表",
        )
    return table


def read(
    path: Path, sheet: str, above: int, header: tuple[str, ...], meaning: Header, days: frozenset[str]
) -> Iterator[RawBatch]:
    """The sheet from its first row of data; lines are the sheet's row numbers.  days: headers of columns of days."""
    book = _workbook(path)
    rows = islice(enumerate(book.get_sheet_by_name(sheet).iter_rows(), 1), above + 1, None)
    count = max(1, book.get_sheet_by_name(sheet).total_height)
    share = path.stat().st_size / count
    while chunk := list(islice(rows, BATCH)):
        filled = [(line, cells) for line, cells in chunk if cells[0] != EXAMPLE]
        yield _batch(filled, header, meaning, tuple(name in days for name in header), size=int(share * len(chunk)))


def _batch(
    rows: list[tuple[int, list[Any]]], header: tuple[str, ...], meaning: Header, days: Sequence[bool], *, size: int
) -> RawBatch:
    """days: for each column whether it holds days."""
    texts = [
        [_day_text(cell) if is_day else _text(cell) for cell, is_day in zip(cells, days, strict=False)]
        for _, cells in rows
    ]
    columns = zip(*texts, strict=True) if texts else ([] for _ in header)
    given = {name: pa.array(list(column), pa.string()) for name, column in zip(header, columns, strict=True)}
    numbers = given.pop(meaning.quarantine, None)
    facts = {column: given[name] for name, column in meaning.columns.items()}
    return RawBatch(facts, pa.array([line for line, _ in rows], pa.int64()), given, size=size, numbers=numbers)


def _day_text(cell: Any) -> str:
    """A day whose cell has lost its format is the number of days that spreadsheets keep."""
    if isinstance(cell, float | int) and cell in SERIALS:
        return (DAY_ZERO + timedelta(days=int(cell))).isoformat()
    return _text(cell)


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV; a day without a time of day is just the day."""
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell) if not isinstance(cell, timedelta) else ""
