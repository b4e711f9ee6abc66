"""Keeps the lake tidy: files that no manifest names, parts that were rewritten, many small parts of one month."""

import shutil
from datetime import timedelta

from yigongti.analytics.lake import locking
from yigongti.analytics.lake.manifest import located
from yigongti.analytics.lake.models import Part
from yigongti.kernel import clock
from yigongti.spine.home import home

GRACE = timedelta(hours=1)
"""How long a rewritten part stays on the disk for readers that already hold its path."""


def sweep(*, grace: timedelta = GRACE) -> int:
    """Delete what a killed writer left behind and parts retired longer than `grace`; returns how many files."""
    with locking.writing():
        shutil.rmtree(home().lake / ".staging", ignore_errors=True)
        gone = list(Part.objects.filter(retired_at__lt=clock.now() - grace))
        for part in gone:
            located(part.path).unlink(missing_ok=True)
        Part.objects.filter(pk__in=[part.pk for part in gone]).delete()
        named = set(Part.objects.values_list("path", flat=True))
        orphans = [
            path for path in home().lake.glob("*/*/*.parquet") if str(path.relative_to(home().lake)) not in named
        ]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(gone) + len(orphans)
