"""Where a person waits, who waits for what, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from yigongti.capabilities.booking.decisions.life import HOSTS, Source
from yigongti.capabilities.booking.decisions.waiting import Waiting, in_order
from yigongti.capabilities.booking.models import WAITING, WaitingEntry
from yigongti.kernel import clock
from yigongti.spine.access.records import person_visible
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules

PRIORITY = "booking.waiting_priority"


@dataclass(frozen=True)
class Waits:
    """A person's place on one list."""

    entry_id: str
    resource_id: str
    resource: str
    institution: str
    earliest: date
    latest: date


def waiting_of(resident_id: str) -> Sequence[Waits]:
    """What a person waits for, in the order in which they asked.  Access is the caller's matter."""
    rows = WaitingEntry.objects.filter(WAITING, resident_id=resident_id).select_related("resource__institution")
    return [
        Waits(row.pk, row.resource_id, row.resource.name, row.resource.institution.name, row.earliest_on, row.latest_on)
        for row in rows.order_by("asked_at")
    ]


def waiting_seen_by(user: Any) -> QuerySet:
    """Who waits at the institutions that the user receives people for, and whom the user put on a list; first come
    first."""
    hosted = scope_of(user).narrowed(HOSTS)
    here = Q() if hosted.whole_county else Q(resource__institution_id__in=hosted.institution_ids)
    rows = WaitingEntry.objects.filter(WAITING).filter(here | Q(opener_id=user.pk))
    return rows.select_related("resource__institution").order_by("asked_at")


def open_entry(user: Any, entry_id: str) -> WaitingEntry:
    """A place on a waiting list for showing; the read is audited.  Raises Http404 where there is none, or none the
    user may see: they put the person there, receive people there, or may see the person's record."""
    rows = WaitingEntry.objects.select_related("resource__institution", "opener", "booking")
    found: WaitingEntry | None = rows.filter(pk=entry_id).first()
    if found is None or not _sees(user, found):
        raise Http404("no waiting entry inside the user's scope")
    trail.record("read_waiting", actor=user.username, subject=f"waiting:{found.pk}", resident_id=found.resident_id)
    return found


def place_in_line(entry: WaitingEntry) -> int:
    """Who would be given the next seat is 1, counted among all who wait for the resource."""
    priority = county_rules().find(PRIORITY, on=clock.today())
    rows = WaitingEntry.objects.filter(WAITING, resource_id=entry.resource_id)
    line = in_order([Waiting(row.pk, Source(row.source), row.asked_at) for row in rows], priority=priority)
    return next(place for place, each in enumerate(line, start=1) if each.entry_id == entry.pk)


def _sees(user: Any, entry: WaitingEntry) -> bool:
    hosted = scope_of(user).narrowed(HOSTS)
    if entry.opener_id == user.pk or hosted.covers(entry.resource.institution_id):
        return True
    return bool(scope_of(user).roles) and person_visible(user, entry.resident_id)
