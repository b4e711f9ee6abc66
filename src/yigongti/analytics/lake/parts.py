"""Writes a sorted stream of rows as Parquet parts, one or more a month, while the caller goes on with the store."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.kernel.facts import FactTable, Kind
from yigongti.kernel.ids import new_id
from yigongti.spine.home import home

ROW_GROUP = 122_880
PENDING = 1_200_000
WHOLE, UNDATED = "all", "undated"
COUNTY_OFFSET = np.timedelta64(8, "h")
"""From UTC to the county's time: the month of an instant is the county's."""


@dataclass(frozen=True)
class Written:
    """A finished part, on the disk for good but in no manifest yet."""

    table: str
    month: str
    path: Path
    rows: int
    size: int

    @property
    def relative(self) -> str:
        return str(self.path.relative_to(home().lake))


def part_path(table: str, month: str) -> Path:
    """A new part's place: lake/<table>/<month>/<id>.parquet."""
    folder = home().lake / table / month
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{new_id()}.parquet"


def settled(table: str, month: str, path: Path) -> Written:
    """A part whose file is complete: flushed to the disk, counted."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return Written(table, month, path, pq.read_metadata(path).num_rows, path.stat().st_size)


class PartWriter:
    """Takes batches in order and writes them in a thread of its own; `with` ends when all are on the disk.

    After an error, here or in the caller's block, no file of it is left.
    """

    def __init__(self, table: FactTable) -> None:
        self.table = table
        self.written: list[Written] = []
        self._open: dict[str, tuple[Path, pq.ParquetWriter]] = {}
        self._pending: dict[str, list[pa.RecordBatch]] = defaultdict(list)
        self._queue: Queue[pa.RecordBatch | None] = Queue(maxsize=4)
        self._error: BaseException | None = None
        self._made: list[Path] = []
        self._thread = Thread(target=self._work, name=f"lake-{table.name}", daemon=True)

    def __enter__(self) -> "PartWriter":
        self._thread.start()
        return self

    def put(self, batch: pa.RecordBatch) -> None:
        """Queue rows with exactly the dictionary's columns.  Raises what writing earlier ones raised."""
        if self._error is not None:
            raise self._error
        self._queue.put(batch)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.put(None)
        self._thread.join()
        if error is not None or self._error is not None:
            self.discard()
        if error is None and self._error is not None:
            raise self._error

    def discard(self) -> None:
        """Remove every file that was written."""
        for path in self._made:
            path.unlink(missing_ok=True)

    def _work(self) -> None:
        """Take until the end, even after an error, so that the caller is never left waiting."""
        while (batch := self._queue.get()) is not None:
            self._unless_failed(partial(self._take, batch))
        self._unless_failed(self._end)

    def _unless_failed(self, step: Callable[[], None]) -> None:
        if self._error is None:
            try:
                step()
            except BaseException as error:  # handed to the caller's thread, which raises it
                self._error = error

    def _end(self) -> None:
        for month in list(self._pending):
            self._flush(month)
        for month in list(self._open):
            self._finish(month)

    def _take(self, batch: pa.RecordBatch) -> None:
        for month, rows in by_month(self.table, batch):
            self._pending[month].append(rows)
            if _rows(self._pending[month]) >= ROW_GROUP:
                self._flush(month)
        while sum(map(_rows, self._pending.values())) > PENDING:
            self._flush(max(self._pending, key=lambda month: _rows(self._pending[month])))

    def _flush(self, month: str) -> None:
        batches = self._pending.pop(month)
        _, writer = self._open.get(month) or self._begin(month, batches[0].schema)
        writer.write_table(pa.Table.from_batches(batches), row_group_size=ROW_GROUP)

    def _begin(self, month: str, schema: pa.Schema) -> tuple[Path, pq.ParquetWriter]:
        path = part_path(self.table.name, month)
        self._made.append(path)
        self._open[month] = path, pq.ParquetWriter(path, schema, compression="zstd")
        return self._open[month]

    def _finish(self, month: str) -> None:
        path, writer = self._open.pop(month)
        writer.close()
        self.written.append(settled(self.table.name, month, path))


def _rows(batches: list[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in batches)


def by_month(table: FactTable, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The batch cut by the month of the table's `month` column, order kept; "all" for tables without one."""
    if not table.month:
        yield WHOLE, batch
        return
    months = _months(batch.column(table.month), table[table.month].kind)
    order = np.argsort(months, kind="stable")
    found, starts = np.unique(months[order], return_index=True)
    for month, rows in zip(found, np.split(order, starts[1:]), strict=True):
        yield _named(month), batch.take(pa.array(rows)) if len(found) > 1 else batch


def _months(values: pa.Array, kind: Kind) -> np.ndarray:
    """The month of each day or instant, in the county's time; NaT for null."""
    moments = values.to_numpy(zero_copy_only=False)
    return (moments + COUNTY_OFFSET if kind is Kind.INSTANT else moments).astype("datetime64[M]")


def _named(month: np.datetime64) -> str:
    return UNDATED if np.isnat(month) else str(month)
