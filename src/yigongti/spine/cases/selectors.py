"""Cases as people look for them: what they may see, what waits for them, what happened.

Lists for pages are read by `listing`, page by page.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404

from yigongti.spine.audit import trail
from yigongti.spine.cases.bindings import binding_of, of_its_model
from yigongti.spine.cases.models import OPEN, Case, CaseEvent
from yigongti.spine.cases.sight import any_of, cares_for, seen_by, sees, waiting_on
from yigongti.spine.cases.worklists import WorkList
from yigongti.spine.statements import TEXT, kept

__all__ = ["WorkList", "open_for", "seen", "sees", "timeline", "visible_cases", "work_list"]

_PARTIES = ("institution", "counterpart", "resident__identity")
"""What is shown of a case is read with it."""


def visible_cases(user: Any, *, workflow_id: str | None = None) -> QuerySet:
    """The cases somebody may see (`sight.seen_by`)."""
    return Case.objects.filter(any_of(seen_by(user, workflow_id=workflow_id or "")))


def work_list(user: Any, *, which: WorkList, at: datetime, workflow_id: str | None = None) -> QuerySet:
    """One list whole, most urgent first (ALL: latest first)."""
    cases = visible_cases(user, workflow_id=workflow_id)
    if which is WorkList.ALL:
        return cases.order_by("-opened_at", "-case_id")
    narrowing = {
        WorkList.TO_DO: lambda: any_of(waiting_on(user, workflow_id=workflow_id or "")),
        WorkList.MINE: lambda: Q(opener=user),
        WorkList.OVERDUE: lambda: Q(due_at__lt=at),
        WorkList.DUE: lambda: Q(due_at__gte=at),
        WorkList.OPEN: Q,
    }
    return cases.filter(OPEN, narrowing[which]()).order_by(F("due_at").asc(nulls_last=True), "case_id")


def timeline(case: Case) -> list[CaseEvent]:
    """What happened to a case, first to last."""
    return kept("case_events", _events).objects({TEXT: case.pk})


def open_for(user: Any, *, case_id: str) -> Case:
    """One case with its model's columns, for showing: the read of a person's case is audited.

    Somebody sees what reaches their institutions, and what those whom they care for have under way in a workflow
    that their role takes part in.  Raises Http404 where there is none, or none that the user may see.
    """
    case = seen(user, case_id=case_id)
    if case.resident_id:
        trail.record("read_case", actor=user.username, subject=f"case:{case.pk}", resident_id=case.resident_id)
    return case


def seen(user: Any, *, case_id: str) -> Case:
    """One case with its model's columns, to act on without showing it.  Raises Http404 as `open_for`."""
    found: Case | None = next(iter(kept("case", _case).objects({TEXT: case_id})), None)
    if found is None or not (sees(user, found) or cares_for(user, found)):
        raise Http404("no case inside the user's scope")
    return found if binding_of(found.workflow).model is Case else _with_own_columns(found)


def _case() -> QuerySet:
    return Case.objects.select_related(*_PARTIES).filter(pk=TEXT)


def _events() -> QuerySet:
    return CaseEvent.objects.select_related("user").filter(case_id=TEXT).order_by("version")


def _with_own_columns(found: Case) -> Case:
    """The case of its workflow's model; its parties are those already read."""
    own = of_its_model(found)
    for party in ("institution", "counterpart", "resident"):
        setattr(own, party, getattr(found, party))
    return own
