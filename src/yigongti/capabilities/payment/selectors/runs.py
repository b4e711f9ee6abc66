"""Runs and clearings: which years there are, what stands, what a run consists of; lines inside one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import Http404

from yigongti.capabilities.measure.api import Level, names
from yigongti.capabilities.payment.models import Clearing, LineResult, PoolResult, Run
from yigongti.capabilities.payment.selectors.wording import budget_label
from yigongti.spine.access.rows import scoped
from yigongti.spine.access.scope import scope_of
from yigongti.spine.places.models import Institution


@dataclass(frozen=True)
class Names:
    """What consortia and institutions are called; one without a name is called by its id."""

    consortia: dict[str, str]
    institutions: dict[str, str]

    def consortium(self, key: str) -> str:
        return self.consortia.get(key, key)

    def institution(self, key: str) -> str:
        return self.institutions.get(key, key)

    def budget(self, row: Any) -> str:
        """The budget that a row names, with its consortium."""
        return f"{self.consortium(row.consortium_id)} {budget_label(row)}"


def called() -> Names:
    """All names, in two queries."""
    return Names(names(Level.CONSORTIUM, None), dict(Institution.objects.values_list("pk", "name")))


def years() -> list[int]:
    """The years that were settled, the latest first."""
    return list(Run.objects.order_by("-year").values_list("year", flat=True).distinct())


def runs_of(year: int) -> QuerySet:
    """The runs of a year, the latest first, with their clearing where they are one."""
    return Run.objects.filter(year=year).select_related("clearing", "created_by").order_by("-created_at", "pk")


def run_or_404(key: str) -> Run:
    """A run by its id or the first part of it.  Raises Http404."""
    found = list(Run.objects.filter(pk__startswith=key).select_related("clearing")[:2]) if len(key) >= 8 else []
    if len(found) != 1:
        raise Http404(f"no run {key}")
    return found[0]


def standing(year: int) -> Clearing | None:
    """The clearing of a year that is in force: the last of its corrections."""
    found: Clearing | None = Clearing.objects.filter(year=year, corrected_by__isnull=True).select_related("run").first()
    return found


def latest(year: int) -> Run | None:
    """The run to show for a year: its clearing, else the latest by the county's own rules or any."""
    cleared = standing(year)
    found: Run | None = cleared.run if cleared else runs_of(year).first()
    return found


def lines_of(run: Run, user: Any) -> QuerySet:
    """The lines of a run that somebody may see."""
    return (
        scoped(LineResult.objects.filter(pool__run=run), user).select_related("pool").order_by("institution_id", "pk")
    )


def pools_of(run: Run, user: Any) -> Sequence[PoolResult]:
    """The pools of a run: all for the county's people, else those in which one's own institutions have lines."""
    pools = PoolResult.objects.filter(run=run).order_by("consortium_id", "insured_as", "scheme")
    if scope_of(user).whole_county:
        return list(pools)
    return list(pools.filter(pk__in=lines_of(run, user).order_by().values("pool_id")))


def totals_of(lines: QuerySet) -> dict[str, int]:
    """Lines added up."""
    summed = ("final_fen", "surplus_kept_fen", "overrun_borne_fen", "stays", "visits", "stays_recorded_fen",
              "visits_recorded_fen", "stays_due_fen", "visits_due_fen")  # fmt: skip
    found = lines.order_by().aggregate(**{name: Sum(name) for name in summed})
    return {name: found[name] or 0 for name in summed}
