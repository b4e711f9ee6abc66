"""The hash chain, without a database: what a record's digest is, and what is wrong with a sequence of records.

digest = HMAC-SM3(key, previous digest · canonical record).  The key is the data directory's, so that somebody who
can write the table alone can neither rewrite the chain nor append to it unnoticed.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac

GENESIS = "0" * 64
SHARDS = 16


@dataclass(frozen=True)
class Link:
    """One record as the chain sees it."""

    shard: int
    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    resident_id: str
    detail: str
    previous: str
    digest: str = ""


@dataclass(frozen=True)
class Anchor:
    """The last record of a shard that is known to have been committed, kept outside the table."""

    shard: int
    sequence: int
    digest: str


@dataclass(frozen=True)
class Break:
    """One place at which the chain does not hold.  kind: changed, missing, truncated or anchor."""

    shard: int
    sequence: int
    kind: str
    text: str


def shard_of(actor: str) -> int:
    """Each actor's records are in one shard, so that actors do not wait for each other."""
    return zlib.crc32(actor.encode()) % SHARDS


def canonical(detail: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same mapping is always the same text."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(link: Link, *, key: bytes) -> str:
    """64 hexadecimal characters over everything a record says, and the digest before it."""
    moment = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [link.previous, link.shard, link.sequence, moment, link.actor, link.action, link.subject, link.resident_id]
    return mac(json.dumps([*said, link.detail], ensure_ascii=False, separators=(",", ":")), key=key)


def mac(text: str, *, key: bytes) -> str:
    """HMAC-SM3 of `text`, in hexadecimal."""
    machine = hmac.HMAC(key, hashes.SM3())
    machine.update(text.encode())
    return machine.finalize().hex()


def breaks(shard: int, links: Iterable[Link], *, anchor: Anchor | None, key: bytes) -> Iterator[Break]:
    """Everything that is wrong with a shard whose records are given by ascending sequence."""
    sequence, previous, anchored = 0, GENESIS, anchor is None
    for link in links:
        yield from _break_at(link, after=sequence, previous=previous, key=key)
        if anchor and link.sequence == anchor.sequence:
            anchored = True
            if link.digest != anchor.digest:
                yield Break(shard, link.sequence, "anchor", "与表外锚点记录的摘要不一致")
        sequence, previous = link.sequence, link.digest
    if anchor and not anchored and sequence < anchor.sequence:
        lost = anchor.sequence - sequence
        yield Break(shard, sequence + 1, "truncated", f"末尾缺 {lost} 条:锚点在第 {anchor.sequence} 条")


def _break_at(link: Link, *, after: int, previous: str, key: bytes) -> Iterator[Break]:
    if link.sequence != after + 1:
        yield Break(link.shard, after + 1, "missing", f"第 {after + 1} 至 {link.sequence - 1} 条缺失")
    elif link.previous != previous:
        yield Break(link.shard, link.sequence, "changed", "与前一条记录的摘要不相接")
    if link.digest != digest_of(link, key=key):
        yield Break(link.shard, link.sequence, "changed", "内容与摘要不符")
