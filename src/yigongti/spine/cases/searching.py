"""What somebody types to find a case: its number, a person named in full, or words of its title."""

from django.db.models import Q

from yigongti.spine.cases.models import Case
from yigongti.spine.people.identities import FIELDS, find_residents

_MOST_PEOPLE = 200
_RECENT = 20_000
"""Words are looked for in so many latest cases: no index serves words inside a Chinese title on every database."""


def named(text: str) -> Q:
    """The cases that a text names; whether they may be seen is for the caller."""
    wanted = text.strip()
    people = _people(wanted)
    if people:
        return Q(resident_id__in=people)
    if Case.objects.filter(pk=wanted.lower()).exists():
        return Q(pk=wanted.lower())
    recent = Case.objects.order_by("-opened_at", "-case_id").values("pk")[:_RECENT]
    return Q(pk__in=recent, title__icontains=wanted)


def _people(text: str) -> list[str]:
    """The residents whose id, ID number, phone or name is exactly this."""
    found = {resident_id for field in FIELDS for resident_id in find_residents(**{field: text})}
    return sorted({text, *found})[:_MOST_PEOPLE] if found or text.startswith("R") else []
