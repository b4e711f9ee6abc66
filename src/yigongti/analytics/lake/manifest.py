"""What the lake holds now: current parts, row counts, and as of when.  The reading side of the lake."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from yigongti.spine.home import home

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yigongti.analytics.lake.models import Part


def current(table: str) -> "QuerySet[Part]":
    """The manifest rows of a fact table's current parts, oldest month first."""
    return _parts(table, "current")


def earlier(table: str) -> "QuerySet[Part]":
    """The manifest rows of the parts that keep replaced rows."""
    return _parts(table, "history")


def paths(table: str) -> list[str]:
    """Absolute paths of the table's current Parquet parts, oldest month first; [] where none.

    The parts have exactly the dictionary's columns.  A part that a later load rewrites stays readable for a while,
    so a reader that holds this list may finish.
    """
    return [str(located(path)) for path in current(table).values_list("path", flat=True)]


def facts_as_of(table: str) -> datetime | None:
    """When the table last changed (the load's instant), or None where it was never loaded."""
    from django.db.models import Max

    latest: datetime | None = current(table).aggregate(latest=Max("added_at"))["latest"]
    return latest


def row_counts() -> dict[str, int]:
    """Rows now in the lake by fact table, tables without rows left out."""
    from django.db.models import Sum

    from yigongti.analytics.lake.models import Part

    alive = Part.objects.filter(kind=Part.CURRENT, retired_at=None)
    counts = alive.values_list("table").annotate(count=Sum("rows")).order_by("table")
    return {table: count for table, count in counts if count}


def located(path: str) -> Path:
    """Where a part of the manifest lies on this machine."""
    return home().lake / path


def _parts(table: str, kind: str) -> "QuerySet[Part]":
    from yigongti.analytics.lake.models import Part

    return Part.objects.filter(table=table, kind=kind, retired_at=None).order_by("month", "id")
