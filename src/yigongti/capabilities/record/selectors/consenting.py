"""Whom a resident lets see their record, and for which institutions somebody may write a consent down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yigongti.kernel import clock
from yigongti.spine.access.models import Consent
from yigongti.spine.access.records import CARING_ROLES
from yigongti.spine.access.scope import scope_of
from yigongti.spine.places.models import Institution


@dataclass(frozen=True)
class Consented:
    """One consent: to whom, on what ground, from when to when; whether it holds, and whether the reader may end it."""

    id: int
    name: str
    evidence: str
    given_at: datetime
    ends_at: datetime | None
    holds: bool
    may_end: bool


def consents_of(resident_id: str, *, to: Any) -> list[Consented]:
    """A resident's consents as shown to somebody, newest first."""
    rows = Consent.objects.filter(resident_id=resident_id).select_related("institution", "user").order_by("-given_at")
    return [_consented(row, to, clock.now()) for row in rows]


def _consented(row: Consent, reader: Any, now: datetime) -> Consented:
    holds = row.given_at <= now and (row.ends_at is None or row.ends_at > now)
    mine = reader.resident_id == row.resident_id or reader.pk == row.user_id
    ours = row.institution_id is not None and scope_of(reader).covers(row.institution_id)
    name = row.institution.name if row.institution_id else row.user.display_name
    return Consented(row.pk, name, row.evidence, row.given_at, row.ends_at, holds, holds and (mine or ours))


def own_institutions(user: Any) -> list[tuple[str, str]]:
    """The institutions for which somebody may write a consent down: (id, name)."""
    scope = scope_of(user).narrowed(CARING_ROLES)
    found = Institution.objects.filter(closed_on__isnull=True, in_county=True).order_by("name")
    if not scope.whole_county:
        found = found.filter(pk__in=scope.institution_ids)
    return list(found.values_list("pk", "name"))
