"""Refused rows into the quarantine: spooled to disk while a file is read, stored in the load's own transaction."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from yigongti.exchange.files.checking.refusing import RefusedRow
from yigongti.exchange.files.models import SEALED, Load, QuarantinedRow
from yigongti.spine.people.sealing import encrypt_many
from yigongti.spine.record import bulk

SECRET_TABLES = ("identity",)
HIDDEN = "(已加密)"
CHUNK = 4096
COLUMNS = ("load_id", "table", "file", "line", "key", "cells", "rule", "column", "value", "reason", "remedy",
           "problems", "fingerprint", "state", "settled_by", "settled_why")  # fmt: skip


class Spool:
    """Refused rows on the disk until their load is stored: a file of which every row is refused fits in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, table: str, file: str, rows: Iterable[RefusedRow]) -> None:
        """Keep the rows of a table of a file, in the order in which they come."""
        found = iter(rows)
        while chunk := [orjson.dumps(_stored(table, file, row)) for row in islice(found, CHUNK)]:
            with self._path(table, file).open("ab") as sink:
                sink.write(b"\n".join(chunk) + b"\n")
            self._counts[table, file] = self.count(table, file) + len(chunk)

    def count(self, table: str, file: str) -> int:
        return self._counts.get((table, file), 0)

    def rows(self, table: str, file: str) -> Iterator[dict[str, Any]]:
        if self.count(table, file):
            with self._path(table, file).open("rb") as source:
                yield from map(orjson.loads, source)

    def _path(self, table: str, file: str) -> Path:
        return self._folder / f"refused-{table}-{hashlib.sha256(file.encode()).hexdigest()[:12]}.ndjson"


def keep(spool: Spool, load: Load) -> None:
    """Store the load's refused rows; those that the quarantine already holds (same file, line, content) stay once."""
    rows = spool.rows(load.table, load.file)
    bulk.insert_new(QuarantinedRow._meta.db_table, COLUMNS, _batches(rows, load), key=["fingerprint"])


def _stored(table: str, file: str, row: RefusedRow) -> dict[str, Any]:
    cells = orjson.dumps(dict(row.cells)).decode()
    name = file.rpartition("/")[2]
    problems = [{**vars(problem), "value": problem.value.replace("\0", "␀")} for problem in row.problems]
    fingerprint = hashlib.sha256(f"{table}\n{name}\n{row.line}\n{cells}".encode()).hexdigest()
    if table in SECRET_TABLES:
        sealed = encrypt_many("quarantine", [cells])[0]
        cells = SEALED + (sealed or b"").hex()
        problems = [{**problem, "value": HIDDEN} for problem in problems]
    return {
        "table": table, "file": file, "line": row.line, "key": row.key[:300], "cells": cells, **problems[0],
        "problems": orjson.dumps(problems).decode() if len(problems) > 1 else "", "fingerprint": fingerprint,
        "state": QuarantinedRow.OPEN, "settled_by": "", "settled_why": "",
    }  # fmt: skip


def _batches(rows: Iterator[dict[str, Any]], load: Load) -> Iterator[pa.RecordBatch]:
    while chunk := list(islice(rows, CHUNK)):
        columns = [pa.array([load.pk] * len(chunk), pa.int64())]
        columns += [pa.array([row[name] for row in chunk]) for name in COLUMNS[1:]]
        yield pa.RecordBatch.from_arrays(columns, names=list(COLUMNS))
