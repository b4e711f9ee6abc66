"""Whose care somebody looks after here: their own, and that of relatives who agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yigongti.kernel import clock
from yigongti.spine.access import consents
from yigongti.spine.people.masking import age_on
from yigongti.spine.people.models import Identity, Resident
from yigongti.spine.places.models import Institution
from yigongti.spine.record.models import Entry


@dataclass(frozen=True)
class Member:
    """Somebody of the family.  consent_id: 0 for oneself."""

    resident_id: str
    name: str
    age: int | None
    is_own: bool
    consent_id: int = 0
    until: datetime | None = None


@dataclass(frozen=True)
class Given:
    """A consent that the person gave: to whom, until when."""

    consent_id: int
    to: str
    evidence: str
    until: datetime | None


def members(user: Any) -> list[Member]:
    """Oneself first, then those who agreed."""
    held = consents.in_force(at=clock.now()).filter(user=user).exclude(resident_id=user.resident_id)
    given = {row.resident_id: row for row in held}
    ids = [user.resident_id or "", *given]
    names = dict(Identity.objects.filter(pk__in=ids).values_list("pk", "name"))
    born: dict[str, date] = dict(Resident.objects.filter(pk__in=ids).values_list("pk", "birth_date"))
    today = clock.today()
    return [
        Member(
            each, names.get(each, each), age_on(today, born=born[each]) if each in born else None, each not in given,
            given[each].pk if each in given else 0, given[each].ends_at if each in given else None,
        )
        for each in ids
        if each
    ]  # fmt: skip


def given(user: Any) -> Sequence[Given]:
    """Whom the person lets see their record."""
    rows = consents.in_force(at=clock.now()).filter(resident_id=user.resident_id or "")
    return [
        Given(row.pk, row.institution.name if row.institution_id else row.user.display_name, row.evidence, row.ends_at)
        for row in rows.select_related("institution", "user").order_by("given_at")
    ]


def attended_by(resident_id: str) -> list[tuple[str, str]]:
    """The county's institutions that the person's record names, village rooms among them, by name."""
    seen = Entry.objects.filter(resident_id=resident_id, institution_id__isnull=False).values("institution_id")
    here = Institution.objects.filter(pk__in=seen, in_county=True, closed_on__isnull=True)
    return list(here.order_by("name").values_list("pk", "name"))


def institutions() -> list[tuple[str, str]]:
    """The institutions that residents may name, the leading hospitals first."""
    here = Institution.objects.filter(in_county=True, closed_on__isnull=True).exclude(kind="village_room")
    return list(here.order_by("-is_lead", "kind", "name").values_list("pk", "name"))
