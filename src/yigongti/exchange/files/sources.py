"""The seam between the outside's shapes and loading: a delivery holds sources, a source yields batches of columns.

CSV, workbooks, Parquet and NDJSON are read into this shape (`reading`), and so is FHIR; checking, staging, quarantine
and reports know nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from yigongti.kernel.facts import FactTable


@dataclass(frozen=True)
class Unreadable:
    """A row that could not even be divided into columns: its line, its text as it stands, and why."""

    line: int
    text: str
    reason: str
    remedy: str = "请按表头的列数改正该行"


@dataclass(frozen=True)
class RawBatch:
    """Rows of one fact table as they came.

    columns: dictionary column name → text or typed values (columns that the file does not have are left out);
    lines: the 1-based line (sheet row, record number) of each row; given: original header → values as they stood,
    for the quarantine; unreadable: rows of this stretch of the file that have no columns; file: where the rows came
    from, where that is not the source's file; size: bytes read, for the progress bar; numbers: of the quarantined
    rows that these rows mend, as text (only in a file exported from the quarantine).
    """

    columns: Mapping[str, pa.Array]
    lines: pa.Array
    given: Mapping[str, pa.Array]
    unreadable: tuple[Unreadable, ...] = ()
    file: str = ""
    size: int = 0
    numbers: pa.Array | None = None

    @property
    def rows(self) -> int:
        return len(self.lines)


class Source(Protocol):
    """One table's rows out of one file (or group of files); can be read again from the start.

    yuan: columns given in yuan (text or numbers), to be turned into fen; unknown: columns whose value this kind of
    source cannot know, so that null is accepted where the dictionary asks for a value; unitless: money columns
    whose header does not say fen or yuan (taken as fen, unless the values look like yuan: then the file is refused).
    `batches` raises FileRefused where the file turns out to be unreadable half-way.
    """

    @property
    def table(self) -> FactTable: ...
    @property
    def file(self) -> str: ...
    @property
    def yuan(self) -> frozenset[str]: ...
    @property
    def unknown(self) -> frozenset[str]: ...
    @property
    def unitless(self) -> frozenset[str]: ...
    def batches(self) -> Iterator[RawBatch]: ...


@dataclass(frozen=True)
class Delivery:
    """What is stored in one transaction or not at all: a file's tables.  notes: for the report."""

    file: str
    sources: tuple[Source, ...]
    size: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A delivery that has not been opened: opening may raise FileRefused, which then concerns this file alone.

    order: the place of its first table in the dictionary; table: its name where one file is one table.
    """

    file: str
    order: int
    open: Callable[[], Delivery]
    table: str = ""


class Reader(Protocol):
    """A kind of file.  `claims` looks at name and first bytes; `offers` gets all the claimed paths at once."""

    def claims(self, path: Path) -> bool: ...
    def offers(self, paths: Sequence[Path]) -> list[Offer]: ...


@dataclass(frozen=True)
class TableSource:
    """A source over a function that reads from the start."""

    table: FactTable
    file: str
    read: Callable[[], Iterator[RawBatch]]
    yuan: frozenset[str] = field(default=frozenset())
    unknown: frozenset[str] = field(default=frozenset())
    unitless: frozenset[str] = field(default=frozenset())

    def batches(self) -> Iterator[RawBatch]:
        return self.read()
