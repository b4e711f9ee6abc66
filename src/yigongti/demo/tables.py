"""Fact files out: columns become Arrow batches of the table's schema, written in the background as they come.

What a generator hands over for a column may be an Arrow array, or numpy as it computes: day numbers (NEVER is null),
seconds since 1970 UTC for instants (NEVER_AT is null), booleans, numbers, or `coded(indices, values)` for text.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from yigongti.demo.calendar import NEVER
from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind

Form = Literal["parquet", "csv"]
NEVER_AT = np.iinfo(np.int64).max
_CODED = pa.dictionary(pa.int32(), pa.string())
_WAITING = 6


def coded(indices: np.ndarray, values: Sequence[str]) -> pa.DictionaryArray:
    """Text by index into `values` (which may repeat themselves); a negative index is null."""
    place = {value: at for at, value in enumerate(dict.fromkeys(values))}
    whole = indices.astype(np.int32)
    if len(place) < len(values):
        whole = np.array([*(place[value] for value in values), -1], dtype=np.int32)[whole]
    mask = whole < 0 if len(whole) and whole.min() < 0 else None
    return pa.DictionaryArray.from_arrays(pa.array(whole, mask=mask), pa.array(list(place), pa.string()))


def lists(counts: np.ndarray, members: pa.Array) -> pa.ListArray:
    """Lists of text from how many members each has and the members in order."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    if pa.types.is_dictionary(members.type):
        members = members.cast(pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), members)


class Tables:
    """The folder of fact files being written; a context manager that closes (or, on error, leaves) them.

    `rows` counts what was written by table.  Tables to which nothing came are written empty at the end.
    """

    def __init__(self, folder: Path, form: Form = "parquet") -> None:
        self.folder = folder
        self.form = form
        self.rows: dict[str, int] = dict.fromkeys(COUNTY, 0)
        self._writers: dict[str, _TableFile] = {}
        self._pool = ThreadPoolExecutor(1)
        self._pending: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._pool.shutdown(cancel_futures=True)
            for writer in self._writers.values():
                writer.close()

    def write(self, table: str, columns: Mapping[str, Any]) -> None:
        """Add rows to a table.  A column left out is null in every row; an unknown one is a programming error."""
        batch = as_table(COUNTY[table], columns)
        self.rows[table] += batch.num_rows
        while len(self._pending) >= _WAITING:
            self._pending.popleft().result()
        self._pending.append(self._pool.submit(self._append, table, batch))

    def _append(self, name: str, batch: pa.Table) -> None:
        if name not in self._writers:
            self._writers[name] = _TableFile(self.folder / f"{name}.{self.form}", self.form, batch.schema)
        self._writers[name].add(batch)

    def _finish(self) -> None:
        for name in COUNTY:
            if not self.rows[name]:
                self._pending.append(self._pool.submit(self._append, name, COUNTY[name].schema.empty_table()))
        while self._pending:
            self._pending.popleft().result()


class _TableFile:
    """One file of one table, in Parquet or as CSV the way the county's offices would send it."""

    def __init__(self, path: Path, form: Form, schema: pa.Schema) -> None:
        self.schema = schema
        self.form = form
        if form == "csv":
            self.csv = pyarrow.csv.CSVWriter(path, _as_csv(schema.empty_table()).schema)
        else:
            dictionaries = [field.name for field in schema if pa.types.is_dictionary(field.type)]
            self.parquet = pyarrow.parquet.ParquetWriter(
                path, schema, compression="snappy", use_dictionary=dictionaries, store_schema=False
            )

    def add(self, batch: pa.Table) -> None:
        """Append rows."""
        if self.form == "csv":
            self.csv.write_table(_as_csv(batch))
        else:
            self.parquet.write_table(batch.cast(self.schema))

    def close(self) -> None:
        """Finish the file."""
        (self.csv if self.form == "csv" else self.parquet).close()


def as_table(table: FactTable, columns: Mapping[str, Any]) -> pa.Table:
    """The columns as an Arrow table in the dictionary's order; text may stay dictionary-encoded."""
    unknown = set(columns) - set(table.names)
    if unknown:
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    count = len(next(iter(columns.values())))
    arrays = [_as_arrow(column, columns.get(column.name), count) for column in table.columns]
    fields = [pa.field(c.name, array.type, c.null) for c, array in zip(table.columns, arrays, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _as_arrow(column: Column, values: Any, count: int) -> pa.Array:
    if values is None:
        if not column.null:
            raise ValueError(f"column {column.name} must be given")
        return pa.nulls(count, column.arrow)
    if isinstance(values, pa.DictionaryArray):
        return values.cast(_CODED)
    if isinstance(values, np.ndarray):
        return _from_numpy(column, values)
    return values if isinstance(values, pa.Array) else pa.array(values, column.arrow)


def _from_numpy(column: Column, values: np.ndarray) -> pa.Array:
    if column.kind is Kind.DAY:
        return pa.array(values.astype(np.int32), mask=_mask(values, NEVER)).view(pa.date32())
    if column.kind is Kind.INSTANT:
        absent = _mask(values, NEVER_AT)
        micros = np.where(values == NEVER_AT, 0, values) * 1_000_000
        return pa.array(micros, mask=absent).view(column.arrow)
    return pa.array(values).cast(column.arrow)


def _mask(values: np.ndarray, absent: int) -> np.ndarray | None:
    mask = values == absent
    return mask if mask.any() else None


def _as_csv(batch: pa.Table) -> pa.Table:
    """Lists joined by |, instants with +08:00, booleans 1/0, everything else as it is."""
    return pa.table({field.name: _csv_column(batch[field.name], field.type) for field in batch.schema})


def _csv_column(values: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_dictionary(kind):
        return values.cast(pa.string())
    if pa.types.is_list(kind):
        return pc.binary_join(values, "|")
    if pa.types.is_boolean(kind):
        return values.cast(pa.int8())
    if pa.types.is_timestamp(kind):
        local = pc.strftime(values.cast(pa.timestamp("s", tz="Asia/Shanghai")), format="%Y-%m-%dT%H:%M:%S")
        return pc.binary_join_element_wise(local, "+08:00", "")
    return values
