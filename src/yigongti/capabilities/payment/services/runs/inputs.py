"""What a run rests on: the lake's parts, recorded; a cleared run keeps them as links beside the lake.

A link takes no room until the lake drops the part itself.
"""

from collections.abc import Mapping
from pathlib import Path

from yigongti.analytics.lake import pinned
from yigongti.analytics.lake.pinned import digest_of
from yigongti.capabilities.payment.models import Run
from yigongti.capabilities.payment.services.settle import READS
from yigongti.spine.home import home

__all__ = ["digest_of", "folder_of", "keep", "present", "recorded"]

Sources = Mapping[str, list[Path]]


def present() -> tuple[Sources, pinned.Record]:
    """The facts that are there now: where they lie, and how a run records them."""
    record = pinned.present(READS)
    return pinned.files(record), record


def recorded(run: Run) -> Sources:
    """The facts that a run rests on.  Raises InputsGone with what is missing or altered."""
    return pinned.files(run.inputs, kept_in=_facts_of(run))


def keep(run: Run) -> pinned.Record:
    """Link every part that a run rests on beside the lake; returns the record with each part's SHA-256."""
    return pinned.keep(run.inputs, folder=_facts_of(run))


def folder_of(run_id: str) -> Path:
    """Where a run keeps its own files."""
    return home().path / "settled" / run_id[:16]


def _facts_of(run: Run) -> Path:
    return folder_of(run.id) / "facts"
