"""What happened to a case, as its page tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.models import Evidence
from yigongti.capabilities.ledger.workflow import OUTCOMES
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.workflow import Workflow
from yigongti.spine.cases.checks import permitted
from yigongti.spine.cases.models import Case, CaseEvent

_SPOKEN = ("plan", "progress", "opinion", "outcome", "reason")


@dataclass(frozen=True)
class Said:
    """One event: when, who, which step, what was said, and the papers that came with it."""

    at: datetime
    who: str
    step: str
    text: str
    is_late: bool
    papers: Sequence[Evidence] = ()


def said(workflow: Workflow, event: CaseEvent, *, papers: Sequence[Evidence] = ()) -> Said:
    """An event of a case in words."""
    label = _("发起") if event.step == "open" else _(workflow.labelled(event.step))
    texts = [_value(name, event.data[name]) for name in _SPOKEN if event.data.get(name)]
    who = event.user.display_name if event.user else _("系统")
    return Said(event.at, who, label, ";".join(texts), event.late, papers)


def _value(name: str, value: Any) -> str:
    return _(OUTCOMES[value]) if name == "outcome" else str(value)


def explain(request: HttpRequest, refused: NotAllowed, case: Case, step: str) -> None:
    """Say on the case's own page why a step has to wait; raises NotAllowed anew where the person may never take it."""
    permitted(case, step, by=request.user, at=clock.now())
    messages.error(request, str(refused))
