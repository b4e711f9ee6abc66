"""The rows that prove a hit, kept as they were when it was found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.analytics.engines import DuckDBEngine, unbound
from yigongti.capabilities.supervision.facts.tables import SUSPECT
from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind

_KEYS: Mapping[str, Callable[[ir.Table], ir.Value]] = {
    "stay": lambda rows: rows.stay_id,
    "visit": lambda rows: rows.visit_id,
    "exam": lambda rows: rows.exam_id,
    "charge": lambda rows: rows.charge_id,
    "death": lambda rows: rows.resident_id,
    "staff": lambda rows: rows.staff_id,
    "institution": lambda rows: rows.institution_id,
    "prescription_line": lambda rows: rows.prescription_id + "/" + rows.line.cast("string"),
}
"""Fact table → what its rows are called by in evidence."""
_FROM = {"charge": SUSPECT}
"""Where the rows of a table are read from, where a smaller table has them all."""

_WANTED = FactTable("wanted_row", "所需的行", ("key",), (Column("key", "行", Kind.TEXT),))


def evidence_of(engine: DuckDBEngine, hits: Iterable[pa.Table]) -> dict[str, dict[str, Any]]:
    """Row name → the row, for every row that the hits name and the facts have."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for table in hits:
        for name in pc.unique(pc.list_flatten(table["evidence"])).to_pylist():
            kind, _, key = name.partition(":")
            wanted[kind].add(key)
    return {name: row for kind, keys in wanted.items() for name, row in _rows(engine, kind, keys)}


def _rows(engine: DuckDBEngine, kind: str, keys: set[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    table = unbound([_FROM.get(kind, COUNTY[kind])])[_FROM[kind].name if kind in _FROM else kind]
    engine.attach([_WANTED], sources={_WANTED.name: pa.table({"key": pa.array(sorted(keys), pa.string())})})
    wanted = unbound([_WANTED])[_WANTED.name]
    rows = table.mutate(evidence_key=_KEYS[kind](table))
    found = engine.collect(rows.semi_join(wanted, rows.evidence_key == wanted.key))
    for row in found.to_pylist():
        key = row.pop("evidence_key")
        yield f"{kind}:{key}", {name: _plain(value) for name, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
