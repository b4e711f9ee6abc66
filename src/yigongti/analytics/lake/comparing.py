"""Staged rows against the lake's: which are new, which replace an earlier version, which change nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from yigongti.analytics.lake.manifest import located, paths
from yigongti.analytics.lake.staging import Staging, quoted
from yigongti.kernel.facts import FactTable
from yigongti.spine.home import home


@dataclass(frozen=True)
class Counts:
    """What became of valid rows."""

    loaded: int = 0
    replaced: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> int:
        return self.loaded + self.replaced


@dataclass(frozen=True)
class Comparison:
    """Counts by file number; `parts` are the relative paths of the parts that hold rows to be replaced."""

    table: FactTable
    counts: Mapping[int, Counts]
    parts: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        return sum(counts.changed for counts in self.counts.values())

    @property
    def replaced(self) -> int:
        return sum(counts.replaced for counts in self.counts.values())


def compare(staging: Staging, table: FactTable) -> Comparison:
    """Compare by key, then by all columns; the unchanged rows leave the staging.

    Leaves a table `met_<table>` (part, row number in it, file, line, same) for whoever rewrites the parts.  Rows are
    compared by a 64-bit hash of all columns, computed in this one session, among rows of equal key.
    """
    known = paths(table.name)
    if not known:
        return Comparison(
            table, {file: Counts(loaded=rows) for file, rows in _by_file(staging, staging.name(table)).items()}
        )
    _meet(staging, table, known)
    counts = tally(staging, table)
    return Comparison(table, counts, _affected(staging, table))


def tally(staging: Staging, table: FactTable) -> dict[int, Counts]:
    """Counts by file from `met_<table>`; the unchanged rows leave the staging."""
    total = _by_file(staging, staging.name(table))
    same = _by_file(staging, f"{met(table)} WHERE same")
    replaced = _by_file(staging, f"{met(table)} WHERE NOT same")
    if same:
        staging.connection.execute(
            f"""DELETE FROM {staging.name(table)}
                WHERE (_file, _line) IN (SELECT (_file, _line) FROM {met(table)} WHERE same)"""
        )
    return {
        file: Counts(rows - replaced.get(file, 0) - same.get(file, 0), replaced.get(file, 0), same.get(file, 0))
        for file, rows in total.items()
    }


def met(table: FactTable) -> str:
    """The name of the table of meetings."""
    return f'"met_{table.name}"'


def _meet(staging: Staging, table: FactTable, known: list[str]) -> None:
    keys = quoted(table.key)
    staging.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {met(table)} AS
            SELECT e.filename AS part, e.file_row_number AS number, s._file, s._line,
                   s.digest = hash({quoted(table.names, "e.")}) AS same
            FROM read_parquet({known}, filename = true, file_row_number = true) e
            JOIN (SELECT {keys}, _file, _line, hash({quoted(table.names)}) AS digest FROM {staging.name(table)}) s
            USING ({keys})"""
    )


def _affected(staging: Staging, table: FactTable) -> tuple[str, ...]:
    rows = staging.connection.execute(f"SELECT DISTINCT part FROM {met(table)} WHERE NOT same ORDER BY part").fetchall()
    return tuple(str(located(part).relative_to(home().lake)) for (part,) in rows)


def _by_file(staging: Staging, rows: str) -> dict[int, int]:
    return dict(staging.connection.execute(f"SELECT _file, count(*) FROM {rows} GROUP BY _file").fetchall())
