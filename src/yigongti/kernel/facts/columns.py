"""What a fact table is: columns with kind, label, bounds; a key; sums that must add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """The kind of a column's values, and with it its Arrow type.  A month is written "2025-07"."""

    TEXT = "text"
    CODE = "code"
    LIST = "list"
    DAY = "day"
    MONTH = "month"
    INSTANT = "instant"
    INTEGER = "integer"
    FEN = "fen"
    NUMBER = "number"
    FLAG = "flag"


ARROW: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.LIST: pa.list_(pa.string()),
    Kind.DAY: pa.date32(),
    Kind.MONTH: pa.string(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.INTEGER: pa.int64(),
    Kind.FEN: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column: English name (the contract), Chinese label, kind, and what its values may be.

    choices: code → Chinese label (a file may give either); refers: the table whose key it holds;
    low/high: inclusive bounds (numbers, or ISO days); future: a day or instant after today is allowed.
    """

    name: str
    label: str
    kind: Kind
    null: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    refers: str = ""
    low: float | date | None = None
    high: float | date | None = None
    future: bool = False

    @property
    def arrow(self) -> pa.DataType:
        return ARROW[self.kind]

    @property
    def yuan_name(self) -> str:
        """The name under which a file may give the same column in yuan, or "" (`total_fen` → `total`)."""
        return self.name.removesuffix("_fen") if self.kind is Kind.FEN else ""


@dataclass(frozen=True)
class Sum:
    """An amount rule: the parts sum to the total (`exact`), or do not exceed it.  Nulls excuse the row."""

    parts: tuple[str, ...]
    total: str
    exact: bool = True


@dataclass(frozen=True)
class Product:
    """An amount rule: quantity × unit equals the total, within `within` fen of rounding.  Nulls excuse the row."""

    quantity: str
    unit: str
    total: str
    within: int = 1


@dataclass(frozen=True)
class FactTable:
    """A table of facts.  `month` names the column whose month partitions the lake ("" where there is none);
    `orders` are pairs (earlier, later) of days or instants; `person` is the column of the resident it concerns."""

    name: str
    label: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    month: str = ""
    sums: tuple[Sum, ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    products: tuple[Product, ...] = ()

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def person(self) -> str:
        return "resident_id" if "resident_id" in self.names else ""

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(column.name, column.arrow, column.null) for column in self.columns])
