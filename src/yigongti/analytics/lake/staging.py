"""Where the valid rows of a delivery wait outside store and lake: an embedded DuckDB that spills to disk.

A staged table has the dictionary's columns, `_file` (number of the file in the delivery) and `_line`.
"""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.kernel.ids import new_id
from yigongti.spine.home import home

MEMORY = "640MB"
THREADS = 2
ROW_GROUP = 122_880
"""Rows that DuckDB stores together."""
PLACE = (pa.field("_file", pa.int32()), pa.field("_line", pa.int64()))


def quoted(names: Iterable[str], prefix: str = "") -> str:
    """A list of quoted SQL identifiers: `at` and `table` are words of SQL as well."""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def lake_schema(table: FactTable) -> pa.Schema:
    """The dictionary's columns, all nullable: a source may not be able to know one."""
    return pa.schema([pa.field(column.name, column.arrow) for column in table.columns])


def staged_schema(table: FactTable) -> pa.Schema:
    """The lake's columns and the row's place in its file."""
    return pa.schema([*lake_schema(table), *PLACE])


def sorting(table: FactTable) -> list[str]:
    """The order of rows in store and lake: a person's facts together, in time; others by key."""
    return [table.person, table.month or table.key[0]] if table.person else list(table.key)


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that keeps to its memory, spills to `folder`, and lives in the county's time.

    Its progress bar is off: it would write into what a command prints.
    """
    connection = duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS})
    for setting in (
        f"temp_directory = '{folder}'", "TimeZone = 'Asia/Shanghai'",
        "preserve_insertion_order = false", "enable_progress_bar = false",
    ):  # fmt: skip
        connection.execute(f"SET {setting}")
    return connection


class Staging:
    """Open it with `with`; whatever happens, its files are gone afterwards."""

    def __init__(self) -> None:
        self.folder = home().lake / ".staging" / new_id()
        self.tables: list[str] = []

    def __enter__(self) -> "Staging":
        self.folder.mkdir(parents=True)
        self.connection = connected(self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, table: FactTable, *batches: pa.RecordBatch) -> None:
        """Stage rows in `staged_schema(table)`, best a `ROW_GROUP` of them; they must be valid, but keys may repeat."""
        self.connection.register("arriving", pa.Table.from_batches(batches))
        if table.name in self.tables:
            self.connection.execute(f"INSERT INTO {self.name(table)} SELECT * FROM arriving")
        else:
            self.connection.execute(f"CREATE TABLE {self.name(table)} AS SELECT * FROM arriving")
            self.tables.append(table.name)
        self.connection.unregister("arriving")

    def name(self, table: FactTable) -> str:
        return f'"staged_{table.name}"'

    def set_aside_repeats(self, table: FactTable) -> pa.Table:
        """Remove every row whose key an earlier row has; the first occurrence stays.

        Returns where both are: (file, line, first_file, first_line), file numbers and lines.
        """
        keys, name = quoted(table.key), self.name(table)
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE several AS
                SELECT {keys} FROM {name} GROUP BY {keys} HAVING count(*) > 1"""
        )
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE repeat AS
                SELECT _file AS file, _line AS line, first._file AS first_file, first._line AS first_line FROM (
                    SELECT _file, _line, min({{'_file': _file, '_line': _line}}) OVER (PARTITION BY {keys}) AS first
                    FROM {name} SEMI JOIN several USING ({keys}))
                WHERE (_file, _line) <> (first._file, first._line)"""
        )
        found = self.connection.sql("SELECT * FROM repeat").to_arrow_table()
        if found.num_rows:
            self.connection.execute(
                f"DELETE FROM {self.name(table)} WHERE (_file, _line) IN (SELECT (file, line) FROM repeat)"
            )
        return found

    def set_aside(self, table: FactTable, places: Sequence[tuple[int, int]]) -> None:
        """Remove the rows at these places (file number, line)."""
        lines = pa.table({"_file": [f for f, _ in places], "_line": [n for _, n in places]}, pa.schema(PLACE))
        self.connection.register("leaving", lines)
        self.connection.execute(
            f"DELETE FROM {self.name(table)} WHERE (_file, _line) IN (SELECT (_file, _line) FROM leaving)"
        )
        self.connection.unregister("leaving")

    def values(self, table: FactTable, columns: Sequence[str]) -> pa.Table:
        """The named columns (and `_file`, `_line`) of the staged rows."""
        return self.connection.sql(f"SELECT {quoted(columns)} FROM {self.name(table)}").to_arrow_table()

    def arrived(self, table: FactTable, waiting: pa.Table) -> list[int]:
        """waiting: (number, key), the key's columns joined by “|”.  Which numbers' keys are among the staged rows."""
        key = ", ".join(f'"{name}"::VARCHAR' for name in table.key)
        self.connection.register("waiting", waiting)
        arrived = f"SELECT concat_ws('|', {key}) AS key FROM {self.name(table)}"
        found = self.connection.execute(f"SELECT number FROM waiting SEMI JOIN ({arrived}) USING (key)").fetchall()
        self.connection.unregister("waiting")
        return [number for (number,) in found]

    def dangling(self, table: FactTable, column: str, known: Sequence[Path | str]) -> int:
        """How many staged rows hold in `column` a key that neither the lake's parts `known` nor the delivery has."""
        target = COUNTY[table[column].refers]
        sources = [f"SELECT {quoted(target.key)} FROM {self.name(target)}"] if target.name in self.tables else []
        if known:
            sources.append(f"SELECT {quoted(target.key)} FROM read_parquet({[str(path) for path in known]})")
        if not sources:
            query = f'SELECT count("{column}") FROM {self.name(table)}'
        else:
            query = f"""SELECT count(*) FROM {self.name(table)} WHERE "{column}" IS NOT NULL
                        AND "{column}" NOT IN ({" UNION ALL ".join(sources)})"""
        return int(self.connection.execute(query).fetchall()[0][0])
