"""Complaints: made by a resident, ended by the timer where nobody objects to the answer, brought before the county
where nobody answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yigongti.capabilities.portal.workflow import ABOUT, COMPLAINT
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, CaseEvent
from yigongti.spine.county_rules import county_rules


def complain(*, institution_id: str, about: str, told: str, by: Any, at: datetime, request_id: str) -> Case:
    """Complain about an institution.  Raises NotAllowed as opening the case does."""
    data = {"counterpart": institution_id, "about": about, "told": told, "title": ABOUT.get(about, "")}
    parties = Parties(None, institution_id, by.resident_id)
    return open_case(COMPLAINT.id, parties=parties, by=by, at=at, request_id=request_id, data=data)


def close_unobjected(*, at: datetime) -> int:
    """End the answered complaints to which nobody has objected for the rule's days; returns how many.  A job."""
    return _each("lapse", of=("answered",), due=at, at=at)


def raise_unattended(*, at: datetime) -> int:
    """Bring before the county what has been overdue for the rule's days without being taken on or answered; returns how
    many.  A job."""
    lies = county_rules().find("portal.complaint_raised_after", on=day_of(at)).timedelta
    return _each("raise", of=("submitted", "accepted"), due=at - lies, at=at)


def _each(step: str, *, of: Sequence[str], due: datetime, at: datetime) -> int:
    rows = Case.objects.filter(workflow=COMPLAINT.id, state__in=of, due_at__lte=due).order_by("due_at")
    return sum(_taken(case, step, at=at) for case in rows)


def _taken(case: Case, step: str, *, at: datetime) -> bool:
    try:
        taken = take(case, step, by=SYSTEM_ACTOR, at=at, request_id=f"{step}/{case.pk}/{case.version}")
    except NotAllowed:  # somebody has just said something
        return False
    return isinstance(taken, CaseEvent)
