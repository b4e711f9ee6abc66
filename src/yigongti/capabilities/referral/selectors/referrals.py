"""Referrals as others read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.places import appointment_of
from yigongti.capabilities.referral.workflow import DIRECTIONS, REASONS, STATES


@dataclass(frozen=True)
class Referred:
    """One referral.  state: id of workflow.STATES; due_at: by when the next step is due; what the hospital handed
    back is "" or empty until it did."""

    referral_id: str
    workflow: str
    resident_id: str
    direction: str
    reason_code: str
    state: str
    sender: str
    receiver: str
    diagnosis: Sequence[str]
    is_emergency: bool
    sent_at: datetime | None
    appointment_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    discharge_summary: str
    plan: str
    drugs: Sequence[str]
    warning_signs: str
    follow_up_by: date | None

    @property
    def state_label(self) -> str:
        return STATES[self.state]

    @property
    def direction_label(self) -> str:
        return DIRECTIONS[self.direction]

    @property
    def reason_label(self) -> str:
        return REASONS[self.reason_code]


def referrals_of(resident_id: str, *, limit: int = 20) -> list[Referred]:
    """A person's referrals that were sent, the latest first.  Access is the caller's matter."""
    rows = Referral.objects.filter(resident_id=resident_id, sent_at__isnull=False)
    rows = rows.select_related("institution", "counterpart").order_by("-sent_at")
    return [referred(row) for row in rows[:limit]]


def referred(case: Referral) -> Referred:
    """The referral as a frozen value.  A patient who is awaited is told what is booked now."""
    if case.state == "accepted":
        booked = appointment_of(case)
        case.appointment_at = booked.begins if booked else None
    return Referred(
        case.pk, case.workflow, case.resident_id, case.direction, case.reason_code, case.state, case.institution.name,
        case.counterpart.name, tuple(case.diagnosis), case.is_emergency, case.sent_at, case.appointment_at, case.due_at,
        case.closed_at, case.discharge_summary or "", case.plan or "", tuple(case.drugs or ()),
        case.warning_signs or "", case.follow_up_by,
    )  # fmt: skip
