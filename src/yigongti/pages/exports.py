"""Files to take away: CSV that Chinese spreadsheets open rightly, and XLSX."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from yigongti.kernel import clock

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BLOCK = 1 << 16

Rows = Iterable[Sequence[Any]]


def response(name: str, headings: Sequence[str], rows: Rows, *, kind: str) -> HttpResponseBase:
    """A download named after what it holds and the day.  kind: csv or xlsx."""
    made = KINDS[kind](headings, rows)
    made["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}-{clock.today()}.{kind}"
    return made


def csv_blocks(headings: Sequence[str], rows: Rows) -> Iterator[str]:
    """The text of a CSV file in blocks; it begins with the mark by which spreadsheets know UTF-8."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
        if buffer.tell() > _BLOCK:
            yield _drained(buffer)
    yield _drained(buffer)


def xlsx(headings: Sequence[str], rows: Rows) -> bytes:
    """One sheet with a frozen, filterable heading row; numbers stay numbers, days stay days."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18)
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [_cell(value) for value in row])
    return file.getvalue()


def _csv_response(headings: Sequence[str], rows: Rows) -> HttpResponseBase:
    return StreamingHttpResponse(csv_blocks(headings, rows), content_type="text/csv; charset=utf-8")


def _xlsx_response(headings: Sequence[str], rows: Rows) -> HttpResponseBase:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(xlsx(headings, rows), content_type=kind)


KINDS: Mapping[str, Callable[[Sequence[str], Rows], HttpResponseBase]] = {"csv": _csv_response, "xlsx": _xlsx_response}
"""Kind of file → how it is made."""


def _drained(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _plain(value: Any) -> Any:
    """A value in a CSV cell; a text that a spreadsheet would run as a formula is kept a text."""
    value = _joined(value)
    if isinstance(value, datetime):
        return value.astimezone(clock.COUNTY_TIME).isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _cell(value: Any) -> Any:
    """A value in an XLSX cell: instants without their offset, in the county's time."""
    value = _joined(value)
    if isinstance(value, datetime):
        return value.astimezone(clock.COUNTY_TIME).strftime("%Y-%m-%d %H:%M")
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def _joined(value: Any) -> Any:
    return "|".join(map(str, value)) if isinstance(value, list | tuple) else value
