"""The one way for facts into store and lake: staged rows against what is there, then everything in one transaction.

A row is new, replaces an earlier version (which goes to the history), or is unchanged.  Parts are written and
flushed before the manifest names them; the transaction's commit makes manifest, record, master data and the
caller's own rows true at once, and until then nothing exists.
"""

from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
from django.db import transaction

from yigongti.analytics.lake import identities, locking, masters, records
from yigongti.analytics.lake.ahead import ahead
from yigongti.analytics.lake.comparing import Comparison, Counts, compare
from yigongti.analytics.lake.manifest import current
from yigongti.analytics.lake.models import Part
from yigongti.analytics.lake.parts import PartWriter, Written
from yigongti.analytics.lake.rewriting import write_history, write_without
from yigongti.analytics.lake.staging import Staging, lake_schema, quoted, sorting
from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY, FactTable

BATCH = 60_000
STORE = "_store_"
Counted = Callable[[int], None]
CountsByFile = Mapping[int, Counts]


def deposit(
    staging: Staging,
    *,
    delivery: str,
    within: Callable[[Mapping[str, CountsByFile]], None] = lambda counts: None,
    advanced: Counted = lambda rows: None,
) -> dict[str, CountsByFile]:
    """Bring the staged tables into store and lake; returns counts by table and file number.

    delivery: the id written beside every new part; within: called inside the transaction, after the facts, with the
    counts, for rows of the caller's own that must be true together with them; advanced: told of rows as they go in.
    Raises what the database or the disk raises; then nothing has changed and no file is left.
    """
    with locking.writing():
        tables = [table for name, table in COUNTY.items() if name in staging.tables]
        comparisons = {table.name: _compared(staging, table) for table in tables}
        counts = {name: comparison.counts for name, comparison in comparisons.items()}
        made: list[Written] = []
        try:
            with transaction.atomic():
                for table in tables:
                    _bring(staging, comparisons[table.name], made, delivery=delivery, advanced=advanced)
                within(counts)
        except BaseException:
            for part in made:
                part.path.unlink(missing_ok=True)
            raise
        return counts


def _compared(staging: Staging, table: FactTable) -> Comparison:
    return identities.compare(staging, table) if table is identities.TABLE else compare(staging, table)


def _bring(staging: Staging, comparison: Comparison, made: list[Written], *, delivery: str, advanced: Counted) -> None:
    if comparison.changed == 0:
        return
    table = comparison.table
    if table is identities.TABLE:
        history = identities.bring(staging, comparison, delivery=delivery)
        made.extend(history)
        _name_in_manifest(history, kind=Part.HISTORY, delivery=delivery)
        return
    if comparison.replaced:
        _retire_replaced(staging, comparison, made, delivery=delivery)
    parts = _insert(staging, table, advanced=advanced)
    made.extend(parts)
    _name_in_manifest(parts, kind=Part.CURRENT, delivery=delivery)


def _retire_replaced(staging: Staging, comparison: Comparison, made: list[Written], *, delivery: str) -> None:
    """Earlier versions to the history, their parts rewritten without them, their entries out of the record."""
    records.remove_replaced(staging, comparison)
    history = write_history(staging, comparison, delivery=delivery)
    made.append(history)
    _name_in_manifest([history], kind=Part.HISTORY, delivery=delivery)
    for part in list(current(comparison.table.name).filter(path__in=comparison.parts)):
        rest = write_without(staging, comparison, part)
        Part.objects.filter(pk=part.pk).update(retired_at=clock.now())
        if rest is not None:
            made.append(rest)
            _name_in_manifest([rest], kind=Part.CURRENT, delivery=part.delivery)


def _insert(staging: Staging, table: FactTable, *, advanced: Counted) -> list[Written]:
    """One sorted stream feeds the store and, in another thread, the lake's parts."""
    into_store = records.expressions(table) or masters.expressions(table)
    with PartWriter(table) as writer:
        rows = _fed(_stream(staging, table, into_store), table, writer, advanced=advanced)
        if records.expressions(table):
            records.insert(rows)
        elif into_store:
            masters.upsert(table, rows)
        else:
            for _ in rows:
                pass
    return writer.written


def _stream(staging: Staging, table: FactTable, into_store: Mapping[str, str]) -> pa.RecordBatchReader:
    """The staged rows sorted (a person's together), with the store's columns after the lake's.

    Those are made after the sort, which then has less to carry.
    """
    also = "".join(f', {expression} AS "{STORE}{name}"' for name, expression in into_store.items())
    names = quoted(table.names)
    ordered = f"SELECT {names} FROM {staging.name(table)} ORDER BY {quoted(sorting(table))}"
    return staging.connection.sql(f"SELECT {names}{also} FROM ({ordered})").to_arrow_reader(BATCH)


def _fed(
    stream: pa.RecordBatchReader, table: FactTable, writer: PartWriter, *, advanced: Counted
) -> Iterator[pa.RecordBatch]:
    """Hand the lake's columns of each batch to the writer, yield the store's."""
    schema, width = lake_schema(table), len(table.names)
    names = [name.removeprefix(STORE) for name in stream.schema.names[width:]]
    for batch in ahead(stream):
        writer.put(pa.RecordBatch.from_arrays(batch.columns[:width], schema=schema))
        yield pa.RecordBatch.from_arrays(batch.columns[width:], names=names)
        advanced(batch.num_rows)


def _name_in_manifest(parts: list[Written], *, kind: str, delivery: str) -> None:
    now = clock.now()
    Part.objects.bulk_create(
        Part(
            table=part.table, month=part.month, kind=kind, path=part.relative, rows=part.rows, size=part.size,
            delivery=delivery, added_at=now,
        )
        for part in parts
    )  # fmt: skip
