"""Tables: sorted and paged on the server, exported as CSV or XLSX, the same columns everywhere.

    table = Table("warnings", columns=(Column("day", "日期"), Column("text", "内容", link=url_of)), rows=queryset)
    return answer(request, "measure/warnings.html", table, extra=…)

Rows are a queryset, or a sequence of mappings or dataclasses.  In the template: `{% table table %}`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from html import escape
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.pages import exports
from yigongti.pages.numbers import in_yuan, shown

PAGE_SIZE = 50
MOST_EXPORTED = 200_000
STACKED = (5, 10)
"""Tables of so many columns become blocks on a phone."""


@dataclass(frozen=True)
class Column:
    """One column.

    name: attribute, key or queryset field of a row; label: its heading; value: how to get it, where the name does
    not do; unit: numbers are shown in it and stand right; link: row → address; tone: row → how it is coloured;
    order: the queryset field to sort by ("" is the name, None cannot be sorted); show: row → what the page shows
    (text or markup made safe), where it is not the value in its unit; export_only: only files have it.
    """

    name: str
    label: str
    value: Callable[[Any], Any] | None = None
    unit: str | None = None
    link: Callable[[Any], str | None] | None = None
    tone: Callable[[Any], str] | None = None
    order: str | None = ""
    show: Callable[[Any], str] | None = None
    export_only: bool = False

    def of(self, row: Any) -> Any:
        """The value of a row, as exported; money, kept in fen, in yuan."""
        value = self._kept(row)
        return value / 100 if self.is_money and value is not None else value

    def _kept(self, row: Any) -> Any:
        if self.value:
            return self.value(row)
        return row.get(self.name) if isinstance(row, Mapping) else getattr(row, self.name)

    @property
    def heading(self) -> str:
        """The label; a column of money says that it is in yuan."""
        return gettext("%s(元)") % self.label if self.is_money and "元" not in self.label else self.label

    @property
    def is_money(self) -> bool:
        """Whether the values are fen."""
        return self.unit == "fen"

    @property
    def is_number(self) -> bool:
        return self.unit is not None

    @property
    def sort_field(self) -> str | None:
        return self.order if self.order is None else self.order or self.name


@dataclass(frozen=True)
class Cell:
    """What a page shows in one place of a table; text: plain, or markup made safe."""

    text: str
    column: Column
    link: str | None = None
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """name: distinguishes the tables of a page in its address; sort: the order at first ("-day" is descending);
    empty: what is said where there are no rows, and what to do."""

    name: str
    columns: Sequence[Column]
    rows: Any
    sort: str = ""
    page: int = 1
    size: int = PAGE_SIZE
    empty: str = ""
    caption: str = ""
    exportable: bool = True
    request: HttpRequest | None = field(default=None, compare=False)

    def asked(self, request: HttpRequest) -> "Table":
        """The table as the address asks for it: `?sort=-day&page=2` (with the table's name before, where it is not
        the only one).  What is not understood is passed over: an old bookmark still opens."""
        asked = request.GET
        sort = asked.get(f"{self.name}-sort", self.sort)
        page = asked.get(f"{self.name}-page", "1")
        known = {column.name for column in self.columns if column.order is not None}
        return replace(
            self,
            request=request,
            sort=sort if sort.lstrip("-") in known else self.sort,
            page=max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def shown_columns(self) -> list[Column]:
        return [column for column in self.columns if not column.export_only]

    @property
    def stacks(self) -> bool:
        """Whether on a phone a row is shown as a block with a line a column; very wide tables are scrolled instead."""
        return STACKED[0] <= len(self.shown_columns) <= STACKED[1]

    @cached_property
    def sorted_rows(self) -> Any:
        column = next((column for column in self.columns if column.name == self.sort.lstrip("-")), None)
        if column is None:
            return self.rows
        falling = self.sort.startswith("-")
        if isinstance(self.rows, QuerySet):
            key = F(column.sort_field or column.name)
            return self.rows.order_by(key.desc(nulls_last=True) if falling else key.asc(nulls_last=True), "pk")
        return _sorted(self.rows, column, falling=falling)

    @cached_property
    def count(self) -> int:
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    @property
    def pages(self) -> int:
        return max(-(-self.count // self.size), 1)

    @property
    def number(self) -> int:
        """The page shown: the one asked for, or the last there is."""
        return min(self.page, self.pages)

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.count)

    @cached_property
    def lines(self) -> list[list[Cell]]:
        """The cells of the page shown."""
        rows = self.sorted_rows[self.first - 1 : self.last]
        return [[_cell(column, row) for column in self.shown_columns] for row in rows]

    @property
    def body(self) -> SafeString:
        """The rows of the page shown, as markup: they are most of a page, and a template takes many times as long."""
        openings = [_opening(column, stacks=self.stacks) for column in self.shown_columns]
        rows = ("".join(map(str.__add__, openings, map(_markup, line))) for line in self.lines)
        return SafeString("".join(f"<tr>{row}</tr>" for row in rows))

    @property
    def headings(self) -> list[tuple[Column, str, str]]:
        """Column, address that sorts by it ("" where it cannot be sorted), and its aria-sort."""
        return [(column, self._sort_address(column), self._direction(column)) for column in self.shown_columns]

    @property
    def turns(self) -> list[tuple[int, str]]:
        """Page numbers with their addresses: first, those around the one shown, last; 0 is a gap."""
        near = {1, self.pages, *range(max(self.number - 2, 1), min(self.number + 2, self.pages) + 1)}
        found: list[tuple[int, str]] = []
        for number in sorted(near):
            if found and number - found[-1][0] > 1:
                found.append((0, ""))
            found.append((number, self.address(page=number)))
        return found

    def address(self, **changes: object) -> str:
        """The present address with this table's sort, page or export changed."""
        query = self.request.GET.copy() if self.request else None
        if query is None:
            return ""
        query.pop("export", None)
        for name, value in changes.items():
            query["export" if name == "export" else f"{self.name}-{name}"] = str(value)
        return f"?{query.urlencode()}"

    @property
    def csv_address(self) -> str:
        return self.address(export=f"{self.name}.csv")

    @property
    def xlsx_address(self) -> str:
        return self.address(export=f"{self.name}.xlsx")

    def _sort_address(self, column: Column) -> str:
        if column.order is None:
            return ""
        return self.address(sort=f"-{column.name}" if self.sort == column.name else column.name, page=1)

    def _direction(self, column: Column) -> str:
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "none")


