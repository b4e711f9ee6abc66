"""Figures of the live referrals of a stretch of days: how they went, by direction and by institution."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.workflow import DESK, PROPOSERS, REASONS
from yigongti.kernel.roles import Role
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.models import CaseEvent

READERS = PROPOSERS | DESK | {Role.MANAGER, Role.INSURER, Role.BUREAU}
"""Who reads the figures of referral, for the institutions that they answer for."""
WAYS = {"up": "上转", "lateral": "平转", "down": "下转", "out": "转往县外"}
_COUNTED = {
    "sent": Count("pk"),
    "emergency": Count("pk", filter=Q(is_emergency=True)),
    "accepted": Count("pk", filter=Q(accepted_at__isnull=False)),
    "reserved": Count("pk", filter=Q(reserved=True)),
    "arrived": Count("pk", filter=Q(arrived_at__isnull=False)),
    "returned": Count("pk", filter=Q(returned_at__isnull=False)),
    "followed_up": Count("pk", filter=Q(followed_up_at__isnull=False)),
    "closed": Count("pk", filter=Q(closed_at__isnull=False)),
    "complete": Count("pk", filter=Q(state="closed")),
}


@dataclass(frozen=True)
class Figures:
    """Counts of referrals sent; shares are None where nothing was sent."""

    name: str
    sent: int = 0
    emergency: int = 0
    accepted: int = 0
    reserved: int = 0
    arrived: int = 0
    returned: int = 0
    followed_up: int = 0
    closed: int = 0
    complete: int = 0

    @property
    def arrival_rate(self) -> float | None:
        return self.arrived / self.accepted if self.accepted else None

    @property
    def reserved_share(self) -> float | None:
        return self.reserved / self.accepted if self.accepted else None

    @property
    def closure_rate(self) -> float | None:
        return self.closed / self.sent if self.sent else None


@dataclass(frozen=True)
class Lateness:
    """A step that has a deadline: how often it was taken, how often too late."""

    step: str
    taken: int
    late: int

    @property
    def share(self) -> float | None:
        return self.late / self.taken if self.taken else None


def sent_between(user: Any, *, begin: datetime, end: datetime) -> QuerySet:
    """The referrals sent in [begin, end) from or to the institutions that somebody answers for: to be counted, not
    to be shown one by one."""
    rows, scope = Referral.objects.filter(sent_at__gte=begin, sent_at__lt=end), scope_of(user).narrowed(READERS)
    if scope.whole_county:
        return rows
    reached = sorted(scope.institution_ids)
    return rows.filter(Q(institution_id__in=reached) | Q(counterpart_id__in=reached))


def by_direction(rows: QuerySet) -> list[Figures]:
    """One line a direction that occurs."""
    found = {row.pop("direction"): row for row in rows.order_by().values("direction").annotate(**_COUNTED)}
    return [Figures(WAYS[direction], **found[direction]) for direction in WAYS if direction in found]


def by_sender(rows: QuerySet) -> list[Figures]:
    """One line an institution that sent, the most first."""
    return _by(rows, "institution__name")


def by_receiver(rows: QuerySet) -> list[Figures]:
    """One line an institution that received, the most first."""
    return _by(rows, "counterpart__name")


def by_reason(rows: QuerySet) -> list[tuple[str, int]]:
    """(reason, referrals), the most frequent first."""
    counted = rows.order_by().values_list("reason_code").annotate(count=Count("pk")).order_by("-count")
    return [(REASONS[code], count) for code, count in counted]


def lateness(rows: QuerySet) -> list[Lateness]:
    """Steps with a deadline, as they were taken in these referrals."""
    events = CaseEvent.objects.filter(case_id__in=rows.values("pk"), due_at__isnull=False)
    counted = events.order_by().values("step").annotate(taken=Count("pk"), too_late=Count("pk", filter=Q(late=True)))
    return [Lateness(row["step"], row["taken"], row["too_late"]) for row in counted.order_by("step")]


def _by(rows: QuerySet, name: str) -> list[Figures]:
    counted = rows.order_by().annotate(seat=F(name)).values("seat").annotate(**_COUNTED).order_by("-sent", "seat")
    return [Figures(row.pop("seat") or "—", **row) for row in counted]
