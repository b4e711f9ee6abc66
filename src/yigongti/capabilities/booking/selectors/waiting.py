"""Where a person waits, and what can be waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yigongti.capabilities.booking.models import WAITING, Kind, Resource, WaitingEntry


@dataclass(frozen=True)
class Waits:
    """A person's place on one list."""

    entry_id: str
    resource_id: str
    resource: str
    institution: str
    earliest: date
    latest: date


@dataclass(frozen=True)
class Bookable:
    """A resource that is offered."""

    resource_id: str
    name: str
    kind: str
    item: str
    institution: str


def waiting_of(resident_id: str) -> Sequence[Waits]:
    """What a person waits for, in the order in which they asked.  Access is the caller's matter."""
    rows = WaitingEntry.objects.filter(WAITING, resident_id=resident_id).select_related("resource__institution")
    return [
        Waits(row.pk, row.resource_id, row.resource.name, row.resource.institution.name, row.earliest_on, row.latest_on)
        for row in rows.order_by("asked_at")
    ]


def resources(item: str = "") -> Sequence[Bookable]:
    """What is offered of an item ("" all), by institution."""
    rows = Resource.objects.filter(closed_on__isnull=True).select_related("institution")
    rows = rows.filter(item=item) if item else rows
    return [
        Bookable(row.pk, row.name, Kind(row.kind).label, row.item, row.institution.name)
        for row in rows.order_by("institution__name", "name")
    ]
