"""Live facts (steps of workflows and the like) into store and lake, as a load would bring them."""

import pyarrow as pa

from yigongti.analytics.lake import identities, locking
from yigongti.analytics.lake.comparing import Counts
from yigongti.analytics.lake.deposit import deposit
from yigongti.analytics.lake.staging import PLACE, Staging, lake_schema
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.ids import new_id


def append(table: str, rows: pa.Table | pa.RecordBatch) -> Counts:
    """Bring valid rows of the dictionary's schema in, in one transaction; a row whose key is there replaces it.

    Appending the same rows again changes nothing, so a caller may repeat what it is not sure of.
    Raises KeyError on an unknown table, pyarrow.ArrowInvalid on values of another type, and Refusal while a load
    is writing (try again later).
    """
    facts = COUNTY[table]
    if facts is identities.TABLE:
        raise KeyError("identities are no facts of the lake; save spine.people.Identity instead")
    batch = _one_batch(rows).cast(lake_schema(facts)) if rows.num_rows else None
    if batch is None:
        return Counts()
    places = [pa.array([0] * batch.num_rows, PLACE[0].type), pa.array(range(batch.num_rows), PLACE[1].type)]
    names = [*facts.names, *(field.name for field in PLACE)]
    with locking.writing(), Staging() as staging:
        staging.add(facts, pa.RecordBatch.from_arrays([*batch.columns, *places], names=names))
        staging.set_aside_repeats(facts)
        return deposit(staging, delivery=new_id())[table].get(0, Counts())


def _one_batch(rows: pa.Table | pa.RecordBatch) -> pa.RecordBatch:
    return rows.combine_chunks().to_batches()[0] if isinstance(rows, pa.Table) else rows
