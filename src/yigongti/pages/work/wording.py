"""Cases in words: their fields, their events, how late they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yigongti.kernel.clock import minute_of
from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import Workflow
from yigongti.pages import numbers
from yigongti.spine.cases.bindings import Binding
from yigongti.spine.cases.engine import OPEN_STEP
from yigongti.spine.cases.fields import column_of
from yigongti.spine.cases.models import Case, CaseEvent
from yigongti.spine.places.models import Institution

INSTITUTION = "institution"


@dataclass(frozen=True)
class Told:
    """One event of a timeline: what was done, by whom, where, when, and what was filled in."""

    step: str
    state: str
    who: str
    role: str
    institution: str
    at: datetime
    is_late: bool
    due_at: datetime | None
    said: list[tuple[str, str]]


def told(binding: Binding, case: Case, events: Iterable[CaseEvent]) -> list[Told]:
    """A case's events in words, in their order."""
    found = list(events)
    known = {each.pk: each.name for each in (case.institution, case.counterpart) if each}
    names = known | names_of({event.institution_id for event in found} - known.keys())
    return [_event(binding, event, names) for event in found]


def names_of(institution_ids: Iterable[str | None]) -> dict[str | None, str]:
    """Institution id → name."""
    wanted = [each for each in institution_ids if each]
    if not wanted:
        return {}
    return dict(Institution.objects.filter(pk__in=wanted).values_list("pk", "name"))


def said_in(binding: Binding, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Fields as (label, text).  What refers to something else than an institution is not written out here: the
    case's page names the person, for those who may see, and its columns by their own words; nor are the columns that
    the model leaves to its panels (`editable=False`)."""
    left = {each.name for each in binding.model._meta.concrete_fields if not each.editable}
    columns = {
        name: _column(binding, name) for name in values if values[name] not in (None, "", []) and name not in left
    }
    names = names_of(values[name] for name, column in columns.items() if column.refers == INSTITUTION)
    return [
        (_(column.label), (names.get(values[name], "") if column.refers else "") or shown(column, values[name]))
        for name, column in columns.items()
        if column.refers in ("", INSTITUTION)
    ]


def shown(column: Column, value: Any) -> str:
    """A value as people read it."""
    if column.choices:
        return "、".join(_(column.choices.get(each, each)) for each in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if column.kind is Kind.FEN:
        return numbers.yuan(value)
    if column.kind is Kind.INSTANT:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return minute_of(moment)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def opener_of(case: Case) -> str:
    """Who opened a case that no institution did: the resident, or the county."""
    return _("居民本人") if case.resident_id else _("全县")


def state_of(workflow: Workflow, state: str) -> str:
    """A state's label in the reader's language."""
    return _(workflow.states.get(state, state))


def step_of(workflow: Workflow, name: str) -> str:
    """A step's label in the reader's language; opening is a step too."""
    return _("发起") if name == OPEN_STEP else _(workflow.labelled(name))


def due_text(due_at: datetime | None, *, now: datetime) -> str:
    """How long there is, or how late it is."""
    if due_at is None:
        return ""
    hours = int(abs((due_at - now).total_seconds()) // 3600)
    if hours < 1:
        return _("超时不到 1 小时") if due_at < now else _("不到 1 小时")
    length = _length(hours, get_language())
    return _("超时 %(length)s") % {"length": length} if due_at < now else _("还有 %(length)s") % {"length": length}


@lru_cache(maxsize=10_000)
def _length(hours: int, _language: str | None) -> str:
    """In days, or in hours where it is less; worked out once in each language: a list says it of every case."""
    days = hours // 24
    if days:
        return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
    return ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}


def _event(binding: Binding, event: CaseEvent, names: Mapping[str | None, str]) -> Told:
    workflow = binding.workflow
    role = _(Role(event.role).label) if event.role in list(Role) else _("系统")
    who = event.user.display_name if event.user else _("系统")
    place = names.get(event.institution_id, "")
    return Told(
        step_of(workflow, event.step), state_of(workflow, event.to_state), who, role, place, event.at, event.late,
        event.due_at, said_in(binding, event.data),
    )  # fmt: skip


def _column(binding: Binding, name: str) -> Column:
    try:
        return column_of(binding, name)
    except LookupError:  # a field that an earlier version of the workflow asked for
        return Column(name, name, Kind.TEXT)
