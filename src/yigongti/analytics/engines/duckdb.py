"""DuckDB inside the process: views over Parquet files or Arrow tables, with the dictionary's columns and types."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.analytics.engines.engine import Aggregate, Source
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.facts import Column, FactTable, Kind

_TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.LIST: "VARCHAR[]",
    Kind.DAY: "DATE",
    Kind.MONTH: "VARCHAR",
    Kind.INSTANT: "TIMESTAMPTZ",
    Kind.INTEGER: "BIGINT",
    Kind.FEN: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.FLAG: "BOOLEAN",
}


class DuckDBEngine:
    """An engine of its own connection; use it in a `with` block, or `close()` it.

    threads, memory ("2GB"): limits; None leaves DuckDB's own.
    """

    def __init__(self, *, threads: int | None = None, memory: str | None = None) -> None:
        self._connection = duckdb.connect()
        self._set("TimeZone", COUNTY_TIME.key)
        self._set("preserve_insertion_order", "false")
        if threads is not None:
            self._set("threads", str(threads))
        if memory is not None:
            self._set("memory_limit", memory)

    def __enter__(self) -> "DuckDBEngine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and files back."""
        self._connection.close()

    def attach(self, tables: Iterable[FactTable], *, sources: Mapping[str, Source]) -> None:
        """As in Engine.attach."""
        for table in tables:
            self._attach(table, sources.get(table.name, ()))

    def define(self, name: str, expression: ir.Table) -> None:
        """As in Engine.define."""
        self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {self.sql(expression)}')

    def sql(self, expression: ir.Table) -> str:
        """As in Engine.sql."""
        return str(ibis.to_sql(expression, dialect="duckdb"))

    def collect(self, expression: ir.Table) -> pa.Table:
        """As in Engine.collect."""
        return self._connection.sql(self.sql(expression)).to_arrow_table()

    def collect_by(
        self, rows: ir.Table, aggregates: Sequence[Aggregate], *, groupings: Sequence[tuple[str, ...]]
    ) -> list[pa.Table]:
        """As in Engine.collect_by."""
        groups = list(dict.fromkeys(group for grouping in groupings for group in grouping))
        named = [_name(group) for group in groups]
        sets = ", ".join(f"({', '.join(map(_name, grouping))})" for grouping in groupings)
        which = f"GROUPING({', '.join(named)})" if named else "0"
        columns = [f'{which} AS "{WHICH}"', *named, *map(_aggregate, aggregates)]
        sql = f"SELECT {', '.join(columns)} FROM ({self.sql(rows)}) GROUP BY GROUPING SETS ({sets})"
        found = self._connection.sql(sql).to_arrow_table()
        kept = [each.name for each in aggregates]
        return [
            found.filter(pc.equal(found[WHICH], _mark(grouping, groups))).select([*grouping, *kept])
            for grouping in groupings
        ]

    def _attach(self, table: FactTable, source: Source) -> None:
        if isinstance(source, pa.Table):
            self._connection.register(f"{table.name} as given", source)
            rows, present = f'"{table.name} as given"', set(source.column_names)
        else:
            rows, present = self._scan(source)
        columns = ", ".join(_column(each, present) for each in table.columns)
        empty = "" if rows else " WHERE false"
        self._connection.execute(
            f'CREATE OR REPLACE TEMP VIEW "{table.name}" AS SELECT {columns}{f" FROM {rows}" if rows else ""}{empty}'
        )

    def _scan(self, files: Sequence[Path]) -> tuple[str, set[str]]:
        if not files:
            return "", set()
        listing = ", ".join(_quoted(str(path)) for path in files)
        rows = f"read_parquet([{listing}], union_by_name = true, hive_partitioning = false)"
        return rows, set(self._connection.sql(f"SELECT * FROM {rows} LIMIT 0").columns)

    def _set(self, name: str, value: str) -> None:
        self._connection.execute(f"SET {name} = {_quoted(value)}")


WHICH = "which grouping"
"""The column that tells by which grouping a row was aggregated."""


def _mark(grouping: Sequence[str], groups: Sequence[str]) -> int:
    """What GROUPING() says of a grouping's rows: a bit a group, the first the highest, set where it is left out."""
    return sum(1 << place for place, group in enumerate(reversed(groups)) if group not in grouping)


def _aggregate(each: Aggregate) -> str:
    value = {"count": "count(*)", "sum": f"sum({_name(each.of)})", "distinct": f"count(DISTINCT {_name(each.of)})"}
    where = f" FILTER (WHERE {_name(each.where)})" if each.where else ""
    return f"{value[each.how]}{where} AS {_name(each.name)}"


def _name(column: str) -> str:
    return f'"{column}"'


def _column(column: Column, present: set[str]) -> str:
    value = f'"{column.name}"' if column.name in present else "NULL"
    return f'CAST({value} AS {_TYPES[column.kind]}) AS "{column.name}"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
