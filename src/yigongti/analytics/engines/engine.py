"""What an engine is: it is given fact tables, and turns Ibis expressions over them into Arrow.

Expressions are built on unbound tables (`unbound`), so that they belong to no engine; an engine compiles them in
its own dialect.  Two promises hold on every engine: a fact table without any file is there and empty, and an
instant turned into a day is the day in the county (kernel.clock.COUNTY_TIME), not in UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yigongti.kernel.facts import FactTable

Source: TypeAlias = Sequence[Path] | pa.Table
"""A fact table's Parquet files (none: an empty table), or the table itself in memory."""


@dataclass(frozen=True)
class Aggregate:
    """One column of a result: rows counted, a column summed, or its different values counted.

    of: the column ("" for a count of rows); where: the column that says which rows count ("": all).
    """

    name: str
    how: Literal["count", "sum", "distinct"]
    of: str = ""
    where: str = ""


class Engine(Protocol):
    """The whole of what the runner asks of an engine."""

    def attach(self, tables: Iterable[FactTable], *, sources: Mapping[str, Source]) -> None:
        """Make the tables known under their names with the dictionary's columns and types.

        A table that `sources` lacks is empty; a column that its files lack is null.
        """

    def define(self, name: str, expression: ir.Table) -> None:
        """Work a small table out once and keep it under a name, for the expressions that follow."""

    def sql(self, expression: ir.Table) -> str:
        """The query that the engine runs for an expression, for people to read."""

    def collect(self, expression: ir.Table) -> pa.Table:
        """Work an expression out."""

    def collect_by(
        self, rows: ir.Table, aggregates: Sequence[Aggregate], *, groupings: Sequence[tuple[str, ...]]
    ) -> list[pa.Table]:
        """Aggregate rows by several groupings in one pass: a table a grouping, with its groups and the aggregates."""


def unbound(tables: Iterable[FactTable]) -> dict[str, ir.Table]:
    """Ibis tables by name with the dictionary's columns, bound to no engine.

    Every column may be null: an outer join makes it so whatever the dictionary says.
    """
    return {table.name: ibis.table(_nullable(table.schema), name=table.name) for table in tables}


def _nullable(schema: pa.Schema) -> ibis.Schema:
    return ibis.Schema.from_pyarrow(pa.schema([field.with_nullable(True) for field in schema]))
