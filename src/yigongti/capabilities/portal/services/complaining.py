"""Complaints: made by a resident, ended by the timer where nobody objects to the answer."""

from datetime import datetime
from typing import Any

from yigongti.capabilities.portal.workflow import ABOUT, COMPLAINT
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, CaseEvent


def complain(*, institution_id: str, about: str, told: str, by: Any, at: datetime, request_id: str) -> Case:
    """Complain about an institution.  Raises NotAllowed as opening the case does."""
    data = {"counterpart": institution_id, "about": about, "told": told, "title": ABOUT.get(about, "")}
    parties = Parties(None, institution_id, by.resident_id)
    return open_case(COMPLAINT.id, parties=parties, by=by, at=at, request_id=request_id, data=data)


def close_unobjected(*, at: datetime) -> int:
    """End the answered complaints to which nobody has objected for the rule's days; returns how many.  A job."""
    due = Case.objects.filter(workflow=COMPLAINT.id, state="answered", due_at__lte=at).order_by("due_at")
    return sum(_lapse(case, at=at) for case in due)


def _lapse(case: Case, *, at: datetime) -> bool:
    try:
        taken = take(case, "lapse", by=SYSTEM_ACTOR, at=at, request_id=f"lapse/{case.pk}/{case.version}")
    except NotAllowed:  # the resident has just said something
        return False
    return isinstance(taken, CaseEvent)
