"""Who residents are: into the record store alone, sealed.  The lake keeps only replaced versions, as they were sealed.

Staged names are in the clear, in memory or in DuckDB's encrypted spill files, until the load ends.
"""

from collections.abc import Iterator

import pyarrow as pa
from django.apps import apps

from yigongti.analytics.lake.comparing import Comparison, met, tally
from yigongti.analytics.lake.parts import WHOLE, Written, part_path, settled
from yigongti.analytics.lake.rewriting import HISTORY, PARQUET, stamped
from yigongti.analytics.lake.staging import Staging, quoted
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.spine.people.sealing import Keyring, blind_many, decrypt, encrypt_many, keyring
from yigongti.spine.record import bulk

TABLE = COUNTY["identity"]
SECRETS = ("name", "id_number", "phone")
CHUNK = 20_000


def compare(staging: Staging, table: FactTable) -> Comparison:
    """As `comparing.compare`, with what the store holds, opened; `met_identity` keeps the sealed values."""
    staging.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE known_identity
            (resident_id VARCHAR, {", ".join(f'"{name}" VARCHAR, "sealed_{name}" BLOB' for name in SECRETS)})"""
    )
    for batch in _known(staging):
        staging.connection.register("opened", pa.Table.from_batches([batch]))
        staging.connection.execute("INSERT INTO known_identity BY NAME SELECT * FROM opened")
        staging.connection.unregister("opened")
    same = " AND ".join(f's."{name}" IS NOT DISTINCT FROM k."{name}"' for name in SECRETS)
    sealed = ", ".join(f'k."sealed_{name}" AS "{name}"' for name in SECRETS)
    staging.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {met(table)} AS SELECT s._file, s._line, resident_id, {sealed}, {same} AS same
            FROM {staging.name(table)} s JOIN known_identity k USING (resident_id)"""
    )
    return Comparison(table, tally(staging, table))


def bring(staging: Staging, comparison: Comparison, *, delivery: str) -> list[Written]:
    """Seal and upsert the staged rows; returns the history part of what they replace, if any."""
    history = [_write_history(staging, comparison.table, delivery=delivery)] if comparison.replaced else []
    fields = apps.get_model("people", "Identity")._meta
    columns = ["resident_id", *SECRETS, *(f"{name}_index" for name in SECRETS)]
    bulk.upsert(fields.db_table, columns, _sealed(staging, comparison.table), key="resident_id")
    return history


def opened(column: str, sealed: bytes | None) -> str | None:
    """The value of a sealed column of a history part."""
    return None if sealed is None else decrypt(column, sealed)


def _known(staging: Staging) -> Iterator[pa.RecordBatch]:
    """What the store holds of the staged residents, opened, with the sealed values beside."""
    keys = keyring()
    ids = staging.values(TABLE, ("resident_id",)).column(0).to_pylist()
    stored = apps.get_model("people", "Identity").objects
    for start in range(0, len(ids), 500):
        rows = list(stored.filter(pk__in=ids[start : start + 500]).extra(select=_AS_STORED).values_list(*_NAMES))
        if rows:
            yield _open_batch(rows, keys)


_AS_STORED = {f"sealed_{name}": f"people_identity.{name}" for name in SECRETS}
_NAMES = ("resident_id", *_AS_STORED)


def _open_batch(rows: list[tuple[object, ...]], keys: Keyring) -> pa.RecordBatch:
    ids, *sealed = (list(column) for column in zip(*rows, strict=True))
    columns = {"resident_id": pa.array(ids, pa.string())}
    for name, values in zip(SECRETS, sealed, strict=True):
        raw = [None if value is None else bytes(value) for value in values]  # type: ignore[call-overload]  # bytes or memoryview
        columns[f"sealed_{name}"] = pa.array(raw, pa.binary())
        columns[name] = pa.array(
            [None if each is None else decrypt(name, each, keys=keys) for each in raw], pa.string()
        )
    return pa.RecordBatch.from_pydict(columns)


def _sealed(staging: Staging, table: FactTable) -> Iterator[pa.RecordBatch]:
    keys = keyring()
    for batch in staging.connection.sql(
        f"SELECT {quoted(table.names)} FROM {staging.name(table)} ORDER BY resident_id"
    ).to_arrow_reader(CHUNK):
        plain = {name: batch.column(name).to_pylist() for name in SECRETS}
        columns = {"resident_id": batch.column("resident_id")}
        columns |= {name: pa.array(encrypt_many(name, plain[name], keys=keys), pa.binary()) for name in SECRETS}
        columns |= {
            f"{name}_index": pa.array(blind_many(name, plain[name], keys=keys), pa.binary()) for name in SECRETS
        }
        yield pa.RecordBatch.from_pydict(columns)


def _write_history(staging: Staging, table: FactTable, *, delivery: str) -> Written:
    path = part_path(table.name, HISTORY)
    staging.connection.execute(
        f"""COPY (SELECT resident_id, {quoted(SECRETS)}, {stamped(delivery)} FROM {met(table)} WHERE NOT same
                  ORDER BY resident_id) TO '{path}' ({PARQUET})"""
    )
    return settled(table.name, WHOLE, path)
