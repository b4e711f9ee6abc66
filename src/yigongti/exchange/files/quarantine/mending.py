"""Quarantined rows out to a CSV, to be mended and loaded again: the original cells, and why each was refused."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.db.models import QuerySet

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.exchange.files.quarantine.selectors import waiting
from yigongti.exchange.files.reading.headers import ORIGINAL, QUARANTINE_NUMBER, REASON
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.spine.home import home

UNDIVIDED = ""
"""The header under which a row that could not be divided into columns keeps its text."""


def export(*, table: str = "", file: str = "", to: Path | None = None) -> list[Path]:
    """Write the open rows as `<table>-….csv` (UTF-8 with BOM, for Excel), one file a table and set of headers.

    The first column is the row's number in quarantine and the last says what is wrong: `load` takes the mended file
    with both, and settles the rows.  Raises Refusal where nothing is waiting.  `to`: a folder (the data directory's
    quarantine folder by default).
    """
    return export_rows(waiting(table=table, file=file), to=to)


def export_rows(rows: "QuerySet[QuarantinedRow]", *, to: Path | None = None) -> list[Path]:
    """As `export`, for these rows."""
    groups: dict[tuple[str, tuple[str, ...]], list[QuarantinedRow]] = {}
    for row in rows.iterator():
        groups.setdefault((row.table, _headers(row)), []).append(row)
    if not groups:
        raise Refusal("隔离区没有符合条件的待处理行", remedy="可用 yigongti quarantine list 查看")
    folder = to or home().quarantine
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, name, headers, found) for (name, headers), found in groups.items()]


def _headers(row: QuarantinedRow) -> tuple[str, ...]:
    """The file's own; for a row that could not be divided into columns the dictionary's, and one for its text."""
    headers = tuple(row.original)
    return (*COUNTY[row.table].names, ORIGINAL) if headers == (UNDIVIDED,) else headers


def _write(folder: Path, table: str, headers: tuple[str, ...], rows: list[QuarantinedRow]) -> Path:
    path = folder / f"{table}-{rows[0].pk}-{rows[-1].pk}.csv"
    path.touch(mode=0o600)  # names may be in it
    with path.open("w", encoding="utf-8-sig", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow([QUARANTINE_NUMBER, *headers, REASON])
        writer.writerows(_cells(rows, headers))
    return path


def _cells(rows: Iterable[QuarantinedRow], headers: tuple[str, ...]) -> Iterable[list[object]]:
    for row in rows:
        cells = row.original
        cells[ORIGINAL] = cells.get(UNDIVIDED, "")
        told = ";".join(f"{each['reason']}({each['remedy']})" for each in row.all_problems)
        yield [row.pk, *(cells.get(header, "") for header in headers), f"{row.file} 第 {row.line} 行:{told}"]
