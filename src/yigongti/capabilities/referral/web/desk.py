"""The desk's page: what waits here, most urgent first, and which places are free for it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.referral.selectors.queue import Line, counts, free_places, queue
from yigongti.capabilities.referral.workflow import DESK, REASONS, STATES
from yigongti.kernel import clock
from yigongti.pages.work import people, wording
from yigongti.pages.work.addresses import case_address
from yigongti.spine.access.scope import scope_of

PLACES_OF = 3
"""Of how many of one's institutions free places are looked for: a desk has one, a centre a few."""


def desk(request: HttpRequest) -> HttpResponse:
    """The queue of one's institutions, of one state or of all."""
    user: Any = request.user
    state, now = request.GET.get("state", ""), clock.now()
    state = state if state in STATES else ""
    lines = queue(user, at=now, state=state)
    names = people.masked(line.case.resident_id for line in lines)
    context = {
        "state": state,
        "counts": [(name, _(STATES[name]), count) for name, count in counts(user).items()],
        "rows": [_row(line, names, user) for line in lines],
        "places": free_places(sorted(_own(user))[:PLACES_OF], at=now),
    }
    return render(request, "referral/desk.html", context)


def _own(user: Any) -> frozenset[str]:
    scope = scope_of(user).narrowed(DESK)
    return frozenset() if scope.whole_county else scope.institution_ids


def _row(line: Line, names: Mapping[str | None, str], user: Any) -> dict[str, Any]:
    case = line.case
    return {
        "case": case,
        "tone": line.tone,
        "state": _(line.state),
        "person": names.get(case.resident_id, case.resident_id),
        "reason": _(REASONS[case.reason_code]),
        "due": wording.due_text(case.due_at, now=clock.now()),
        "address": case_address(case.workflow, case.pk, roles=scope_of(user).roles) or reverse("work"),
    }
