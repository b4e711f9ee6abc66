"""Cases in the shapes of REST."""

from typing import Any

from django.utils.translation import gettext as _

from yigongti.pages.work.api.declared import fields_of
from yigongti.pages.work.api.shapes import CaseLine, CaseShape, EventShape, OfferedStep
from yigongti.pages.work.cases import COMMON, offered
from yigongti.spine.cases.bindings import binding_of
from yigongti.spine.cases.fields import plain
from yigongti.spine.cases.listing import Line
from yigongti.spine.cases.models import Case
from yigongti.spine.cases.selectors import timeline


def line_shape(case: Case | Line) -> CaseLine:
    """A case as lists tell it."""
    return CaseLine(**{name: getattr(case, name) for name in CaseLine.model_fields})


def case_shape(case: Case, *, user: Any) -> CaseShape:
    """A case whole, as somebody may see it."""
    events = [
        EventShape(**{name: getattr(event, name) for name in EventShape.model_fields}) for event in timeline(case)
    ]
    binding = binding_of(case.workflow)
    steps = [
        OfferedStep(
            name=each.step.name, label=_(each.step.title), refused=each.refused,
            fields=fields_of(binding, each.step.needs, each.step.asks),
        )
        for each in offered(case, user=user)
    ]  # fmt: skip
    return CaseShape(**dict(line_shape(case)), data=data_of(case), events=events, steps=steps)


def data_of(case: Case) -> dict[str, Any]:
    """What is known of a case besides its common columns, as JSON can hold it."""
    own = {
        each.attname: plain(getattr(case, each.attname))
        for each in type(case)._meta.concrete_fields
        if each.name not in COMMON and not each.primary_key
    }
    return {**own, **case.payload}
