"""Entries of a patient's record in a line each: what may be attached, and what a hospital did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.referral.models import ATTACHABLE, Referral
from yigongti.kernel import clock
from yigongti.kernel.clock import day_of
from yigongti.kernel.facts import COUNTY
from yigongti.spine.places.models import Institution
from yigongti.spine.record.selectors import TimelineItem, timeline

ATTACHED = (
    "visit",
    "stay",
    "exam",
    "prescription_line",
    "condition",
    "procedure",
    "allergy",
    "follow_up",
    "measurement",
)
"""Fact tables of which entries are offered to be attached."""
CARE = ("visit", "stay", "exam", "prescription_line", "procedure")
"""What a hospital does that the base-level doctor wants to know."""
OFFERED, LOOKED_BACK = 16, timedelta(days=365)
_TITLE = {
    "visit": ("kind", "department", "dx"), "stay": ("department", "dx", "procedures"), "exam": ("kind", "item_code"),
    "prescription_line": ("drug_name",), "condition": ("name", "status"), "procedure": ("name",),
    "allergy": ("substance_name",), "follow_up": ("programme", "result"), "measurement": ("code", "value", "unit"),
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """One entry: value names it in a form (table|key|day); label and text say what it is."""

    table: str
    key: str
    day: date
    label: str
    text: str
    institution: str

    @property
    def value(self) -> str:
        return "\x1f".join((self.table, self.key, self.day.isoformat()))


def papers_of(resident_id: str) -> list[Paper]:
    """The latest entries of a person's record that may be attached."""
    since = clock.today() - LOOKED_BACK
    return _papers(timeline(resident_id, tables=ATTACHED, since=since, limit=OFFERED * 4)[:OFFERED])


def attached_to(case: Referral) -> list[Paper]:
    """What goes with a referral, newest first; an entry that a later file took away is left out."""
    wanted = {(each.table, each.key, each.day) for each in case.attachments.all()}
    if not wanted or case.resident_id is None:
        return []
    days = [day for _table, _key, day in wanted]
    last = max(days) + timedelta(days=1)
    found = timeline(case.resident_id, tables=ATTACHABLE, since=min(days), before=last)
    return _papers(item for item in found if (item.table, item.key, item.day) in wanted)


def done_at_receiver(case: Referral) -> list[Paper]:
    """What the receiver has done for the patient since they arrived, newest first."""
    if case.arrived_at is None or case.resident_id is None:
        return []
    since = day_of(case.arrived_at)
    found = timeline(case.resident_id, tables=CARE, since=since)
    return _papers(item for item in found if item.institution_id == case.counterpart_id)


def _papers(items: Iterable[TimelineItem]) -> list[Paper]:
    known = list(items)
    ids = {item.institution_id for item in known if item.institution_id}
    names = dict(Institution.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        Paper(item.table, item.key, item.day, _(item.label), _text(item), names.get(item.institution_id, ""))
        for item in known
    ]


def _text(item: TimelineItem) -> str:
    return "、".join(filter(None, (_line(item.table, facts) for facts in item.lines or (item.facts,))))


def _line(table: str, facts: dict[str, Any]) -> str:
    return " ".join(filter(None, (_said(table, name, facts.get(name)) for name in _TITLE.get(table, ()))))


def _said(table: str, name: str, value: Any) -> str:
    if value is None:
        return ""
    choices = COUNTY[table][name].choices
    values: Sequence[Any] = value if isinstance(value, list) else [value]
    return "、".join(_(choices[each]) if each in choices else f"{each:g}" if isinstance(each, float) else str(each)
                    for each in values)  # fmt: skip
