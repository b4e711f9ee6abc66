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
    """A frozen annual evaluation: its run, when it was frozen, its digest, and the verdict on every consortium and on
    every institution that was judged by any target."""

    run_id: str
    frozen_at: datetime
    result_hash: str
    by_consortium: Mapping[str, Verdict]
    by_institution: Mapping[str, Verdict]


def frozen_evaluation(year: int) -> FrozenEvaluation | None:
    """The latest frozen evaluation of a whole year; None where there is none."""
    runs = Run.objects.filter(kind=Kind.ANNUAL, frozen_at__isnull=False)
    of_year = runs.filter(period_start=date(year, 1, 1), period_end=date(year, 12, 31))
    run = of_year.order_by("-frozen_at", "-pk").first()
    if run is None:
        return None
    verdicts = (_verdicts(run, level) for level in (Level.CONSORTIUM, Level.INSTITUTION))
    return FrozenEvaluation(run.pk, run.frozen_at, run.result_hash, *verdicts)


def _verdicts(run: Run, level: Level) -> dict[str, Verdict]:
    judged = run.values.filter(level=level, met__isnull=False).values("group").order_by("group")
    counted = judged.annotate(count=Count("pk"), fulfilled=Count("pk", filter=Q(met=True)))
    return {row["group"]: Verdict(row["fulfilled"], row["count"]) for row in counted}
