"""The forms of steps and of opening, derived from what a workflow's step needs and asks for."""

import inspect
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import Step, Workflow
from yigongti.pages.work.fields import field_of, institutions
from yigongti.pages.work.panels import choices_of, form_of
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.bindings import Binding, binding_of
from yigongti.spine.cases.engine import OPEN_STEP, Parties
from yigongti.spine.cases.fields import OF_THE_CASE, column_of
from yigongti.spine.cases.models import Case
from yigongti.spine.places.models import Institution

PARTY_FIELDS = ("institution", "counterpart", "resident")
COUNTY_SEAT = "-"
"""What the opener is called where it is the county as a whole."""


class Derived(forms.Form):
    """A form of the fields given."""

    def __init__(self, fields: Mapping[str, forms.Field], *filled: Any, **options: Any) -> None:
        super().__init__(*filled, **options)
        self.fields.update(fields)


def step_form(case: Case, step: Step, *, user: Any, filled: tuple[Any, ...] = ()) -> forms.Form:
    """The form of a step of a case; `filled` is (POST, FILES) where it was filled in."""
    options = {"prefix": step.name, "auto_id": f"id_{step.name}_%s"}
    own = form_of(case.workflow, step.name)
    if own is not None:
        return own(*filled, **options, **_wanted_by(own, case=case, user=user))
    binding = binding_of(case.workflow)
    fields = _fields(binding, case, needs=step.needs, asks=step.asks, user=user)
    return Derived(fields, *filled, **options)


def opening_form(workflow: Workflow, *, user: Any, filled: tuple[Any, ...] = ()) -> forms.Form:
    """The form of a new case: its parties, then what opening needs, then a title."""
    own = form_of(workflow.id, OPEN_STEP)
    if own is not None:
        return own(*filled, **_wanted_by(own, case=None, user=user))
    binding = binding_of(workflow.id)
    needs = _own_fields(workflow.opening)
    asks = _own_fields(("title", *workflow.opening_asks))
    fields = _fields(binding, None, needs=needs, asks=tuple(n for n in asks if n not in needs), user=user)
    return Derived({**_party_fields(binding, user), **fields}, *filled)


def _own_fields(names: tuple[str, ...]) -> tuple[str, ...]:
    """The fields of opening that do not name a party: those stand first."""
    return tuple(dict.fromkeys(name for name in names if name not in PARTY_FIELDS))


def parties_of(workflow: Workflow, data: dict[str, Any]) -> Parties:
    """Take the parties out of what was said in an opening form; what opening itself needs stays there too."""
    taken = {name: data.get(name) or None for name in PARTY_FIELDS}
    for name in set(PARTY_FIELDS) - set(workflow.opening):
        data.pop(name, None)
    institution = taken["institution"]
    return Parties(None if institution == COUNTY_SEAT else institution, taken["counterpart"], taken["resident"])


def said(form: forms.Form) -> dict[str, Any]:
    """What was filled in, as the engine takes it: nothing for what was left empty."""
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [])}


def _wanted_by(form: type[forms.Form], **offered: Any) -> dict[str, Any]:
    takes = inspect.signature(form.__init__).parameters
    return {name: value for name, value in offered.items() if name in takes}


def _fields(
    binding: Binding, case: Case | None, *, needs: tuple[str, ...], asks: tuple[str, ...], user: Any
) -> dict[str, forms.Field]:
    found = {}
    for name in (*needs, *asks):
        options = choices_of(binding.workflow.id, name)
        found[name] = field_of(
            column_of(binding, name), required=name in needs, options=options and options(case, user), user=user
        )
        found[name].initial = _standing(case, name)
    return found


def _standing(case: Case | None, name: str) -> Any:
    """What a case already says, so that it need not be typed again."""
    if case is None or name not in OF_THE_CASE:
        return None
    return getattr(case, OF_THE_CASE[name])


def _party_fields(binding: Binding, user: Any) -> dict[str, forms.Field]:
    """The parties that are asked for: a resident opens for themselves and for no institution."""
    workflow = binding.workflow
    scope = scope_of(user).narrowed(workflow.openers)
    found: dict[str, forms.Field] = {}
    wanted = {"counterpart": True} if _has_counterpart(workflow) else {}
    if not scope.roles <= {Role.RESIDENT}:
        found["institution"] = forms.ChoiceField(label=_("发起机构"), choices=_openers(scope), required=True)
        wanted = {"resident": "resident" in workflow.opening, **wanted}
    for name, required in wanted.items():
        options = choices_of(workflow.id, name)
        found[name] = field_of(
            column_of(binding, name), required=required, options=options and options(None, user), user=user
        )
    return found


def _has_counterpart(workflow: Workflow) -> bool:
    """Whether somebody serves the case besides who opened it."""
    return any(step.at in ("receiver", "centre") for step in workflow.steps)


def _openers(scope: Any) -> list[Any]:
    if scope.whole_county:
        return [(COUNTY_SEAT, _("全县")), *institutions()]
    rows = Institution.objects.filter(pk__in=scope.institution_ids, closed_on__isnull=True).order_by("kind", "name")
    return list(rows.values_list("pk", "name"))
