"""Where a capability adds to the derived pages of its workflow.  Called in its `apps.py`'s `ready()`.

panel("referral", "referral/booking.html", booking)  # a card on the case page: booking(case, user) → context
new_case_page("referral", "referral_new")            # URL name of its own new-case page
choices("referral", "counterpart", hospitals)        # hospitals(case or None, user) → [(value, label)]
step_form("referral", "accept", AcceptForm)          # a form of its own for a step (or for "open")
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

Context = Callable[..., Mapping[str, Any] | None]
Choices = Callable[..., Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Panel:
    """A template shown on the case page with what `context(case, user)` says; None: not shown.  beside: in the
    narrow column instead of under the facts."""

    template: str
    context: Context
    beside: bool = False


_panels: dict[str, dict[str, Panel]] = {}
_new_pages: dict[str, str] = {}
_choices: dict[tuple[str, str], Choices] = {}
_forms: dict[tuple[str, str], type[forms.Form]] = {}


def panel(workflow_id: str, template: str, context: Context) -> None:
    """Show a card under the facts of every case of a workflow."""
    _panels.setdefault(workflow_id, {})[template] = Panel(template, context)


def side_panel(workflow_id: str, template: str, context: Context) -> None:
    """Show a card beside the facts, under the steps."""
    _panels.setdefault(workflow_id, {})[template] = Panel(template, context, beside=True)


def new_case_page(workflow_id: str, url_name: str) -> None:
    """Lead who wants a new case of a workflow to a page of the capability's own (a URL without parameters)."""
    _new_pages[workflow_id] = url_name


def choices(workflow_id: str, field: str, options: Choices) -> None:
    """What a field may be chosen from: options(case or None, user) → (value, label) pairs."""
    _choices[workflow_id, field] = options


def step_form(workflow_id: str, step: str, form: type[forms.Form]) -> None:
    """Ask with a form of the capability's own; its fields are named as the step's needs and asks.

    It is made as any Django form; where its __init__ takes `case` and `user`, it gets them.
    """
    _forms[workflow_id, step] = form


def panels_of(workflow_id: str) -> tuple[Panel, ...]:
    """What a capability adds to the page of a case, in the order it was registered."""
    return tuple(_panels.get(workflow_id, {}).values())


def new_page_of(workflow_id: str) -> str:
    """The URL name of the capability's own new-case page, or ""."""
    return _new_pages.get(workflow_id, "")


def choices_of(workflow_id: str, field: str) -> Choices | None:
    """What can be chosen for a field of a workflow; None where nothing was registered."""
    return _choices.get((workflow_id, field))


def form_of(workflow_id: str, step: str) -> type[forms.Form] | None:
    """A capability's own form of a step; None: it is derived."""
    return _forms.get((workflow_id, step))
