"""Keeps the lake tidy: files that no manifest names, parts that were rewritten, many small parts of one month."""

import shutil
from datetime import timedelta

from django.db import transaction

from yigongti.analytics.lake import locking
from yigongti.analytics.lake.manifest import current, located
from yigongti.analytics.lake.models import Part
from yigongti.analytics.lake.parts import part_path, settled
from yigongti.analytics.lake.rewriting import PARQUET
from yigongti.analytics.lake.staging import connected, quoted, sorting
from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.spine.home import home

SMALL = 400_000
"""Parts of fewer rows are merged with others of their month."""
GRACE = timedelta(hours=1)
"""How long a rewritten part stays on the disk for readers that already hold its path."""


def sweep(*, grace: timedelta = GRACE) -> int:
    """Delete what a killed writer left behind and parts retired longer than `grace`; returns how many files."""
    with locking.writing():
        shutil.rmtree(home().lake / ".staging", ignore_errors=True)
        gone = list(Part.objects.filter(retired_at__lt=clock.now() - grace))
        for part in gone:
            located(part.path).unlink(missing_ok=True)
        if gone:
            Part.objects.filter(pk__in=[part.pk for part in gone]).delete()
        named = set(Part.objects.values_list("path", flat=True))
        orphans = [
            path for path in home().lake.glob("*/*/*.parquet") if str(path.relative_to(home().lake)) not in named
        ]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(gone) + len(orphans)


def compact(table: str = "", *, smaller_than: int = SMALL) -> int:
    """Merge the small parts of each month into one, for one table or all; returns how many parts went.

    Rows stay the same, so nothing that reads the lake notices; each month is a transaction of its own.
    """
    with locking.writing():
        sweep()
        names = [table] if table else list(COUNTY)
        return sum(_compact_month(COUNTY[name], parts) for name in names for parts in _small(name, smaller_than))


def _small(table: str, smaller_than: int) -> list[list[Part]]:
    """The months' parts that are worth merging."""
    months: dict[str, list[Part]] = {}
    for part in current(table).filter(rows__lt=smaller_than):
        months.setdefault(part.month, []).append(part)
    return [parts for parts in months.values() if len(parts) > 1]


def _compact_month(table: FactTable, parts: list[Part]) -> int:
    files, path = [str(located(part.path)) for part in parts], part_path(table.name, parts[0].month)
    with connected(home().lake / ".staging") as connection:
        connection.execute(
            f"""COPY (SELECT {quoted(table.names)} FROM read_parquet({files}) ORDER BY {quoted(sorting(table))})
                TO '{path}' ({PARQUET})"""
        )
    merged = settled(table.name, parts[0].month, path)
    with transaction.atomic():
        Part.objects.filter(pk__in=[part.pk for part in parts]).update(retired_at=clock.now())
        Part.objects.create(
            table=table.name, month=merged.month, path=merged.relative, rows=merged.rows, size=merged.size,
            delivery=parts[-1].delivery, added_at=max(part.added_at for part in parts),
        )  # fmt: skip
    return len(parts)
