"""Parquet to batches: typed or text columns under English or Chinese names."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.exchange.files.reading.blocks import head_of
from yigongti.exchange.files.reading.headers import Header, understand
from yigongti.exchange.files.reading.naming import table_of
from yigongti.exchange.files.reading.offers import one_table
from yigongti.exchange.files.sources import Delivery, Offer, RawBatch, TableSource
from yigongti.kernel.errors import FileRefused

BATCH = 65_536


class ParquetReader:
    """`<table>.parquet`."""

    def claims(self, path: Path) -> bool:
        return path.suffix.casefold() == ".parquet"

    def offers(self, paths: Sequence[Path]) -> list[Offer]:
        return [one_table(path, open_parquet) for path in paths]


def open_parquet(path: Path) -> Delivery:
    """Raises FileRefused where it is no Parquet file of a fact table."""
    table = table_of(path)
    head_of(path, expected="Parquet", allowed=b"PAR1", size=16)
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(path, error) from error
    meaning = understand(names, table, file=str(path))
    source = TableSource(table, str(path), partial(read, path, meaning), yuan=meaning.yuan, unitless=meaning.unitless)
    return Delivery(str(path), (source,), path.stat().st_size)


def read(path: Path, meaning: Header) -> Iterator[RawBatch]:
    """The file from its start; lines are record numbers."""
    first = 1
    try:
        with pq.ParquetFile(path) as file:
            share = path.stat().st_size / max(1, file.metadata.num_rows)
            for batch in file.iter_batches(BATCH):
                given = dict(zip(batch.schema.names, batch.columns, strict=True))
                numbers = given.pop(meaning.quarantine, None)
                columns = {column: given[header] for header, column in meaning.columns.items()}
                lines = pa.array(np.arange(first, first + batch.num_rows))
                yield RawBatch(columns, lines, given, size=int(share * batch.num_rows), numbers=numbers)
                first += batch.num_rows
    except (pa.ArrowInvalid, pa.ArrowIOError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> FileRefused:
    return FileRefused(
        "Parquet 文件不完整或已损坏",
        where=str(path),
        why=str(error).splitlines()[0],
        remedy="请重新导出或重新传输该文件",
    )
