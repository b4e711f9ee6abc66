"""The `case_step` facts that wait for the lake.

Rows are marked one by one rather than passed by a highest id: on PostgreSQL a transaction that began earlier may
commit later with a lower id, and a watermark would skip it.
"""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from yigongti.kernel.facts import COUNTY
from yigongti.spine.cases.models import CaseStepFact

_BATCH = 50_000


def waiting(*, limit: int = _BATCH) -> tuple[pa.Table, list[int]]:
    """Up to `limit` facts not yet in the lake, as a table of the dictionary's columns, and their row ids."""
    names = COUNTY["case_step"].names
    rows = list(CaseStepFact.objects.filter(synced_at__isnull=True).order_by("pk").values("pk", *names)[:limit])
    ids = [row.pop("pk") for row in rows]
    return pa.Table.from_pylist(rows, schema=COUNTY["case_step"].schema), ids


def mark_synced(ids: Sequence[int], *, at: datetime) -> None:
    """Call in the transaction that commits the lake's part, so that no fact is lost or doubled."""
    for start in range(0, len(ids), 500):
        CaseStepFact.objects.filter(pk__in=ids[start : start + 500]).update(synced_at=at)
