"""Writing the audit trail, and proving that it is whole."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from yigongti.kernel import clock
from yigongti.spine.audit import anchors
from yigongti.spine.audit.chain import GENESIS, SHARDS, Anchor, Break, Link, breaks, canonical, digest_of, shard_of
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.home import home
from yigongti.spine.statements import kept

_ADVISORY_CLASS = 0x59475401
"""Names our advisory locks in PostgreSQL, apart from anybody else's."""
_APPEND = f"""INSERT INTO {AuditRecord._meta.db_table} ({", ".join(Link.__dataclass_fields__)})
    SELECT {", ".join("%s" for _ in Link.__dataclass_fields__)} WHERE pg_try_advisory_xact_lock(%s, %s)
    ON CONFLICT DO NOTHING"""


def record(
    action: str,
    *,
    actor: str,
    at: datetime | None = None,
    subject: str = "",
    resident_id: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one record to the actor's shard, in the caller's transaction where there is one.

    actor: a login name, or "system"; action: verb and noun such as "read_person"; detail: anything JSON can hold.
    Whoever appends holds the shard until the transaction ends, so that a chain neither forks nor has gaps.
    """
    said = Link(
        shard_of(actor), 0, at or clock.now(), actor, action, subject, resident_id, canonical(detail or {}), GENESIS
    )
    if connection.vendor == "postgresql" and not connection.in_atomic_block and _appended_at_once(said):
        return
    with _turn(), transaction.atomic(savepoint=False):
        _hold(said.shard)
        link = _chained(said)
        AuditRecord.objects.create(**vars(link))
        transaction.on_commit(partial(_anchor, link), robust=True)


def hold(actor: str) -> None:
    """Nobody else appends to the actor's shard until the caller's transaction ends.  Come here where others' records
    are written before one's own: a person's shard is held before the system's, so that nobody waits for each other."""
    _hold(shard_of(actor))


def _chained(said: Link) -> Link:
    """What is said, after the last record of its shard."""
    sequence, previous = _head(said.shard)
    link = replace(said, sequence=sequence + 1, previous=previous)
    return replace(link, digest=digest_of(link, key=anchors.audit_key()))


def _anchor(link: Link) -> None:
    anchors.advance(Anchor(link.shard, link.sequence, link.digest), key=anchors.audit_key())


def _appended_at_once(said: Link) -> bool:
    """Append where nothing else is to be committed, in one statement: it appends nothing where somebody else holds the
    shard, or has appended since the shard's head was read.  False then: it is to be done under the shard's lock."""
    link = _chained(said)
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [*vars(link).values(), _ADVISORY_CLASS, link.shard])
        appended = bool(cursor.rowcount)
    if appended:
        transaction.on_commit(partial(_anchor, link), robust=True)
    return appended


@contextmanager
def _turn() -> Iterator[None]:
    """On SQLite, one after the other in the order of arrival: who finds the database taken sleeps and asks again, and
    readers of many pages would wait longer than the writing takes.  Inside a transaction the database is ours already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with (home().path / "audit.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _hold(shard: int) -> None:
    """Nobody else appends to the shard until this transaction ends.  On SQLite the transaction itself is the lock
    (settings: BEGIN IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ADVISORY_CLASS, shard])


def _head(shard: int) -> tuple[int, str]:
    def query() -> QuerySet:
        return AuditRecord.objects.filter(shard=shard).order_by("-sequence").values_list("sequence", "digest")[:1]

    for sequence, digest in kept(("audit_head", shard), query).rows({}):
        return sequence, digest
    return 0, GENESIS


@dataclass(frozen=True)
class Report:
    """What a verification found: how many records in how many shards, and every break."""

    records: int
    shards: int
    breaks: tuple[Break, ...]

    @property
    def sound(self) -> bool:
        return not self.breaks


def verify() -> Report:
    """Read the whole trail and check every digest, sequence and anchor.  Changes nothing."""
    key, counts, found = anchors.audit_key(), [0] * SHARDS, list[Break]()
    for shard in range(SHARDS):
        found += _verify_shard(shard, counts, key=key)
    found += [Break(shard, 0, "changed", "不存在的分片") for shard in _foreign_shards()]
    return Report(sum(counts), sum(1 for count in counts if count), tuple(found))


def _verify_shard(shard: int, counts: list[int], *, key: bytes) -> Iterator[Break]:
    try:
        anchor = anchors.read(shard, key=key)
    except ValueError:
        anchor = None
        yield Break(shard, 0, "anchor", "锚点文件被改动")
    yield from breaks(shard, _links(shard, counts), anchor=anchor, key=key)
    if anchor is None and counts[shard]:
        yield Break(shard, 0, "anchor", "有审计记录而没有锚点")


def _links(shard: int, counts: list[int]) -> Iterator[Link]:
    for row in AuditRecord.objects.filter(shard=shard).order_by("sequence").iterator(chunk_size=5000):
        counts[shard] += 1
        yield Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__})


def _foreign_shards() -> list[int]:
    return list(AuditRecord.objects.exclude(shard__lt=SHARDS).values_list("shard", flat=True).distinct())
