"""Frozen annual evaluations, for what depends on their outcome: payment, pay, appointments (YN-16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from yigongti.capabilities.measure.models import Kind, Level, Run


@dataclass(frozen=True)
class Verdict:
    """How many of the targets that could be judged were met."""

    met: int
    judged: int


@dataclass(frozen=True)
class FrozenEvaluation:
    """A frozen annual evaluation: its run, when it was frozen, its digest, and the verdict on every consortium."""

    run_id: str
    frozen_at: datetime
    result_hash: str
    by_consortium: Mapping[str, Verdict]


def frozen_evaluation(year: int) -> FrozenEvaluation | None:
    """The latest frozen evaluation of a whole year; None where there is none."""
    runs = Run.objects.filter(kind=Kind.ANNUAL, frozen_at__isnull=False)
    of_year = runs.filter(period_start=date(year, 1, 1), period_end=date(year, 12, 31))
    run = of_year.order_by("-frozen_at", "-pk").first()
    if run is None:
        return None
    judged = run.values.filter(level=Level.CONSORTIUM, met__isnull=False).values("group").order_by("group")
    counted = judged.annotate(count=Count("pk"), fulfilled=Count("pk", filter=Q(met=True)))
    verdicts = {row["group"]: Verdict(row["fulfilled"], row["count"]) for row in counted}
    return FrozenEvaluation(run.pk, run.frozen_at, run.result_hash, verdicts)
