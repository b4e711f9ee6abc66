"""The desk's queue: what waits at one's own institution, the most urgent first, and what could be booked for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as When
from django.db.models import Count, Q, QuerySet, Value
from django.db.models import When as If

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.workflow import STATES
from yigongti.kernel.clock import day_of
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.models import OPEN
from yigongti.spine.county_rules import county_rules

WAITING = ("emergency", "sent", "queried", "accepted", "arrived", "referred_on", "returned", "taken_over",
           "village_care", "followed_up")  # fmt: skip
"""The open states of the queue, in the order of a good course."""
MOST = 200
ANSWER_WITHIN, ARRIVE_WITHIN = "referral.accept_within_urgent", "referral.arrive_within"


@dataclass(frozen=True)
class Line:
    """One referral of the queue.  tone: bad where the deadline has passed, warn where it has waited longer than a
    working hour's answer should take, else plain."""

    case: Referral
    state: str
    tone: str


def queue(user: Any, *, at: datetime, state: str = "") -> list[Line]:
    """The open referrals sent to one's institutions, emergencies first, then by deadline."""
    urgent = When(If(state="emergency", then=Value(0)), default=Value(1))
    rows = incoming(user).filter(state=state) if state else incoming(user)
    rows = rows.select_related("institution", "counterpart").order_by(urgent, "due_at", "opened_at")[:MOST]
    answer = county_rules().find(ANSWER_WITHIN, on=day_of(at))
    return [Line(case, STATES[case.state], _tone(case, answer.after(case.entered_at), at)) for case in rows]


def counts(user: Any) -> Mapping[str, int]:
    """State → how many of the queue, for the states that have any."""
    found = dict(incoming(user).order_by().values_list("state").annotate(Count("pk")))
    return {state: found[state] for state in WAITING if state in found}


def incoming(user: Any) -> QuerySet:
    """The open referrals, sent, of which one's institutions are the receiver."""
    scope = scope_of(user).narrowed(REGISTRY.workflows["referral"].participants)
    rows = Referral.objects.filter(OPEN, workflow__in=("referral", "referral_down"), sent_at__isnull=False)
    return rows if scope.whole_county else rows.filter(Q(counterpart_id__in=sorted(scope.institution_ids)))


def places_for(case: Referral, *, at: datetime) -> Sequence[booking.Offer]:
    """The slots of the receiver that a referral could be given: inside the time to arrive, reserved ones too."""
    within = county_rules().find(ARRIVE_WITHIN, on=day_of(at))
    sought = booking.Sought("", booking.Source.REFERRAL, at, within.after(at), institution_id=case.counterpart_id or "")
    return booking.search(sought, at=at)


def free_places(institution_ids: Iterable[str], *, at: datetime) -> Sequence[booking.Offer]:
    """The next free slots of some institutions: one, the earliest, a resource."""
    within = county_rules().find(ARRIVE_WITHIN, on=day_of(at))
    found: dict[str, booking.Offer] = {}
    for institution_id in institution_ids:
        sought = booking.Sought("", booking.Source.REFERRAL, at, within.after(at), institution_id=institution_id)
        for offer in booking.search(sought, at=at, limit=MOST):
            found.setdefault(offer.resource_id, offer)
    return sorted(found.values(), key=lambda offer: offer.begins)


def _tone(case: Referral, answer_by: datetime, at: datetime) -> str:
    if case.state == "emergency" or (case.due_at is not None and case.due_at < at):
        return "bad"
    return "warn" if case.state == "sent" and answer_by < at else "plain"
