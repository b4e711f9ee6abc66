"""What a run rests on: the lake's parts and the assessments, recorded so that the run can be worked out again.

A frozen run keeps its parts: hard links beside the lake, which take no room until the lake drops the part itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from yigongti.analytics.engines import Source
from yigongti.analytics.lake import pinned
from yigongti.capabilities.measure.facts.tables import ASSESSMENT
from yigongti.capabilities.measure.models import Assessment, Run
from yigongti.kernel.indicators import Indicator
from yigongti.spine.home import home

GROUPING = ("institution", "place", "resident")
"""Fact tables by which every indicator is grouped."""


@dataclass(frozen=True)
class Inputs:
    """sources: fact table → its Parquet files or Arrow table; record: the same as a run keeps it."""

    sources: Mapping[str, Source]
    record: pinned.Record


def present(indicators: Iterable[Indicator]) -> Inputs:
    """The facts that are there now, of the tables that these indicators read."""
    wanted = {name for indicator in indicators for name in indicator.reads} | set(GROUPING)
    record = pinned.present(sorted(wanted - {ASSESSMENT.name}))
    sources: dict[str, Source] = dict(pinned.files(record))
    if ASSESSMENT.name in wanted:
        record[ASSESSMENT.name] = _assessments()
        sources[ASSESSMENT.name] = _assessed(record[ASSESSMENT.name])
    return Inputs(sources, record)


def recorded(run: Run) -> Inputs:
    """The facts that a run rests on.  Raises InputsGone with what is missing or altered."""
    assessed = _assessed(run.inputs.get(ASSESSMENT.name, []))
    return Inputs({**pinned.files(_parts(run), kept_in=_folder(run)), ASSESSMENT.name: assessed}, run.inputs)


def keep(run: Run) -> pinned.Record:
    """Link every part that a run rests on beside the lake; returns the record with each part's SHA-256."""
    return {**run.inputs, **pinned.keep(_parts(run), folder=_folder(run))}


def _parts(run: Run) -> pinned.Record:
    return {name: listed for name, listed in run.inputs.items() if name != ASSESSMENT.name}


def _folder(run: Run) -> Path:
    return home().path / "frozen" / str(run.id)


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
