"""What the derived case page shows of a lead besides its steps."""

from collections.abc import Sequence
from typing import Any

from yigongti.capabilities.supervision.web.leads import evidence, money
from yigongti.capabilities.supervision.workflow import INSPECTORS, SUPERVISION_LEAD
from yigongti.pages.work import panels
from yigongti.spine.access.models import User
from yigongti.spine.access.scope import accounts_at


def add_panels() -> None:
    """Add them; called when Django is ready."""
    lead = SUPERVISION_LEAD.id
    panels.panel(lead, "supervision/evidence.html", evidence)
    panels.side_panel(lead, "supervision/money.html", money)
    panels.choices(lead, "inspector", _inspectors)


def _inspectors(_case: Any, _user: Any) -> Sequence[tuple[str, str]]:
    people = User.objects.filter(pk__in=accounts_at(None, roles=INSPECTORS)).order_by("display_name")
    return [(each.display_name, each.display_name) for each in people]
