"""Tables sort and page on the server, and export every row as they would show it."""

import io
from datetime import date

import openpyxl
import pytest
from django.test import RequestFactory

from yigongti.pages.tables import Column, Table, answer, exported

ROWS = [{"name": f"机构{n}", "share": None if n == 3 else n / 10, "day": date(2025, 1, n)} for n in range(1, 8)]
COLUMNS = (
    Column("name", "名称", link=lambda row: f"/i/{row['name']}"),
    Column("share", "占比", unit="ratio"),
    Column("day", "日期", order=None),
)


def asked(query: str = "", **options) -> Table:
    return Table("t", COLUMNS, ROWS, **options).asked(RequestFactory().get(f"/?{query}"))


def names(table: Table) -> list[str]:
    return [line[0].text for line in table.lines]


def test_rows_sort_by_a_column_with_the_empty_ones_last_either_way():
    assert names(asked("t-sort=share"))[0] == "机构1"
    assert names(asked("t-sort=-share"))[0] == "机构7"
    assert names(asked("t-sort=share"))[-1] == names(asked("t-sort=-share"))[-1] == "机构3"


def test_a_table_shows_one_page_and_says_where_it_is():
    table = asked("t-page=2", size=3)
    assert names(table) == ["机构4", "机构5", "机构6"]
    assert (table.first, table.last, table.count, table.pages) == (4, 6, 7, 3)


@pytest.mark.parametrize("query", ["t-page=99", "t-page=abc", "t-sort=nothing", "t-sort=day", "t-page=-1"])
def test_an_address_that_makes_no_sense_still_shows_the_table(query):
    assert asked(query, size=3).lines


def test_numbers_stand_in_their_unit_and_missing_ones_as_a_dash():
    table = asked()
    assert table.lines[0][1].text == "10.0%"
    assert table.lines[2][1].text == "—"


def test_a_csv_export_has_every_row_and_opens_as_utf8_in_a_spreadsheet():
    body = b"".join(exported(asked(size=2), kind="csv").streaming_content).decode()
    assert body.startswith("\ufeff名称,占比,日期")
    assert len(body.splitlines()) == 8


def test_a_text_that_looks_like_a_formula_is_exported_as_text():
    table = Table("t", (Column("name", "名称"),), [{"name": "=1+1"}])
    assert "'=1+1" in b"".join(exported(table, kind="csv").streaming_content).decode()
    sheet = openpyxl.load_workbook(io.BytesIO(exported(table, kind="xlsx").content)).active
    assert sheet["A2"].data_type == "s"


def test_an_xlsx_export_keeps_numbers_and_days():
    sheet = openpyxl.load_workbook(io.BytesIO(exported(asked(), kind="xlsx").content)).active
    assert sheet["B2"].value == 0.1
    assert sheet["C2"].value.date() == date(2025, 1, 1)


def test_a_page_answers_with_the_file_when_its_address_asks_for_one():
    request = RequestFactory().get("/?export=t.csv")
    assert answer(request, "pages/table.html", Table("t", COLUMNS, ROWS))["Content-Type"].startswith("text/csv")
