"""Anchors: the head of each shard, kept in a file outside the table, so that cutting off the end is found.

Written after the commit, under a lock, and never backwards: processes may commit and anchor in different orders.
A crash between commit and anchor leaves the anchor behind, which is harmless.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yigongti.spine.audit.chain import Anchor, mac
from yigongti.spine.home import home


def audit_key() -> bytes:
    """The key of the chain and of the anchors, in the data directory's secrets."""
    return home().secret("audit")


def advance(head: Anchor, *, key: bytes) -> None:
    """Move the shard's anchor to `head`, unless it is there or further."""
    with _locked(_path(head.shard)) as descriptor:
        known = _parse(head.shard, os.pread(descriptor, 4096, 0), key=key)
        if known is None or known.sequence < head.sequence:
            os.pwrite(descriptor, _line(head, key=key), 0)


def read(shard: int, *, key: bytes) -> Anchor | None:
    """The shard's anchor; None where there is none.  Raises ValueError where the file was tampered with."""
    path = _path(shard)
    if not path.exists():
        return None
    anchor = _parse(shard, path.read_bytes(), key=key)
    if anchor is None:
        raise ValueError(f"anchor of shard {shard} does not authenticate")
    return anchor


def _path(shard: int) -> Path:
    return home().path / "audit" / f"anchor-{shard:02d}"


def _line(head: Anchor, *, key: bytes) -> bytes:
    """Fixed width, so that a later line always covers an earlier one."""
    said = f"{head.shard:02d} {head.sequence:019d} {head.digest}"
    return f"{said} {mac(said, key=key)}\n".encode()


def _parse(shard: int, content: bytes, *, key: bytes) -> Anchor | None:
    parts = content.decode(errors="replace").split()
    if len(parts) != 4 or not parts[1].isdecimal():
        return None
    anchor = Anchor(shard, int(parts[1]), parts[2])
    return anchor if _line(anchor, key=key) == content else None


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
