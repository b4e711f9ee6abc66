"""The groups that scans found, and every tally as an array with one place a group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from yigongti.analytics.runner.plan import Scan
from yigongti.kernel.indicators import MONTH, Tally

Key = tuple[str | date | None, ...]
Numbers = np.ndarray


@dataclass(frozen=True)
class Grid:
    """by: the groups; keys: what they are, one tuple a group, sorted; tallies: arrays in the order of the keys,
    nan where a scan has nothing for the group."""

    by: tuple[str, ...]
    keys: list[Key]
    tallies: Mapping[Tally, Numbers]

    def numbers(self, tally: Tally) -> Numbers:
        """A tally with 0 where there was nothing."""
        return np.nan_to_num(self.tallies[tally], nan=0.0)

    def found(self, tally: Tally) -> Numbers:
        """Where a tally rests on any row: counted more than none, or summed at all."""
        numbers = self.tallies[tally]
        return ~np.isnan(numbers) if tally.how == "sum" else self.numbers(tally) > 0

    def months(self) -> list[date | None]:
        """The first day of each group's month; None for every group when not by month."""
        if MONTH not in self.by:
            return [None] * len(self.keys)
        place = self.by.index(MONTH)
        return [month if isinstance(month := key[place], date) else None for key in self.keys]


def grid(scanned: Iterable[tuple[Scan, pa.Table]], *, by: tuple[str, ...]) -> Grid:
    """Lay the results of all scans over the union of their groups."""
    laid = [(scan, table, _keys(scan, table, by)) for scan, table in scanned]
    every = sorted({key for _, _, keys in laid for key in keys}, key=_none_last)
    places = {key: place for place, key in enumerate(every)}
    tallies = {}
    for scan, table, keys in laid:
        at = np.fromiter((places[key] for key in keys), dtype=np.int64, count=len(keys))
        for index, tally in enumerate(scan.tallies):
            numbers = np.full(len(every), np.nan)
            numbers[at] = _floats(table[f"t{index}"])
            tallies[tally] = numbers
    return Grid(by, every, tallies)


def _keys(scan: Scan, table: pa.Table, by: tuple[str, ...]) -> list[Key]:
    if not by:
        return [()] * table.num_rows
    columns = [table[group].to_pylist() for group in by]
    if scan.era == "a_year_before" and MONTH in by:
        place = by.index(MONTH)
        columns[place] = [month and month.replace(year=month.year + 1) for month in columns[place]]
    return list(zip(*columns, strict=True))


def _floats(column: pa.ChunkedArray) -> Numbers:
    return column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)


def _none_last(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((part is None, str(part)) for part in key)
