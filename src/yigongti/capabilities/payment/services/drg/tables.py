"""The six tables of a scheme from a workbook's sheets or from a folder of CSV files, each row with its number."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from yigongti.capabilities.payment.decisions.drg.sheets import COLUMNS, OPTIONAL, SHEET_NAMES, Row, column_names
from yigongti.kernel.errors import FileRefused

Lines = Iterable[tuple[int, list[str]]]


def read_tables(source: Path) -> dict[str, list[Row]]:
    """The rows of every table; FileRefused when a table or a column it needs is not there."""
    lines = _csv_lines(source) if source.is_dir() else _workbook_lines(source)
    return {table: list(_rows(table, lines[table], source)) for table in COLUMNS}


def _csv_lines(folder: Path) -> Mapping[str, Lines]:
    missing = [f"{table}.csv" for table in COLUMNS if not (folder / f"{table}.csv").is_file()]
    if missing:
        raise FileRefused(f"缺表 {'、'.join(missing)}", str(folder), "CSV 方案由六张表组成", "补上缺的表")
    return {table: _csv_file(folder / f"{table}.csv") for table in COLUMNS}


def _csv_file(path: Path) -> list[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(number, row) for number, row in enumerate(csv.reader(file), start=1)]


def _workbook_lines(path: Path) -> Mapping[str, Lines]:
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise FileRefused(f"{path.name} 不是可读的工作簿", str(error)) from error
    missing = [sheet for sheet in SHEET_NAMES.values() if sheet not in book.sheet_names]
    if missing:
        raise FileRefused(
            f"缺工作表 {'、'.join(missing)}", path.name, f"现有:{'、'.join(book.sheet_names)}", "核对工作簿版本"
        )
    return {
        table: [
            (number, [_text(cell) for cell in row])
            for number, row in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), start=1)
        ]
        for table, sheet in SHEET_NAMES.items()
    }


def _text(cell: object) -> str:
    """A cell as text; a whole number without its decimal point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _rows(table: str, lines: Lines, source: Path) -> Iterator[Row]:
    filled = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    names = column_names(table, filled[0][1]) if filled else []
    missing = [column for column in COLUMNS[table] if column not in names and column not in OPTIONAL.get(table, set())]
    if missing:
        raise FileRefused(
            f"{SHEET_NAMES[table]} 缺列 {'、'.join(missing)}", source.name, "第一行应是列名", "对照说明改列名"
        )
    for number, cells in filled[1:]:
        yield Row(number, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name})
