"""When a quarantined row is done with: its mended row loaded, a later file brought its key, or somebody gave it up."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from yigongti.analytics.lake.staging import Staging
from yigongti.exchange.files.models import QuarantinedRow
from yigongti.kernel import clock
from yigongti.kernel.facts import FactTable

CHUNK = 500


def settle_numbers(tables: Sequence[str], numbers: Iterable[int], *, state: str, why: str, by: str) -> int:
    """Settle open rows by number, within the given tables; returns how many."""
    wanted, count = sorted(numbers), 0
    for start in range(0, len(wanted), CHUNK):
        rows = QuarantinedRow.objects.filter(
            pk__in=wanted[start : start + CHUNK], table__in=tables, state=QuarantinedRow.OPEN
        )
        count += rows.update(state=state, settled_at=clock.now(), settled_by=by, settled_why=why)
    return count


def settle_by_key(staging: Staging, table: FactTable, *, file: str, by: str) -> int:
    """Settle open rows whose key the delivery brought anew (staged rows that are new or replace one).

    A repeated key is another matter: its first occurrence loaded from the very file, so it stays open.
    """
    rows = QuarantinedRow.objects.filter(table=table.name, state=QuarantinedRow.OPEN).exclude(key="")
    waiting = rows.exclude(rule="repeat").values_list("pk", "key")
    if not waiting:
        return 0
    numbers, keys = zip(*waiting, strict=True)
    open_rows = pa.table({"number": pa.array(numbers, pa.int64()), "key": pa.array(keys, pa.string())})
    arrived = staging.arrived(table, open_rows)
    why = f"{file} 带来了这一主键的新数据"
    return settle_numbers([table.name], arrived, state=QuarantinedRow.MENDED, why=why, by=by)


def discard(numbers: Iterable[int], *, by: str, why: str) -> int:
    """Give rows up, with who and why; returns how many were open."""
    tables = list(QuarantinedRow.objects.values_list("table", flat=True).distinct())
    return settle_numbers(tables, numbers, state=QuarantinedRow.DISCARDED, why=why, by=by)
