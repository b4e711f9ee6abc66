"""A resident's record as it is shown: what happened when, newest first."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from yigongti.kernel.facts import COUNTY
from yigongti.spine.record.entries import entry_shape
from yigongti.spine.record.models import Entry

LONGEST = 500
"""Items of a page of the timeline where the caller does not say."""


@dataclass(frozen=True)
class TimelineItem:
    """One fact, or the lines of one prescription or one sitting of measurements together.

    table and label: the fact table and its Chinese name; facts: column → value as in JSON (days and instants as
    ISO text, money in fen); lines: the further facts of the same group, where there are several.
    """

    day: date
    table: str
    label: str
    key: str
    institution_id: str | None
    facts: dict[str, Any]
    lines: tuple[dict[str, Any], ...] = field(default=())


def timeline(
    resident_id: str,
    *,
    tables: Sequence[str] = (),
    before: date | None = None,
    since: date | None = None,
    limit: int = LONGEST,
) -> list[TimelineItem]:
    """The resident's facts, newest first: at most `limit` entries, on days from `since` and before `before`, of these
    tables.

    One indexed query.  Access and audit are the caller's matter.
    """
    entries = Entry.objects.filter(resident_id=resident_id)
    if tables:
        entries = entries.filter(table__in=tables)
    if before is not None:
        entries = entries.filter(day__lt=before)
    if since is not None:
        entries = entries.filter(day__gte=since)
    rows = entries.order_by("-day", "table", "key")[:limit]
    return [_item(list(group)) for _, group in groupby(rows, key=_group)]


def counts(resident_id: str) -> dict[str, int]:
    """How many facts of each table the resident's record has."""
    from django.db.models import Count

    found = Entry.objects.filter(resident_id=resident_id).values_list("table").annotate(Count("key"))
    return dict(found.order_by("table"))


def facts_of(entry: Entry) -> dict[str, Any]:
    """The fact's columns by name, as far as they have a value; the resident's id left out."""
    shape = entry_shape(entry.table)
    if shape is None:
        return {}
    facts = {name: value for name, value in zip(shape.line, json.loads(entry.line), strict=False) if value is not None}
    if shape.institution and entry.institution_id is not None:
        facts[shape.institution] = entry.institution_id
    if len(shape.table.key) == 1:
        facts[shape.table.key[0]] = entry.key
    return {shape.day: entry.day.isoformat(), **facts}


def _group(entry: Entry) -> tuple[object, ...]:
    """A prescription's lines, and a day's measurements, are one item; every other fact is its own."""
    if entry.table == "prescription_line":
        return entry.day, entry.table, entry.key.rpartition("|")[0]
    return entry.day, entry.table, "" if entry.table == "measurement" else entry.key


def _item(entries: Sequence[Entry]) -> TimelineItem:
    first, lines = entries[0], tuple(_each(entries))
    table = COUNTY[first.table]
    return TimelineItem(
        first.day, table.name, table.label, first.key, first.institution_id, lines[0], lines if len(lines) > 1 else ()
    )


def _each(entries: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    return map(facts_of, entries)
