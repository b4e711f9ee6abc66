"""What a run rests on: the lake's parts, recorded; a cleared run keeps them as links beside the lake.

A link takes no room until the lake drops the part itself.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yigongti.analytics.lake.manifest import current, located
from yigongti.capabilities.payment.models import Run
from yigongti.capabilities.payment.services.settle import READS
from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home

Parts = dict[str, list[dict[str, Any]]]
Sources = Mapping[str, list[Path]]


class InputsGone(Refusal):
    """A run whose recorded facts are no longer there, or no longer what they were."""


def present() -> tuple[Sources, Parts]:
    """The facts that are there now: where they lie, and how a run records them."""
    record: Parts = {
        name: [{"path": part.path, "rows": part.rows, "size": part.size} for part in current(name)] for name in READS
    }
    return {name: [located(str(part["path"])) for part in parts] for name, parts in record.items()}, record


def recorded(run: Run) -> Sources:
    """The facts that a run rests on.  Raises InputsGone with what is missing or altered."""
    gone = [part["path"] for listed in run.inputs.values() for part in listed if not _is_as_it_was(run, part)]
    if gone:
        raise InputsGone(
            f"这次结算所用的数据文件已不在或已改变,共 {len(gone)} 个",
            where="、".join(gone[:3]),
            why="数据湖整理后旧文件会被清除;清算批次另行保存其所用文件",
            remedy="请从备份恢复这些文件,或重新结算",
        )
    return {name: [_found(run, part) for part in listed] for name, listed in run.inputs.items()}


def keep(run: Run) -> Parts:
    """Link every part that a run rests on beside the lake; returns the record with each part's SHA-256."""
    return {name: [_kept(run, part) for part in listed] for name, listed in run.inputs.items()}


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_of(run_id: str) -> Path:
    """Where a run keeps its own files."""
    return home().path / "settled" / run_id[:16]


def _kept(run: Run, part: dict[str, Any]) -> dict[str, Any]:
    target = _link(run, part)
    source = target if target.exists() else located(part["path"])
    if not source.exists():
        raise InputsGone("这次结算所用的数据文件已不在", part["path"], "清算要保存所用文件", "请重新结算再清算")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        try:
            os.link(source, target)
        except OSError:  # another file system: a copy does as well
            shutil.copyfile(source, target)
    return {**part, "sha256": digest_of(target)}


def _found(run: Run, part: dict[str, Any]) -> Path:
    link = _link(run, part)
    return link if link.exists() else located(part["path"])


def _is_as_it_was(run: Run, part: dict[str, Any]) -> bool:
    path = _found(run, part)
    if not path.exists() or path.stat().st_size != part["size"]:
        return False
    return "sha256" not in part or digest_of(path) == part["sha256"]


def _link(run: Run, part: dict[str, Any]) -> Path:
    return folder_of(run.id) / "facts" / part["path"]
