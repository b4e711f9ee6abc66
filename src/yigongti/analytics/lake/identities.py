"""Who residents are: into the record store alone, sealed.  The lake keeps only replaced versions, as they were sealed.

Names are sealed before they are staged, so that no file on the way holds them in the clear; beside the sealed values
goes a digest under a key of this process alone, which tells whether a version is the same as the one in the store.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence

import pyarrow as pa
from django.db import connection

from yigongti.analytics.lake.comparing import Comparison, met, tally
from yigongti.analytics.lake.parts import WHOLE, Written, part_path, settled
from yigongti.analytics.lake.rewriting import HISTORY, PARQUET, stamped
from yigongti.analytics.lake.staging import PLACE, Staging, quoted
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.spine.people.sealing import Keyring, blind_many, decrypt, encrypt_many, keyring
from yigongti.spine.record import bulk

TABLE = COUNTY["identity"]
STORED = "people_identity"
SECRETS = ("name", "id_number", "phone")
SEALED = ("resident_id", *SECRETS, *(f"{name}_index" for name in SECRETS))
CHUNK = 500
_PROCESS = os.urandom(32)


def sealed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Valid rows of `identity`, placed in their file, as they are staged: sealed values, blind indexes, digest."""
    keys, plain = keyring(), [batch.column(name).to_pylist() for name in SECRETS]
    columns = {"resident_id": batch.column("resident_id")}
    for name, values in zip(SECRETS, plain, strict=True):
        columns[name] = pa.array(encrypt_many(name, values, keys=keys), pa.binary())
        columns[f"{name}_index"] = pa.array(blind_many(name, values, keys=keys), pa.binary())
    columns["digest"] = pa.array([_digest(row) for row in zip(*plain, strict=True)], pa.binary())
    return pa.RecordBatch.from_pydict(columns | {field.name: batch.column(field.name) for field in PLACE})


def compare(staging: Staging, table: FactTable) -> Comparison:
    """As `comparing.compare`, with what the store holds, opened only for its digest."""
    staging.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE known_identity
            (resident_id VARCHAR, {", ".join(f'"{name}" BLOB' for name in SECRETS)}, digest BLOB)"""
    )
    for batch in _known(staging):
        staging.connection.register("opened", pa.Table.from_batches([batch]))
        staging.connection.execute("INSERT INTO known_identity BY NAME SELECT * FROM opened")
        staging.connection.unregister("opened")
    staging.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {met(table)} AS
            SELECT s._file, s._line, resident_id, {quoted(SECRETS, "k.")}, s.digest = k.digest AS same
            FROM {staging.name(table)} s JOIN known_identity k USING (resident_id)"""
    )
    return Comparison(table, tally(staging, table))


def bring(staging: Staging, comparison: Comparison, *, delivery: str) -> list[Written]:
    """Upsert the staged rows; returns the history part of what they replace, if any."""
    table = comparison.table
    history = [_write_history(staging, table, delivery=delivery)] if comparison.replaced else []
    rows = f"SELECT {quoted(SEALED)} FROM {staging.name(table)} ORDER BY resident_id"
    bulk.upsert(STORED, SEALED, staging.connection.sql(rows).to_arrow_reader(20_000), key="resident_id")
    return history


def opened(column: str, value: bytes | None) -> str | None:
    """The value of a sealed column of a history part."""
    return None if value is None else decrypt(column, value)


def _digest(values: Sequence[str | None]) -> bytes:
    told = "\x1f".join("\x1e" if value is None else value for value in values)
    return hashlib.blake2b(told.encode(), key=_PROCESS, digest_size=32).digest()


def _known(staging: Staging) -> Iterator[pa.RecordBatch]:
    """What the store holds of the staged residents: sealed as it is, and the digest of what it says."""
    keys = keyring()
    ids = staging.values(TABLE, ("resident_id",)).column(0).to_pylist()
    for start in range(0, len(ids), CHUNK):
        rows = _stored(ids[start : start + CHUNK])
        if rows:
            yield _with_digest(rows, keys)


def _stored(ids: list[str]) -> list[tuple[str, ...]]:
    """(resident, sealed values) straight from the table: the model's fields would open each value."""
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT resident_id, {quoted(SECRETS)} FROM {STORED} WHERE resident_id IN ({marks})", ids)
        return list(cursor.fetchall())


def _with_digest(rows: list[tuple[str, ...]], keys: Keyring) -> pa.RecordBatch:
    ids, *values = (list(column) for column in zip(*rows, strict=True))
    raw = [[None if value is None else bytes(value) for value in column] for column in values]
    said = [
        [None if value is None else decrypt(name, value, keys=keys) for value in column]
        for name, column in zip(SECRETS, raw, strict=True)
    ]
    digests = [_digest(row) for row in zip(*said, strict=True)]
    columns = [pa.array(ids, pa.string()), *(pa.array(column, pa.binary()) for column in [*raw, digests])]
    return pa.RecordBatch.from_arrays(columns, names=["resident_id", *SECRETS, "digest"])


def _write_history(staging: Staging, table: FactTable, *, delivery: str) -> Written:
    path = part_path(table.name, HISTORY)
    staging.connection.execute(
        f"""COPY (SELECT resident_id, {quoted(SECRETS)}, {stamped(delivery)} FROM {met(table)} WHERE NOT same
                  ORDER BY resident_id) TO '{path}' ({PARQUET})"""
    )
    return settled(table.name, WHOLE, path)
