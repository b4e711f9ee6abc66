"""Any valid rows of any table, written in any accepted form, load as exactly those rows."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from math import isclose
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.files.offices import csv_file, in_lake, institution, loaded, ndjson_file

from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind

TODAY = date(2025, 12, 31)
SECONDS = (631_152_000, 1_764_547_200)  # 1990 to December 2025
TABLES = [name for name in COUNTY if name not in ("institution", "identity")]
TEXT = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Co", "Cn")),
    min_size=1,
    max_size=12,
)
KEYS = st.text("ABCxyz0123456789-", min_size=1, max_size=10)
PART = TEXT.filter(lambda text: "|" not in text)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Typed values that the dictionary allows."""
    if column.refers == "institution":
        return st.sampled_from(["I1", "I2"])
    if column.choices and column.kind is Kind.CODE:
        return st.sampled_from(sorted(column.choices))
    low, high = (bound if isinstance(bound, int | float) else None for bound in (column.low, column.high))
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: KEYS if column.name.endswith("_id") else TEXT,
        Kind.LIST: st.lists(st.sampled_from(sorted(column.choices)) if column.choices else PART, max_size=3),
        Kind.DAY: st.dates(date(1990, 1, 1), TODAY),
        Kind.MONTH: st.dates(date(1990, 1, 1), TODAY).map(lambda day: day.isoformat()[:7]),
        Kind.INSTANT: st.integers(*SECONDS).map(lambda second: datetime.fromtimestamp(second, UTC)),
        Kind.INTEGER: st.integers(int(low or 0), int(high if high is not None else 10**9)),
        Kind.FEN: st.integers(0 if low is not None else -(10**9), 10**9),
        Kind.NUMBER: st.floats(low if low is not None else -1e6, high if high is not None else 1e6, allow_nan=False),
        Kind.FLAG: st.booleans(),
    }
    return kinds[column.kind]


def rows(table: FactTable) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows without repeated keys, whose amounts add up and whose days are in order."""
    one = st.fixed_dictionaries({c.name: st.none() | values(c) if c.null else values(c) for c in table.columns})
    return st.lists(one.map(lambda row: consistent(table, row)), min_size=1, max_size=8,
                    unique_by=lambda row: tuple(row[name] for name in table.key))  # fmt: skip


def consistent(table: FactTable, row: dict[str, Any]) -> dict[str, Any]:
    """The row with sums and products recomputed and dates put in order."""
    for rule in table.sums:
        if rule.exact:
            row[rule.total] = sum(row[part] for part in rule.parts)
    for rule in table.sums:
        if not rule.exact:
            row |= dict.fromkeys(rule.parts, 0)
    for product in table.products:
        row |= {product.quantity: 2.0, product.total: 2 * row[product.unit]}
    for _ in table.orders:
        for earlier, later in table.orders:
            if row[earlier] is not None and row[later] is not None and row[later] < row[earlier]:
                row[later] = row[earlier]
    return row


def text(value: Any) -> str:
    """As a careful office writes it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(int(value)) if isinstance(value, bool) else str(value)


def in_chinese(table: FactTable, name: str, value: Any) -> tuple[str, str]:
    """Label and value as they stand in a Chinese export; amounts in yuan."""
    column = table[name]
    if column.kind is Kind.FEN:
        whole = "" if value is None else f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
        return f"{column.label}(元)", whole
    if column.kind is Kind.FLAG:
        return column.label, {True: "是", False: "否", None: ""}[value]
    return column.label, column.choices.get(value, text(value)) if column.kind is Kind.CODE else text(value)


def write_csv(folder: Path, table: FactTable, facts: list[dict[str, Any]]) -> Path:
    return csv_file(folder / f"{table.name}.csv", [{name: text(value) for name, value in row.items()} for row in facts])


def write_gbk(folder: Path, table: FactTable, facts: list[dict[str, Any]]) -> Path:
    written = [dict(in_chinese(table, name, value) for name, value in row.items()) for row in facts]
    return csv_file(folder / f"{table.label}.csv", written, encoding="gb18030")


def write_ndjson(folder: Path, table: FactTable, facts: list[dict[str, Any]]) -> Path:
    typed = json.loads(json.dumps(facts, default=lambda value: value.isoformat()))
    return ndjson_file(folder / f"{table.name}.ndjson", typed)


def write_parquet(folder: Path, table: FactTable, facts: list[dict[str, Any]]) -> Path:
    schema = pa.schema([pa.field(column.name, column.arrow) for column in table.columns])
    pq.write_table(pa.Table.from_pylist(facts, schema), folder / f"{table.name}.parquet")
    return folder / f"{table.name}.parquet"


def write_workbook(folder: Path, table: FactTable, facts: list[dict[str, Any]]) -> Path:
    path = folder / "上报.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(table.name)
        for place, name in enumerate(table.names):
            sheet.write(0, place, f"{table[name].label} {name}")
        for number, row in enumerate(facts, 1):
            for place, value in enumerate(row[name] for name in table.names):
                sheet.write(number, place, value if isinstance(value, int | float) else text(value))
    return path


WRITERS = [write_csv, write_gbk, write_ndjson, write_parquet, write_workbook]


def same(table: FactTable, facts: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    wanted = sorted(facts, key=lambda row: tuple(str(row[name]) for name in table.key))
    for column in table.columns:
        pairs = [(mine[column.name], theirs[column.name]) for mine, theirs in zip(found, wanted, strict=True)]
        assert [pair for pair in pairs if not equal(*pair)] == [], column.name


def equal(found: Any, wanted: Any) -> bool:
    """Spreadsheets keep 16 digits of a number that is not whole."""
    if isinstance(found, float) and wanted is not None:
        return isclose(found, wanted, rel_tol=1e-14, abs_tol=1e-300)
    return bool(found == wanted)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
@given(data=st.data())
def test_what_an_office_writes_is_what_the_lake_holds(write: Any, data: st.DataObject) -> None:
    table = COUNTY[data.draw(st.sampled_from(TABLES), label="table")]
    facts = data.draw(rows(table), label="rows")
    with tempfile.TemporaryDirectory() as name, undone():
        folder = Path(name)
        loaded(csv_file(folder / "institution.csv", [institution(1), institution(2)]))
        (report,) = loaded(write(folder, table, facts))
        assert (report.error, report.quarantined, report.loaded) == ({}, 0, len(facts))
        same(table, facts, in_lake(table.name))
        (report,) = loaded(write(folder, table, facts))
        assert report.unchanged == len(facts)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block stores is gone at its end: every example begins with an empty county."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
