"""What the county's offices send, for tests: rows that are right, and files made of them."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.exchange.files.loading import load
from yigongti.exchange.files.report import FileReport
from yigongti.kernel.facts import COUNTY

Row = dict[str, Any]


def institution(number: int = 1, **changed: Any) -> Row:
    return {
        "institution_id": f"I{number}", "name": f"云溪镇{number}号卫生院", "kind": "township_center",
        "level": "primary", "ownership": "public", "parent_id": "", "place_id": "P1", "lon": "", "is_lead": "0",
        "in_county": "1", **changed,
    }  # fmt: skip


def visit(number: int = 1, **changed: Any) -> Row:
    return {
        "visit_id": f"V{number}", "resident_id": f"R{number % 7}", "institution_id": "I1",
        "day": f"2025-{number % 12 + 1:02d}-15", "kind": "outpatient", "department": "全科", "dx": "I10|E11.9",
        "tcm": "0", "total_fen": "10000", "fund_fen": "6000", "self_fen": "4000", "booked": "1", "referral_id": "",
        **changed,
    }  # fmt: skip


def resident(number: int = 1, **changed: Any) -> Row:
    return {
        "resident_id": f"R{number}", "sex": "female", "birth_date": "1960-05-01", "place_id": "P1",
        "insured_as": "resident", "key_groups": "elderly|hypertension", "registered_on": "2020-01-01", "died_on": "",
        **changed,
    }  # fmt: skip


def identity(number: int = 1, **changed: Any) -> Row:
    return {
        "resident_id": f"R{number}",
        "name": "张秀兰",
        "id_number": "500113196005010021",
        "phone": "13800000001",
        **changed,
    }


def charge(number: int = 1, **changed: Any) -> Row:
    return {
        "charge_id": f"C{number}", "encounter_id": "V1", "resident_id": "R1", "institution_id": "I1",
        "day": "2025-02-15", "item_code": "310101001", "item_name": "心电图", "category": "exam", "quantity": "3",
        "unit_price_fen": "3333", "amount_fen": "9999", "fund_fen": "0", **changed,
    }  # fmt: skip


def exam(number: int = 1, **changed: Any) -> Row:
    return {
        "exam_id": f"E{number}", "resident_id": "R1", "kind": "ecg", "item_code": "ECG12", "ordered_by": "I1",
        "ordered_at": "2025-02-15T08:30:00+08:00", "critical": "0", **changed,
    }  # fmt: skip


def csv_file(path: Path, rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as sink:
        writer = csv.DictWriter(sink, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def ndjson_file(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def parquet_file(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)
    return path


def loaded(*paths: Path) -> list[FileReport]:
    return list(load(paths).files)


def brought(*paths: Path) -> FileReport:
    """The report of the one table that was loaded, which must not have been refused."""
    (report,) = loaded(*paths)
    assert not report.error, report.error
    return report


def refusal(*paths: Path) -> dict[str, str]:
    """Why the one file was refused."""
    (report,) = loaded(*paths)
    assert report.error
    assert (report.rows, report.loaded, report.replaced, report.unchanged, report.quarantined) == (0, 0, 0, 0, 0)
    return report.error


def counts(report: FileReport) -> tuple[int, int, int, int]:
    """(loaded, replaced, unchanged, quarantined)"""
    assert report.rows == report.loaded + report.replaced + report.unchanged + report.quarantined
    return report.loaded, report.replaced, report.unchanged, report.quarantined


def in_lake(table: str) -> list[dict[str, Any]]:
    """What the lake holds, by key."""
    from yigongti.analytics import lake

    rows = [row for path in lake.paths(table) for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted(rows, key=lambda row: tuple(str(row[name]) for name in COUNTY[table].key))
