"""The forms in which offices send files: CSV in two encodings, workbooks, Parquet, NDJSON, folders, the template."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from tests.files.offices import (
    brought,
    counts,
    csv_file,
    in_lake,
    institution,
    loaded,
    ndjson_file,
    parquet_file,
    resident,
    visit,
)  # fmt: skip

from yigongti.exchange.files.loading import load
from yigongti.exchange.files.templates import header, templates
from yigongti.kernel.facts import COUNTY

pytestmark = pytest.mark.django_db
ROWS = [visit(i) for i in range(1, 30)]


def workbook(path: Path, **sheets: list[dict[str, Any]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(rows[0]))
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, list(row.values()))
    return path


def chinese(rows: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    return [{COUNTY[table][name].label: value for name, value in row.items()} for row in rows]


def forms(folder: Path) -> Iterator[Path]:
    typed = [{**row, "total_fen": 10000, "fund_fen": 6000.0, "tcm": False, "dx": row["dx"].split("|")} for row in ROWS]
    yield csv_file(folder / "visit.csv", ROWS, encoding="gbk")
    yield csv_file(folder / "门急诊就诊.csv", ROWS, encoding="utf-8-sig")
    yield csv_file(folder / "visit-2025.csv", chinese(ROWS, "visit"), encoding="gbk")
    yield csv_file(folder / "VISIT.CSV", [{f" {name.upper()} ": value for name, value in row.items()} for row in ROWS])
    yield ndjson_file(folder / "visit.ndjson", typed)
    yield ndjson_file(folder / "visit.jsonl", chinese(ROWS, "visit"))
    yield parquet_file(folder / "visit.parquet", typed)
    yield workbook(folder / "visit.xlsx", Sheet1=ROWS)
    yield workbook(folder / "上报.xlsx", 门急诊就诊=chinese(ROWS, "visit"))
    packed = folder / "visit_2.csv.gz"
    packed.write_bytes(gzip.compress((folder / "visit.csv").read_bytes()))
    yield packed
    tabbed = folder / "visit.tsv"
    tabbed.write_text("\r\n".join("\t".join(map(str, line)) for line in [ROWS[0].keys(), *(r.values() for r in ROWS)]))
    yield tabbed


def test_every_form_gives_the_same_facts(county: Path) -> None:
    assert counts(brought(csv_file(county / "visit.csv", ROWS))) == (29, 0, 0, 0)
    for path in forms(county):
        assert counts(brought(path)) == (0, 0, 29, 0), path.name


def test_a_folder_loads_in_the_dictionary_s_order_whatever_the_names(county: Path) -> None:
    folder = county / "export" / "2025"
    folder.mkdir(parents=True)
    csv_file(folder / "visit.csv", [visit(1, institution_id="I7")])
    ndjson_file(folder / "resident.ndjson", [resident(1)])
    parquet_file(folder / "institution.parquet", [institution(7)])
    (folder / "truth.json").write_text("{}")
    report = load([county / "export"])
    assert [(file.table, file.loaded) for file in report.files] == [("institution", 1), ("resident", 1), ("visit", 1)]
    assert [Path(path).name for path in report.ignored] == ["truth.json"]
    assert report.exit_code == 0


def test_a_workbook_with_a_sheet_a_table_is_one_delivery(county: Path) -> None:
    path = workbook(
        county / "上报.xlsx", visit=[visit(1, institution_id="I8"), visit(2, kind="?")], 机构=[institution(8)]
    )
    reports = loaded(path)
    assert [(report.table, report.loaded, report.quarantined) for report in reports] == [
        ("institution", 1, 0),
        ("visit", 1, 1),
    ]


def test_the_template_comes_back_filled_in(county: Path) -> None:
    path = templates(county / "templates")
    assert [report.rows for report in loaded(path)] == [0]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[2:] == list(COUNTY)
    for name, rows in (("visit", [visit(1), visit(2)]), ("resident", [resident(1)])):
        for row in rows:
            book[name].append([row.get(column.name, "") for column in COUNTY[name].columns])
    book.save(path)
    assert [(report.table, report.loaded) for report in loaded(path)] == [("resident", 1), ("visit", 2)]


def test_the_template_says_of_every_column_what_it_may_hold(county: Path) -> None:
    book = openpyxl.load_workbook(templates(county))
    for table in COUNTY.values():
        cells = list(book[table.name][1])
        assert [cell.value for cell in cells] == [header(column) for column in table.columns]
        assert [
            cell.value
            for cell, column in zip(cells, table.columns, strict=True)
            if column.label not in cell.comment.text
        ] == []
    validations = {str(each.sqref): each.formula1 for each in book["visit"].data_validations.dataValidation}
    assert "E2:E20001" in validations, "the kind of visit is chosen from a list"


def test_a_header_alone_is_a_file_without_rows(county: Path) -> None:
    (county / "visit.csv").write_text(",".join(visit()))
    report = brought(county / "visit.csv")
    assert (report.rows, report.notes) == (0, ("只有表头,没有数据行",))


def test_the_report_is_the_json_that_the_contract_asks_for(county: Path) -> None:
    report = load([csv_file(county / "visit.csv", [visit(1), visit(2, tcm="?")])])
    (told,) = json.loads(json.dumps(report.as_dict()))["files"]
    asked = ("file", "table", "rows", "loaded", "replaced", "unchanged", "quarantined")
    assert {name: told[name] for name in asked} == dict(
        zip(asked, (str(county / "visit.csv"), "visit", 2, 1, 0, 0, 1), strict=True)
    )
    assert report.exit_code == 3


def test_a_line_of_ndjson_that_is_no_json_goes_to_quarantine_whole(county: Path) -> None:
    path = ndjson_file(county / "visit.ndjson", ROWS)
    path.write_text(path.read_text(encoding="utf-8") + '{"visit_id": "V77", "day', encoding="utf-8")
    assert counts(brought(path)) == (29, 0, 0, 1)


def test_ids_typed_as_numbers_in_a_spreadsheet_stay_whole(county: Path) -> None:
    brought(workbook(county / "visit.xlsx", visit=[visit(1, visit_id=1001, department=12.5)]))
    assert [(row["visit_id"], row["department"]) for row in in_lake("visit")] == [("1001", "12.5")]


def test_a_day_that_lost_its_format_in_a_spreadsheet_is_still_that_day(county: Path) -> None:
    days = [45720, 20250304, 1950]  # a counted day, a day written in one, a year: which is no day
    report = brought(workbook(county / "visit.xlsx", visit=[visit(i, day=day) for i, day in enumerate(days, 1)]))
    assert counts(report) == (2, 0, 0, 1)
    assert [str(row["day"]) for row in in_lake("visit")] == ["2025-03-04", "2025-03-04"]


def test_lines_that_end_as_on_an_old_macintosh_are_lines(county: Path) -> None:
    path = csv_file(county / "visit.csv", ROWS)
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r"))
    assert counts(brought(path)) == (29, 0, 0, 0)


def test_a_note_beside_the_files_is_no_data_and_is_told(county: Path) -> None:
    csv_file(county / "visit.csv", ROWS)
    (county / "说明.txt").write_text("本次上报的说明", encoding="utf-8")
    report = load([county])
    assert report.exit_code == 0
    assert [Path(path).name for path in report.ignored] == ["说明.txt"]
