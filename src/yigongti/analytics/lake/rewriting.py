"""Replaced rows: their versions into the history, the parts that held them written anew without them."""

from yigongti.analytics.lake.comparing import Comparison, met
from yigongti.analytics.lake.manifest import located
from yigongti.analytics.lake.models import Part
from yigongti.analytics.lake.parts import ROW_GROUP, WHOLE, Written, part_path, settled
from yigongti.analytics.lake.staging import Staging, quoted
from yigongti.kernel import clock

PARQUET = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
HISTORY = "history"


def write_history(staging: Staging, comparison: Comparison, *, delivery: str) -> Written:
    """A part with the replaced versions, and when (`replaced_at`) and by which delivery (`replaced_by`)."""
    table, path = comparison.table, part_path(comparison.table.name, HISTORY)
    versions = f"SELECT {quoted(table.names, 'e.')}, {stamped(delivery)} FROM {replaced_rows(comparison)} e"
    staging.connection.execute(f"COPY ({versions} ORDER BY {quoted(table.key)}) TO '{path}' ({PARQUET})")
    return settled(table.name, WHOLE, path)


def stamped(delivery: str) -> str:
    """SQL columns of the history: when a version was replaced, and by which delivery."""
    return f"TIMESTAMPTZ '{clock.now().isoformat()}' AS replaced_at, '{delivery}' AS replaced_by"


def write_without(staging: Staging, comparison: Comparison, part: Part) -> Written | None:
    """The part's rows that are not replaced, in their order, as a new part; None where none is left."""
    table, path = comparison.table, part_path(comparison.table.name, part.month)
    staging.connection.execute(
        f"""COPY (SELECT {quoted(table.names)} FROM read_parquet('{located(part.path)}', file_row_number = true)
                  WHERE file_row_number NOT IN (
                      SELECT number FROM {met(table)} WHERE NOT same AND part = '{located(part.path)}')
                  ORDER BY file_row_number)
            TO '{path}' ({PARQUET})"""
    )
    written = settled(table.name, part.month, path)
    if written.rows == 0:
        path.unlink()
        return None
    return written


def replaced_rows(comparison: Comparison) -> str:
    """SQL of the earlier versions, as they lie in the lake."""
    parts = [str(located(part)) for part in comparison.parts]
    return f"""(SELECT e.* FROM read_parquet({parts}, filename = true, file_row_number = true) e
                SEMI JOIN (SELECT part, number FROM {met(comparison.table)} WHERE NOT same) m
                ON e.filename = m.part AND e.file_row_number = m.number)"""
