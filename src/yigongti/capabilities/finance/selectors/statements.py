"""A member's statement of a year: what reached it from every sharing that is in the books, down to each line."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404

from yigongti.capabilities.finance.models import Kind, Line, Posting
from yigongti.capabilities.finance.selectors.sharings import Told, consortia, told
from yigongti.kernel.periods import Period
from yigongti.spine.access.scope import scope_of
from yigongti.spine.places.models import Institution


@dataclass(frozen=True)
class Part:
    """One sharing's part of a statement.  run_id: "" where the reader may not see the sharing as a whole."""

    run_id: str
    label: str
    period: str
    total_fen: int
    lines: tuple[Told, ...]

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True)
class Statement:
    """received_fen, paid_fen: as the books have them; parts: how they came about."""

    institution: Institution
    year: int
    parts: tuple[Part, ...]
    received_fen: int
    paid_fen: int

    @property
    def net_fen(self) -> int:
        return self.received_fen - self.paid_fen


def statement_of(institution_id: str, year: int, user: Any) -> Statement:
    """Raises Http404 outside the user's scope, or for no such institution."""
    institution = Institution.objects.filter(pk=institution_id).first()
    if institution is None or not scope_of(user).covers(institution_id):
        raise Http404("no institution inside the user's scope")
    lines = Line.objects.filter(
        institution_id=institution_id, run__posted_at__isnull=False, run__reversed_at__isnull=True,
        run__period_start__year=year,
    ).select_related("run").order_by("run__period_start", "run_id", "-amount_fen")  # fmt: skip
    by_run: dict[str, list[Line]] = {}
    for line in lines:
        by_run.setdefault(line.run_id, []).append(line)
    whole = dict(consortia(user))
    parts = tuple(_part(found, institution, whole) for found in by_run.values())
    return Statement(institution, year, parts, *_moved(institution_id, year))


def years_of(institution_id: str) -> list[int]:
    """The years of which there is something to state, latest first."""
    days = Line.objects.filter(institution_id=institution_id, run__posted_at__isnull=False)
    return sorted({day.year for day in days.values_list("run__period_start", flat=True)}, reverse=True)


def _part(lines: list[Line], institution: Institution, whole: Container[str]) -> Part:
    run = lines[0].run
    shown = tuple(told(line, run, {institution.pk: institution.name}) for line in lines)
    period = Period(run.period_start, run.period_end).label
    run_id = run.pk if run.consortium_id in whole else ""
    return Part(run_id, Kind(run.kind).label, period, run.total_fen, shown)


def _moved(institution_id: str, year: int) -> tuple[int, int]:
    of_year = Q(run__period_start__year=year)
    own = Posting.objects.filter(of_year, Q(from_owner=institution_id) | Q(to_owner=institution_id))
    received = paid = 0
    for to_owner, amount in own.values_list("to_owner", "amount_fen"):
        received += amount if to_owner == institution_id else 0
        paid += amount if to_owner != institution_id else 0
    return received, paid
