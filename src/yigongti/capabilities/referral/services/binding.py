"""The three workflows of referral joined to their model, guards and effects."""

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.services import course
from yigongti.capabilities.referral.workflow import WORKFLOWS
from yigongti.spine.cases.bindings import Binding, Published, bind

GUARDS = {name: getattr(course, name) for name in ("criteria", "red_flag", "sent_on")}
EFFECTS = {
    name: getattr(course, name)
    for name in ("send", "accept", "accept_with_place", "arrive", "hand_back", "take_over", "follow_up", "end")
}


def bind_workflows() -> None:
    """Use all three in this process; each publishes the fact `referral`."""
    published = Published("referral", course.row_of)
    for workflow in WORKFLOWS:
        bind(
            Binding(workflow, model=Referral, guards=GUARDS, effects=EFFECTS, on_open=course.begin, publishes=published)
        )
