"""What was found, added up: by detector, institution, doctor and month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.decisions.recovery import Balance, balance
from yigongti.capabilities.supervision.models import Finding, Lead, RecoveryLine, Sweep
from yigongti.capabilities.supervision.workflow import REPORTED
from yigongti.kernel.periods import Period
from yigongti.spine.access.rows import scoped
from yigongti.spine.cases.models import OPEN
from yigongti.spine.places.models import Institution

MOST_DOCTORS = 100


@dataclass(frozen=True)
class Wanted:
    """What a board is narrowed to; "" is no narrowing.  first and last are months."""

    detector: str = ""
    institution: str = ""
    first: str = ""
    last: str = ""

    @property
    def condition(self) -> Q:
        chosen = {
            "detector": self.detector, "institution_id": self.institution, "month__gte": self.first,
            "month__lte": self.last,
        }  # fmt: skip
        return Q(**{name: value for name, value in chosen.items() if value})


@dataclass(frozen=True)
class Line:
    """One line of a board: what it is about, findings, leads, people, fund money in question."""

    key: str
    label: str
    findings: int
    leads: int
    amount_fen: int
    institution: str = ""


@dataclass(frozen=True)
class Totals:
    """The figures above the board."""

    findings: int
    open_leads: int
    closed_leads: int
    overdue_leads: int
    amount_fen: int
    money: Balance


def findings(user: Any, wanted: Wanted) -> QuerySet:
    """The findings somebody may see, narrowed."""
    return scoped(Finding.objects.all(), user).filter(wanted.condition)


def leads(user: Any) -> QuerySet:
    """The leads somebody may see."""
    return scoped(Lead.objects.all(), user)


def totals(user: Any, wanted: Wanted, *, now: Any) -> Totals:
    """Counts and money of what the reader may see."""
    found = findings(user, wanted)
    sums = found.aggregate(count=Count("pk"), amount=Sum("amount_fen"))
    own = leads(user).filter(pk__in=found.values("lead_id"))
    counts = own.aggregate(
        open=Count("pk", filter=OPEN),
        closed=Count("pk", filter=~OPEN),
        late=Count("pk", filter=OPEN & Q(due_at__lt=now)),
    )
    lines = RecoveryLine.objects.filter(lead__in=own).values_list("entry", "amount_fen")
    return Totals(sums["count"], counts["open"], counts["closed"], counts["late"], sums["amount"] or 0, balance(lines))


def by_detector(user: Any, wanted: Wanted) -> list[Line]:
    """Most money first."""
    rows = _grouped(findings(user, wanted), "detector")
    return _sorted([_line(row, "detector", detector_label(row["detector"])) for row in rows])


def by_institution(user: Any, wanted: Wanted) -> list[Line]:
    """Most money first."""
    rows = list(_grouped(findings(user, wanted), "institution_id"))
    names = _names(row["institution_id"] for row in rows)
    return _sorted([_line(row, "institution_id", names[row["institution_id"]]) for row in rows])


def by_doctor(user: Any, wanted: Wanted) -> list[Line]:
    """The doctors with most findings, with the institution they were found at."""
    found = findings(user, wanted).filter(prescriber_id__isnull=False)
    rows = list(_grouped(found, "prescriber_id", "institution_id").order_by("-count")[:MOST_DOCTORS])
    names = _names(row["institution_id"] for row in rows)
    return [_line(row, "prescriber_id", row["prescriber_id"], institution=names[row["institution_id"]]) for row in rows]


def by_month(user: Any, wanted: Wanted) -> list[Line]:
    """First month first, months without a finding among them."""
    found = {row["month"]: _line(row, "month", row["month"]) for row in _grouped(findings(user, wanted), "month")}
    if not found:
        return []
    whole = Period(date.fromisoformat(f"{min(found)}-01"), date.fromisoformat(f"{max(found)}-01"))
    return [
        found.get(label, Line(label, label, 0, 0, 0)) for label in (f"{each.start:%Y-%m}" for each in whole.months())
    ]


def detector_label(detector_id: str) -> str:
    """A detector's name in the reader's language; the id where it is no longer there."""
    if detector_id == REPORTED:
        return _("举报或移交")
    detector = DETECTORS.get(detector_id)
    return _(detector.label) if detector else detector_id


def last_sweep() -> Sweep | None:
    """The latest sweep."""
    latest: Sweep | None = Sweep.objects.first()
    return latest


def choices(user: Any) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """(detectors, institutions) that the reader's findings have, as (value, label)."""
    own = findings(user, Wanted())
    detectors = sorted(own.values_list("detector", flat=True).distinct(), key=list(DETECTORS).index)
    names = _names(own.values_list("institution_id", flat=True).distinct())
    return [(name, detector_label(name)) for name in detectors], sorted(names.items(), key=lambda each: each[1])


def _grouped(rows: QuerySet, *names: str) -> QuerySet:
    return rows.values(*names).annotate(
        count=Count("pk"), leads=Count("lead_id", distinct=True), amount=Sum("amount_fen")
    )


def _line(row: Mapping[str, Any], name: str, label: str, *, institution: str = "") -> Line:
    return Line(row[name], label, row["count"], row["leads"], row["amount"] or 0, institution)


def _sorted(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.amount_fen, -line.findings, line.key))


def _names(ids: Any) -> dict[str, str]:
    return dict(Institution.objects.filter(pk__in=set(ids)).values_list("pk", "name"))
