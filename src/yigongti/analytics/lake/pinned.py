"""The lake's parts as a result rests on them: recorded, and kept as links beside the lake where the result is final.

A link takes no room until the lake drops the part itself.  A record is fact table → its parts, each {path, rows, size}
and, once kept, {sha256}.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from yigongti.analytics.lake.manifest import current, located
from yigongti.kernel.errors import Refusal

Record = dict[str, list[dict[str, Any]]]


class InputsGone(Refusal):
    """A result whose recorded facts are no longer there, or no longer what they were."""


def present(tables: Iterable[str]) -> Record:
    """The parts that there are now."""
    return {
        name: [{"path": part.path, "rows": part.rows, "size": part.size} for part in current(name)] for name in tables
    }


def files(record: Mapping[str, list[dict[str, Any]]], *, kept_in: Path | None = None) -> dict[str, list[Path]]:
    """Where the recorded parts lie: as kept in a folder, else in the lake.  Raises InputsGone with what is missing or
    altered."""
    gone = [part["path"] for parts in record.values() for part in parts if not _is_as_it_was(part, kept_in)]
    if gone:
        raise InputsGone(
            f"这次计算所用的数据文件已不在或已改变,共 {len(gone)} 个",
            where="、".join(gone[:3]),
            why="数据湖整理后旧文件会被清除;固化、清算的批次另行保存其所用文件",
            remedy="请从备份恢复这些文件,或重新计算",
        )
    return {name: [_found(part, kept_in) for part in parts] for name, parts in record.items()}


def keep(record: Mapping[str, list[dict[str, Any]]], *, folder: Path) -> Record:
    """Link every part into a folder; returns the record with each part's SHA-256.  Raises InputsGone where one is no
    longer there."""
    return {name: [_kept(part, folder) for part in parts] for name, parts in record.items()}


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _kept(part: dict[str, Any], folder: Path) -> dict[str, Any]:
    target = folder / part["path"]
    source = target if target.exists() else located(part["path"])
    if not source.exists():
        raise InputsGone("所用的数据文件已不在", part["path"], "要保存所用文件才能固化", "请重新计算再固化")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        try:
            os.link(source, target)
        except OSError:  # another file system: a copy does as well
            shutil.copyfile(source, target)
    return {**part, "sha256": digest_of(target)}


def _found(part: dict[str, Any], kept_in: Path | None) -> Path:
    link = kept_in / part["path"] if kept_in else None
    return link if link is not None and link.exists() else located(part["path"])


def _is_as_it_was(part: dict[str, Any], kept_in: Path | None) -> bool:
    path = _found(part, kept_in)
    if not path.exists() or path.stat().st_size != part["size"]:
        return False
    return "sha256" not in part or digest_of(path) == part["sha256"]