def _opening(column: Column, *, stacks: bool) -> str:
    """How each cell of a column begins; where a phone shows a line a cell, it carries its heading."""
    number = ' class="number"' if column.is_number else ""
    label = f' data-label="{_escaped(column.heading)}"' if stacks else ""
    return f"<td{number}{label}>"


def _markup(cell: Cell) -> str:
    dot = f'<i class="dot tone-{_escaped(cell.tone)}"></i> ' if cell.tone else ""
    text = _escaped(cell.text)
    return f'{dot}<a href="{_escaped(cell.link)}">{text}</a></td>' if cell.link else f"{dot}{text}</td>"


def _escaped(text: object) -> str:
    """Text as markup has it; what was made safe stays."""
    return text if isinstance(text, SafeString) else escape(str(text))


def answer(request: HttpRequest, template: str, *tables: Table, **context: object) -> HttpResponse:
    """The page with its tables (`table`, or `tables` by name), or the file where the address asks for an export."""
    asked = {table.name: table.asked(request) for table in tables}
    name, _, kind = request.GET.get("export", "").partition(".")
    if name in asked and asked[name].exportable and kind in exports.KINDS:
        return exported(asked[name], kind=kind)
    first = next(iter(asked.values()), None)
    return render(request, template, {"table": first, "tables": asked, **context})


def exported(table: Table, *, kind: str) -> HttpResponse:
    """Every row of a table (not only the page shown) as a file; at most MOST_EXPORTED rows."""
    rows = table.sorted_rows[:MOST_EXPORTED]
    values: Iterable[list[Any]] = ([column.of(row) for column in table.columns] for row in rows)
    return exports.response(table.name, [column.heading for column in table.columns], values, kind=kind)


def _sorted(rows: Sequence[Any], column: Column, *, falling: bool) -> list[Any]:
    known = [row for row in rows if column.of(row) is not None]
    unknown = [row for row in rows if column.of(row) is None]
    return sorted(known, key=column.of, reverse=falling) + unknown


def _cell(column: Column, row: Any) -> Cell:
    if column.show:
        text = column.show(row)
    else:
        value = column.of(row)
        text = _number(value, column) if column.is_number else _text(value)
    return Cell(text, column, column.link(row) if column.link else None, column.tone(row) if column.tone else "")


def _number(value: Any, column: Column) -> str:
    """Money without its unit, which the heading has; other numbers with theirs."""
    return in_yuan(value) if column.is_money else shown(value, unit=column.unit or "")


def _text(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, datetime):
        return value.astimezone(COUNTY_TIME).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
