"""What somebody types to find a case: its number, a person named in full, or words of its title."""

from django.db.models import Q

from yigongti.spine.cases.models import Case
from yigongti.spine.people.identities import FIELDS, find_residents
from yigongti.spine.people.models import Resident

_MOST_PEOPLE = 200
_RECENT = 20_000
"""Words are looked for in so many latest cases: no index serves words inside a Chinese title on every database."""


def named(text: str) -> Q:
    """The cases that a text names; whether they may be seen is for the caller."""
    wanted = text.strip()
    if people := people_named(wanted)[:_MOST_PEOPLE]:
        return Q(resident_id__in=people)
    if Case.objects.filter(pk=wanted.lower()).exists():
        return Q(pk=wanted.lower())
    return Q(title__icontains=wanted) & _recent()


def _recent() -> Q:
    """The latest cases of the county, as a range of the index by which lists are read."""
    moments = Case.objects.order_by("-opened_at", "-case_id").values_list("opened_at", flat=True)
    earliest = moments[_RECENT : _RECENT + 1].first()
    return Q(opened_at__gt=earliest) if earliest else Q()


def people_named(text: str) -> list[str]:
    """The residents whose id, ID number, phone or name is exactly this."""
    found = {resident_id for field in FIELDS for resident_id in find_residents(**{field: text})}
    return sorted({*found, *Resident.objects.filter(pk=text).values_list("pk", flat=True)})
