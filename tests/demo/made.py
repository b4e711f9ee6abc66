"""A generated county as tests look at it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.demo import DemoSummary
from yigongti.kernel.facts import COUNTY


@dataclass(frozen=True)
class Made:
    """A generated county: its folder, its summary, its truth.json, and its tables on demand."""

    folder: Path
    summary: DemoSummary
    truth: Mapping[str, Any]
    database: duckdb.DuckDBPyConnection

    def table(self, name: str) -> pa.Table:
        return pq.read_table(self.folder / f"{name}.parquet")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to SQL over the tables by their names."""
        return self.database.execute(query).fetchall()

    def number(self, query: str) -> Any:
        """The single value that SQL over the tables gives."""
        return self.rows(query)[0][0]


def opened(folder: Path, summary: DemoSummary) -> Made:
    database = duckdb.connect()
    for name in COUNTY:
        database.execute(f"create view {name} as select * from read_parquet('{folder / name}.parquet')")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return Made(folder, summary, truth, database)
