"""Refused rows as the quarantine keeps them: whole cells, key, every problem.  Made a few thousand at a time, on
demand: a file of which every row is refused must not have to fit in memory."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yigongti.exchange.files.checking.cleaning import as_text
from yigongti.exchange.files.checking.rules import Finding
from yigongti.exchange.files.sources import RawBatch
from yigongti.kernel.facts import FactTable

CHUNK = 4096


@dataclass(frozen=True)
class Problem:
    """One rule that a row breaks: column (the dictionary's name), value as it stood, reason, remedy, sort of rule."""

    column: str
    value: str
    reason: str
    remedy: str
    rule: str


@dataclass(frozen=True)
class RefusedRow:
    """A row for the quarantine: line, cells by original header, problems, key as far as it can be read; number: of
    the quarantined row that it was to mend (0: none)."""

    line: int
    cells: Mapping[str, str]
    problems: tuple[Problem, ...]
    key: str = ""
    number: int = 0


def refused_rows(raw: RawBatch, table: FactTable, found: Sequence[Finding], rows: np.ndarray) -> Iterator[RefusedRow]:
    """The rows of these numbers, in order, each with all its findings."""
    of_row: dict[int, list[Finding]] = defaultdict(list)
    for finding in found:
        for row in finding.rows.tolist():
            of_row[row].append(finding)
    for start in range(0, len(rows), CHUNK):
        yield from _chunk(raw, table, of_row, rows[start : start + CHUNK])


def unreadable_rows(raw: RawBatch) -> Iterator[RefusedRow]:
    """The rows that could not be divided into columns."""
    for row in raw.unreadable:
        yield RefusedRow(row.line, {"": row.text}, (Problem("", row.text, row.reason, row.remedy, "shape"),))


def numbers(raw: RawBatch) -> list[int]:
    """The quarantine number beside each row, 0 where there is none."""
    if raw.numbers is None:
        return [0] * raw.rows
    texts = (str(text or "").strip() for text in as_text(raw.numbers).to_pylist())
    return [int(text) if text.isdecimal() else 0 for text in texts]


def _chunk(
    raw: RawBatch, table: FactTable, of_row: Mapping[int, Sequence[Finding]], rows: np.ndarray
) -> Iterator[RefusedRow]:
    chosen = pa.array(rows)
    given = {header: _texts(values, chosen) for header, values in raw.given.items()}
    columns = {name: _texts(values, chosen) for name, values in raw.columns.items()}
    lines, beside = raw.lines.take(chosen).to_pylist(), numbers(raw)
    for place, row in enumerate(rows.tolist()):
        cells = {header: texts[place] for header, texts in given.items()}
        key = [columns[name][place].strip() if name in columns else "" for name in table.key]
        problems = tuple(_problem(each, row, columns, place) for each in of_row[row])
        yield RefusedRow(lines[place], cells, problems, "|".join(key) if all(key) else "", beside[row])


def _texts(values: pa.Array, rows: pa.Array) -> list[str]:
    return [text or "" for text in as_text(values.take(rows)).to_pylist()]


def _problem(finding: Finding, row: int, columns: Mapping[str, list[str]], place: int) -> Problem:
    why = finding.why(row)
    value = columns[finding.column][place] if finding.column in columns else ""
    return Problem(finding.column, value, why.reason, why.remedy, why.rule)
