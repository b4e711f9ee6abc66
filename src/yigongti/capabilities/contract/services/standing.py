"""Who has a valid contract, kept in step with what files bring: from the lake into one indexed table."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction

from yigongti.analytics.lake import facts_as_of, paths
from yigongti.capabilities.contract.models import Contract, ValidContract, Watermark
from yigongti.spine.record import bulk

COLUMNS = ("resident_id", "contract_id", "institution_id", "team_id", "start_on", "end_on", "package", "paid")
NAME = "valid_contracts"


def refresh(*, today: date) -> bool:
    """Bring in the loaded contracts that are valid today, and take out those that are not; returns whether there was
    anything to do: facts have arrived, or it is another day.

    Contracts made here stand, whatever a file says: a person keeps one.
    """
    as_of = facts_as_of("contract")
    seen = Watermark.objects.filter(pk=NAME).first()
    if seen is not None and (seen.as_of, seen.day) == (as_of, today):
        return False
    with transaction.atomic():
        ValidContract.objects.filter(case__isnull=True).delete()
        found = _valid(today)
        bulk.insert_new(ValidContract._meta.db_table, COLUMNS, found.to_batches(), key=["resident_id"])
        Watermark.objects.update_or_create(pk=NAME, defaults={"as_of": as_of, "day": today})
    return True


def _valid(today: date) -> pa.Table:
    """The loaded contracts in force on a day, one a person: the one that began last."""
    files = paths("contract")
    if not files:
        return pa.table({name: pa.array([], pa.string()) for name in COLUMNS})
    inside = (pc.field("start_on") <= today) & (pc.field("end_on") >= today)
    rows = pq.read_table(files, columns=list(COLUMNS), filters=inside)
    made_here = pa.array(list(Contract.objects.values_list("pk", flat=True)), pa.string())
    rows = rows.filter(pc.invert(pc.is_in(rows["contract_id"], value_set=made_here)))
    rows = rows.sort_by([("resident_id", "ascending"), ("start_on", "descending"), ("contract_id", "ascending")])
    people = rows["resident_id"].combine_chunks()
    if len(people) < 2:
        return rows
    is_first = pa.concat_arrays([pa.array([True]), pc.not_equal(people[1:], people[:-1])])
    return rows.filter(is_first)
