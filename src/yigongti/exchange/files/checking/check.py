"""One batch from raw to valid: typed rows of the dictionary's schema, and the rows refused with every reason."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.exchange.files.checking import words
from yigongti.exchange.files.checking.cleaning import as_text
from yigongti.exchange.files.checking.parsing import parse
from yigongti.exchange.files.checking.refusing import RefusedRow, numbers, refused_rows, unreadable_rows
from yigongti.exchange.files.checking.rules import Finding, findings
from yigongti.exchange.files.checking.words import Why
from yigongti.exchange.files.sources import RawBatch, Source
from yigongti.kernel.facts import Column, FactTable, Kind


@dataclass(frozen=True)
class Checked:
    """valid: in the dictionary's schema; lines: of the valid rows; refused: in the order of their lines, made as they
    are taken, once; rows: how many there were (blank rows, which are no rows, left out); size: bytes of the file;
    numbers: of the quarantined rows that the rows mend."""

    file: str
    valid: pa.RecordBatch
    lines: pa.Array
    refused: Iterator[RefusedRow]
    rows: int
    size: int = 0
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Known:
    """What rows may refer to.  institutions: ids in the store and those arriving with the same delivery."""

    institutions: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))


def check(raw: RawBatch, source: Source, known: Known) -> Checked:
    """Check every row of the batch against the dictionary."""
    table, size = source.table, raw.rows
    values, found = _typed(raw, source)
    blank = _blank_rows(table, values, found, size)
    found += [*_missing(source, values, found, size), *findings(table, values), *_institutions(table, values, known)]
    bad = np.zeros(size, dtype=bool)
    for finding in found:
        bad[finding.rows] = True
    return Checked(
        raw.file or source.file,
        *_good(_complete(table, values, size), raw.lines, ~(bad | blank)),
        refused=_refused(raw, table, found, np.flatnonzero(bad & ~blank)),
        rows=int(size - blank.sum()) + len(raw.unreadable),
        size=raw.size,
        numbers=_mended(raw, blank),
    )


def _good(rows: pa.RecordBatch, lines: pa.Array, good: np.ndarray) -> tuple[pa.RecordBatch, pa.Array]:
    if good.all():
        return rows, lines
    keep = pa.array(good)
    return rows.filter(keep), lines.filter(keep)


def _refused(raw: RawBatch, table: FactTable, found: list[Finding], rows: np.ndarray) -> Iterator[RefusedRow]:
    refused = refused_rows(raw, table, found, rows)
    return heapq.merge(refused, unreadable_rows(raw), key=lambda row: row.line)


def _mended(raw: RawBatch, blank: np.ndarray) -> tuple[int, ...]:
    if raw.numbers is None:
        return ()
    return tuple(number for number, empty in zip(numbers(raw), blank.tolist(), strict=True) if number and not empty)


def _typed(raw: RawBatch, source: Source) -> tuple[dict[str, pa.Array], list[Finding]]:
    values: dict[str, pa.Array] = {}
    found: list[Finding] = []
    for name, given in raw.columns.items():
        column, unit = source.table[name], "yuan" if name in source.yuan else ""
        parsed = parse(column, given, unit=unit)
        values[name] = parsed.values
        if parsed.bad.any():
            found.append(_misread(column, given, parsed.bad, unit=unit))
    return values, found


def _misread(column: Column, given: pa.Array, bad: np.ndarray, *, unit: str) -> Finding:
    return Finding(
        column.name, np.flatnonzero(bad), lambda row: words.bad_kind(column, str(_cell(given, row)).strip(), unit=unit)
    )


def _missing(source: Source, values: Mapping[str, pa.Array], found: list[Finding], size: int) -> Iterator[Finding]:
    """Empty cells of columns that must not be; a value that could not be read is not empty."""
    misread = {finding.column: finding.rows for finding in found}
    for column in source.table.columns:
        if column.null or column.kind is Kind.LIST or column.name in source.unknown:
            continue
        if column.name not in values:
            empty = np.ones(size, dtype=bool)
        elif values[column.name].null_count == 0:
            continue
        else:
            empty = values[column.name].is_null().to_numpy(zero_copy_only=False).copy()
            empty[misread.get(column.name, [])] = False
        if empty.any():
            yield Finding(column.name, np.flatnonzero(empty), _always(words.missing(column)))


def _institutions(table: FactTable, values: Mapping[str, pa.Array], known: Known) -> Iterator[Finding]:
    """References to institutions are strict, but for the institution table's own, settled over the whole file."""
    if table.name == "institution":
        return
    for column in table.columns:
        if column.refers == "institution" and column.name in values:
            stray = pc.and_(values[column.name].is_valid(), pc.invert(_member(values[column.name], known.institutions)))
            if pc.any(stray).as_py():
                rows = np.flatnonzero(stray.to_numpy(zero_copy_only=False))
                yield Finding(column.name, rows, _always(words.unknown_institution(column)))


def _always(why: Why) -> Callable[[int], Why]:
    return lambda row: why


def _member(values: pa.Array, known: pa.Array) -> pa.Array:
    encoded = values.dictionary_encode()
    member = pc.is_in(encoded.dictionary, value_set=known)
    return pc.fill_null(member.take(encoded.indices), False)


def _blank_rows(table: FactTable, values: Mapping[str, pa.Array], found: list[Finding], size: int) -> np.ndarray:
    """Rows without any value (spreadsheets leave such below the data)."""
    if not size or values[table.key[0]].null_count == 0:
        return np.zeros(size, dtype=bool)
    blank = np.ones(size, dtype=bool)
    for name, column in values.items():
        empty = pc.equal(pc.list_value_length(column), 0) if table[name].kind is Kind.LIST else column.is_null()
        blank &= empty.to_numpy(zero_copy_only=False)
    for finding in found:
        blank[finding.rows] = False
    return blank


def _complete(table: FactTable, values: Mapping[str, pa.Array], size: int) -> pa.RecordBatch:
    columns = [values[column.name] if column.name in values else _absent(column, size) for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, names=table.names)


def _absent(column: Column, size: int) -> pa.Array:
    if column.kind is Kind.LIST:
        return pa.array([[]] * size, column.arrow)
    return pa.nulls(size, column.arrow)


def _cell(values: pa.Array, row: int) -> str:
    text: str | None = as_text(values.slice(row, 1))[0].as_py()
    return text or ""
