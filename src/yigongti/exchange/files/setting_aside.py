"""What only a whole table shows: repeated keys, and institutions whose parent is nowhere."""

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
from django.apps import apps

from yigongti.analytics.lake.staging import Staging
from yigongti.exchange.files.checking import words
from yigongti.exchange.files.checking.words import Why
from yigongti.kernel.facts import COUNTY, FactTable

Lines = Mapping[int, tuple[str, Why]]


class Aside(Protocol):
    """Rows that have left the staging: among the lines of a stretch of a file, which, in which column, and why."""

    def among(self, file: int, lines: pa.Array) -> Lines: ...


class Repeats:
    """Rows whose key an earlier row of the delivery has.  Kept in columns: a file may hold everything twice."""

    def __init__(self, staging: Staging, table: FactTable, files: list[str]) -> None:
        self._table, self._files = table, files
        self._rows = staging.set_aside_repeats(table)

    def __bool__(self) -> bool:
        return self._rows.num_rows > 0

    def among(self, file: int, lines: pa.Array) -> Lines:
        here = pc.and_(pc.equal(self._rows["file"], file), pc.is_in(self._rows["line"], value_set=lines))
        return {row["line"]: (self._table.key[0], self._why(row)) for row in self._rows.filter(here).to_pylist()}

    def _why(self, row: Mapping[str, int]) -> Why:
        other = "" if row["first_file"] == row["file"] else f" {self._files[row['first_file']]} "
        return words.repeated(self._table, f"{other}第 {row['first_line']} 行")


class Orphans:
    """Institutions whose parent is neither in the store nor validly in the delivery, to any depth."""

    def __init__(self, staging: Staging) -> None:
        table = COUNTY["institution"]
        stored = set(apps.get_model("places.Institution").objects.values_list("pk", flat=True))
        rows = staging.values(table, ("institution_id", "parent_id", "_file", "_line")).to_pylist()
        self._places: set[tuple[int, int]] = set()
        while lost := self._lost(rows, stored):
            self._places |= lost
            rows = [row for row in rows if (row["_file"], row["_line"]) not in lost]
        staging.set_aside(table, sorted(self._places))
        self._told = ("parent_id", words.unknown_institution(table["parent_id"]))

    def __bool__(self) -> bool:
        return bool(self._places)

    def among(self, file: int, lines: pa.Array) -> Lines:
        return {line: self._told for line in lines.to_pylist() if (file, line) in self._places}

    @staticmethod
    def _lost(rows: list[dict[str, object]], stored: set[object]) -> set[tuple[int, int]]:
        known = stored | {row["institution_id"] for row in rows} | {None}
        return {(row["_file"], row["_line"]) for row in rows if row["parent_id"] not in known}  # type: ignore[misc]  # numbers
