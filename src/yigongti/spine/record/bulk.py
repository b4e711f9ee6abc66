"""Many rows into one table of the record store, from Arrow batches: COPY on PostgreSQL, executemany on SQLite.

Runs on Django's connection, inside the caller's transaction.  Column types: text, whole and real numbers, booleans,
days, bytes; lists must already be JSON text.
"""

import gc
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

import pyarrow as pa
from django.db import connection

TOGETHER = 50
"""Rows of one INSERT on SQLite: a quarter faster than one by one."""


def insert(table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch]) -> int:
    """Insert every row; returns how many.  A row whose key exists raises IntegrityError."""
    if connection.vendor == "postgresql":
        return _copy(table, columns, batches)
    return _insert_many(table, columns, batches)


def insert_new(table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch], *, key: Sequence[str]) -> int:
    """Insert the rows whose key is not there yet, leave the others; returns how many were offered."""
    return _insert_or(f"ON CONFLICT ({', '.join(map(_quoted, key))}) DO NOTHING", table, columns, batches)


def upsert(table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch], *, key: str) -> int:
    """Insert every row, or where its key exists overwrite the other columns; returns how many."""
    updates = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in columns if name != key)
    return _insert_or(f"ON CONFLICT ({_quoted(key)}) DO UPDATE SET {updates}", table, columns, batches)


def _insert_or(conflict: str, table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch]) -> int:
    if connection.vendor != "postgresql":
        return _insert_many(table, columns, batches, conflict)
    names = ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE arriving AS SELECT {names} FROM {_quoted(table)} WITH NO DATA")
        count = _copy("arriving", columns, batches)
        cursor.execute(f"INSERT INTO {_quoted(table)} ({names}) SELECT {names} FROM arriving {conflict}")
        cursor.execute("DROP TABLE arriving")
    return count


def delete(table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch]) -> None:
    """Delete the rows whose `columns` equal a row of the batches (no nulls)."""
    mark = "%s" if connection.vendor == "postgresql" else "?"
    matched = " AND ".join(f"{_quoted(name)} = {mark}" for name in columns)
    sql = f"DELETE FROM {_quoted(table)} WHERE {matched}"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for batch in batches:
                cursor.executemany(sql, list(_rows(batch)))
    else:
        for batch in batches:
            _execute_many(sql, list(_rows(_for_sqlite(batch))))


def _insert_many(table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch], conflict: str = "") -> int:
    """SQLite: many rows a statement, since every statement has its price."""
    count, marks = 0, f"({', '.join('?' * len(columns))})"
    into = f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, columns))}) VALUES "
    with _no_collection():
        for batch in batches:
            values = list(chain.from_iterable(_rows(_for_sqlite(batch))))
            for rows in (TOGETHER, 1):
                width = rows * len(columns)
                end = len(values) // width * width
                _execute_many(
                    f"{into}{', '.join([marks] * rows)} {conflict}",
                    [values[start : start + width] for start in range(0, end, width)],
                )
                values = values[end:]
            count += batch.num_rows
    return count


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _execute_many(sql: str, parameters: Sequence[Sequence[object]]) -> None:
    """Straight to the sqlite3 connection: Django's cursor would look at every parameter of every row."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.connection.executemany(sql, parameters)


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _for_sqlite(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [_plain(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain(column: pa.Array) -> pa.Array:
    """Days as ISO text and booleans as 0/1, as Django stores them in SQLite."""
    if pa.types.is_date(column.type):
        return column.cast(pa.string())
    return column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of short-lived tuples make the garbage collector walk the heap again and again for nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _copy(table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch]) -> int:
    names = ", ".join(map(_quoted, columns))
    count = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {_quoted(table)} ({names}) FROM STDIN (FORMAT csv)") as copy:
        for batch in batches:
            copy.write(_as_csv(batch))
            count += batch.num_rows
    return count


def _as_csv(batch: pa.RecordBatch) -> bytes:
    from pyarrow import csv

    columns = [_hex(column) if pa.types.is_binary(column.type) else column for column in batch.columns]
    sink = io.BytesIO()
    plain = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    csv.write_csv(pa.Table.from_batches([plain]), sink, csv.WriteOptions(include_header=False))
    return sink.getvalue()


def _hex(column: pa.Array) -> pa.Array:
    texts = [None if value is None else "\\x" + value.hex() for value in column.to_pylist()]
    return pa.array(texts, pa.string())
