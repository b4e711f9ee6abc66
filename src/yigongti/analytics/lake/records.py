"""Facts about a person as entries of the record: the SQL that makes them from staged rows."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.analytics.lake.comparing import Comparison
from yigongti.analytics.lake.rewriting import replaced_rows
from yigongti.analytics.lake.staging import Staging
from yigongti.kernel.facts import FactTable, Kind
from yigongti.spine.record import bulk
from yigongti.spine.record.entries import EntryShape, entry_shape

TABLE = "record_entry"
COLUMNS = ("resident_id", "day", "table", "key", "institution_id", "line")
KEY = ("resident_id", "day", "table", "key")


def expressions(table: FactTable) -> dict[str, str]:
    """Entry column → DuckDB expression over the table's columns; {} where the table makes no entries."""
    shape = entry_shape(table.name)
    if shape is None:
        return {}
    institution = f'"{shape.institution}"' if shape.institution else "NULL::VARCHAR"
    return {**_key(shape), "institution_id": institution, "line": _line(shape)}


def insert(batches: Iterable[pa.RecordBatch]) -> int:
    """Insert entry rows (columns as in COLUMNS); a fact without resident or day has no place in a record."""
    return bulk.insert(TABLE, COLUMNS, _placed(batches))


def remove_replaced(staging: Staging, comparison: Comparison) -> None:
    """Delete the entries of the rows about to be replaced."""
    shape = entry_shape(comparison.table.name)
    if shape is None:
        return
    columns = ", ".join(f'{expression} AS "{name}"' for name, expression in _key(shape).items())
    reader = staging.connection.sql(f"SELECT {columns} FROM {replaced_rows(comparison)}").to_arrow_reader(60_000)
    bulk.delete(TABLE, KEY, _placed(reader))


def _key(shape: EntryShape) -> dict[str, str]:
    table = shape.table
    parts = ", ".join(f'"{name}"::VARCHAR' for name in table.key if len(table.key) == 1 or name != table.person)
    return {
        "resident_id": f'"{table.person}"',
        "day": f'"{shape.day}"::DATE',
        "table": f"'{table.name}'",
        "key": f"concat_ws('|', {parts})",
    }


def _line(shape: EntryShape) -> str:
    """A JSON array without trailing nulls: a branch for each number of columns that may be empty at the end."""
    names, branches = list(shape.line), []
    while names and shape.table[names[-1]].null:
        names.pop()
    for length in range(len(names), len(shape.line)):
        empty = " AND ".join(f'"{name}" IS NULL' for name in shape.line[length:])
        branches.append(f"WHEN {empty} THEN {_array(shape, length)}")
    whole = _array(shape, len(shape.line))
    return f"CASE {' '.join(branches)} ELSE {whole} END" if branches else whole


def _array(shape: EntryShape, length: int) -> str:
    values = ", ".join(_value(shape.table, name) for name in shape.line[:length])
    return f"json_array({values})::VARCHAR"


def _value(table: FactTable, name: str) -> str:
    return f'"{name}"::VARCHAR' if table[name].kind is Kind.INSTANT else f'"{name}"'


def _placed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        resident, day = batch.column("resident_id"), batch.column("day")
        if resident.null_count or day.null_count:
            batch = batch.filter(pc.and_(resident.is_valid(), day.is_valid()))
        yield batch
