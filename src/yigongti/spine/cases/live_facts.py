"""Facts that live work makes, on their way to the lake: one waiting row a fact, always as it stands now.

    Binding(REFERRAL, model=Referral, publishes=Published("referral", row_of))   # written anew at every step
    publish("contract", {...})                                                   # or by hand, inside a transaction

A job appends what waits (`site.jobs`); a fact that changes again waits again, and replaces its row in the lake.
Rows are marked one by one with the revision that was read, so that a change in between is not lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.db import connection

from yigongti.kernel.facts import COUNTY, FactTable, Kind
from yigongti.spine.cases.fields import plain
from yigongti.spine.cases.models import LiveFact

_BATCH = 10_000
_TOGETHER = 500
_KEPT = ("table", "key", "row", "revision")
_READERS = {Kind.DAY: date.fromisoformat, Kind.INSTANT: datetime.fromisoformat}

Mark = tuple[int, int]
"""Row id and the revision that was read."""


def publish(table: str, row: Mapping[str, Any]) -> None:
    """Let a fact wait for the lake, as part of the caller's transaction; an earlier state of it is replaced.

    row: the dictionary's columns by name; those left out are null.  Raises KeyError on an unknown table or column,
    or where the key is not given.
    """
    publish_all(table, [row])


def publish_all(table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let many facts of a table wait for the lake, as `publish` does with one."""
    facts, columns, adapt = COUNTY[table], LiveFact._meta, connection.ops.adapt_json_value
    values = [{facts[name].name: plain(value) for name, value in row.items() if value is not None} for row in rows]
    keys = ["|".join(str(row[name]) for name in facts.key) for row in values]
    quoted = {name: connection.ops.quote_name(name) for name in (columns.db_table, *_KEPT)}
    names = ", ".join(quoted[name] for name in _KEPT)
    upsert = (
        f"INSERT INTO {quoted[columns.db_table]} ({names}) VALUES (%s, %s, %s, 1) "
        f"ON CONFLICT ({quoted['table']}, {quoted['key']}) DO UPDATE SET {quoted['row']} = excluded.{quoted['row']}, "
        f"revision = {quoted[columns.db_table]}.revision + 1, synced_at = NULL"
    )
    with connection.cursor() as cursor:
        cursor.executemany(upsert, [(table, key, adapt(row, None)) for key, row in zip(keys, values, strict=True)])


def waiting_tables() -> list[str]:
    """The fact tables of which rows wait."""
    waiting = LiveFact.objects.filter(synced_at__isnull=True).order_by("table")
    return list(waiting.values_list("table", flat=True).distinct())


def waiting(table: str, *, limit: int = _BATCH) -> tuple[pa.Table, list[Mark]]:
    """Up to `limit` rows not yet in the lake, as a table of the dictionary's columns, and their marks."""
    found = LiveFact.objects.filter(table=table, synced_at__isnull=True).order_by("pk")[:limit]
    rows = list(found)
    values = [_row(COUNTY[table], each.row) for each in rows]
    return pa.Table.from_pylist(values, schema=COUNTY[table].schema), [(each.pk, each.revision) for each in rows]


def mark_synced(marks: Sequence[Mark], *, at: datetime) -> None:
    """Call in the transaction that commits the lake's part; a row that changed since it was read still waits."""
    read = defaultdict[int, list[int]](list)
    for pk, revision in marks:
        read[revision].append(pk)
    for revision, ids in read.items():
        for start in range(0, len(ids), _TOGETHER):
            together = LiveFact.objects.filter(pk__in=ids[start : start + _TOGETHER], revision=revision)
            together.update(synced_at=at)


def _row(facts: FactTable, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column.name: _READERS.get(column.kind, lambda value: value)(values[column.name])
        for column in facts.columns
        if column.name in values
    }
