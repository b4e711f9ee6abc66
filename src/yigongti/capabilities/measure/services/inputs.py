"""What a run rests on: the lake's parts and the assessments, recorded so that the run can be worked out again.

A frozen run keeps its parts: hard links beside the lake, which take no room until the lake drops the part itself.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from yigongti.analytics.engines import Source
from yigongti.analytics.lake.manifest import current, located
from yigongti.capabilities.measure.facts.tables import ASSESSMENT
from yigongti.capabilities.measure.models import Assessment, Run
from yigongti.kernel.errors import Refusal
from yigongti.kernel.indicators import Indicator
from yigongti.spine.home import home

Parts = dict[str, list[dict[str, Any]]]
GROUPING = ("institution", "place", "resident")
"""Fact tables by which every indicator is grouped."""


class InputsGone(Refusal):
    """A run whose recorded facts are no longer there, or no longer what they were."""


@dataclass(frozen=True)
class Inputs:
    """sources: fact table → its Parquet files or Arrow table; record: the same as a run keeps it."""

    sources: Mapping[str, Source]
    record: Parts


def present(indicators: Iterable[Indicator]) -> Inputs:
    """The facts that are there now, of the tables that these indicators read."""
    wanted = {name for indicator in indicators for name in indicator.reads} | set(GROUPING)
    record: Parts = {
        name: [{"path": part.path, "rows": part.rows, "size": part.size} for part in current(name)]
        for name in sorted(wanted - {ASSESSMENT.name})
    }
    sources: dict[str, Source] = {
        name: [located(str(part["path"])) for part in parts] for name, parts in record.items()
    }
    if ASSESSMENT.name in wanted:
        record[ASSESSMENT.name] = _assessments()
        sources[ASSESSMENT.name] = _assessed(record[ASSESSMENT.name])
    return Inputs(sources, record)


def recorded(run: Run) -> Inputs:
    """The facts that a run rests on.  Raises InputsGone with what is missing or altered."""
    assessments = run.inputs.get(ASSESSMENT.name, [])
    parts = {name: listed for name, listed in run.inputs.items() if name != ASSESSMENT.name}
    gone = [part["path"] for listed in parts.values() for part in listed if not _is_as_it_was(run, part)]
    if gone:
        raise InputsGone(
            f"这次计算所用的数据文件已不在或已改变,共 {len(gone)} 个",
            where="、".join(gone[:3]),
            why="数据湖整理后旧文件会被清除;固化的批次另行保存其所用文件",
            remedy="请从备份恢复这些文件,或重新计算",
        )
    sources: dict[str, Source] = {name: [_found(run, part) for part in listed] for name, listed in parts.items()}
    return Inputs({**sources, ASSESSMENT.name: _assessed(assessments)}, run.inputs)


def keep(run: Run) -> Parts:
    """Link every part that a run rests on beside the lake; returns the record with each part's SHA-256."""
    kept: Parts = {}
    for name, listed in run.inputs.items():
        kept[name] = listed if name == ASSESSMENT.name else [_kept(run, part) for part in listed]
    return kept


def _kept(run: Run, part: dict[str, Any]) -> dict[str, Any]:
    source, target = located(part["path"]), _link(run, part)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        try:
            os.link(source, target)
        except OSError:  # another file system: a copy does as well
            shutil.copyfile(source, target)
    return {**part, "sha256": _digest(target)}


def _found(run: Run, part: dict[str, Any]) -> Path:
    link = _link(run, part)
    return link if link.exists() else located(part["path"])


def _is_as_it_was(run: Run, part: dict[str, Any]) -> bool:
    path = _found(run, part)
    if not path.exists() or path.stat().st_size != part["size"]:
        return False
    return "sha256" not in part or _digest(path) == part["sha256"]


def _link(run: Run, part: dict[str, Any]) -> Path:
    return home().path / "frozen" / run.id / part["path"]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _assessments() -> list[dict[str, Any]]:
    names = ASSESSMENT.names
    rows = Assessment.objects.order_by("consortium_id", "indicator", "item", "day").values(*names)
    return [{**row, "day": row["day"].isoformat()} for row in rows]


def _assessed(rows: list[dict[str, Any]]) -> pa.Table:
    columns = {
        name: pa.array([row[name] for row in rows]).cast(ASSESSMENT[name].arrow) if rows else []
        for name in ASSESSMENT.names
    }
    return pa.table(columns, schema=ASSESSMENT.schema)
