"""Finding people: by what identifies them, exactly; or by where they live and what they need."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from yigongti.capabilities.record.decisions.identity import age_on, masked_name
from yigongti.kernel import clock
from yigongti.kernel.facts.county import KEY_GROUPS, SEXES
from yigongti.spine.access.records import visible_residents
from yigongti.spine.people.identities import FIELDS, find_residents
from yigongti.spine.people.models import Identity, Resident
from yigongti.spine.places.models import Place
from yigongti.spine.record.models import Entry

PAGE_SIZE = 50
MOST_NAMESAKES = 2000
TOWNS = ("town", "street")
SETTLEMENTS = ("village", "community")


@dataclass(frozen=True)
class Person:
    """One line of the list; the name is masked, None where no identity has been loaded."""

    resident_id: str
    name: str | None
    sex: str
    age: int
    place: str
    key_groups: tuple[str, ...]
    died_on: date | None


@dataclass(frozen=True)
class Found:
    """One page of people in the order of their ids; after: the last id where there are more, else ""."""

    people: Sequence[Person]
    after: str = ""


@dataclass(frozen=True)
class Area:
    """A town or street with its villages and communities, to choose from."""

    place_id: str
    name: str
    settlements: Sequence[tuple[str, str]]


def matching(user: Any, text: str) -> Found:
    """The people whom the user may see and whose resident id, ID number, phone or name is exactly this."""
    ids = _candidates(text)[:MOST_NAMESAKES]
    return _page(visible_residents(user).filter(pk__in=ids))


def living_in(user: Any, place_id: str, *, key_group: str = "", programme: str = "", after: str = "") -> Found:
    """The people whom the user may see who live in a village or community, or anywhere in a town."""
    people = visible_residents(user).filter(place_id__in=_settlements(place_id), pk__gt=after)
    if key_group:
        groups = people.annotate(groups=Cast("key_groups", TextField()))
        people = groups.filter(groups__contains=json.dumps(key_group))
    if programme:
        people = people.filter(Exists(_managed(programme).filter(resident_id=OuterRef("pk"))))
    return _page(people)


def areas() -> list[Area]:
    """The county's towns with what belongs to each, by name."""
    settlements: dict[str | None, list[tuple[str, str]]] = {}
    inside = Place.objects.filter(kind__in=SETTLEMENTS).order_by("name")
    for place_id, name, parent in inside.values_list("pk", "name", "parent_id"):
        settlements.setdefault(parent, []).append((place_id, name))
    towns = Place.objects.filter(kind__in=TOWNS).order_by("name").values_list("pk", "name")
    return [Area(place_id, name, settlements.get(place_id, [])) for place_id, name in towns]


def _candidates(text: str) -> list[str]:
    """The ids of everybody whom the text names in full, seen or not."""
    wanted = text.strip()
    if not wanted:
        return []
    named = [resident_id for field in FIELDS for resident_id in find_residents(**{field: wanted})]
    own = Resident.objects.filter(pk=wanted).values_list("pk", flat=True)
    return list(dict.fromkeys([*own, *named]))


def _settlements(place_id: str) -> list[str]:
    inside = Place.objects.filter(parent_id=place_id, kind__in=SETTLEMENTS).values_list("pk", flat=True)
    return [place_id, *inside]


def _managed(programme: str) -> "QuerySet[Entry]":
    """Enrolments in a programme that have not ended: an entry's line is [programme] or [programme, end]."""
    today = clock.today().isoformat()
    open_end, ending = json.dumps([programme]), f'["{programme}","'
    lasting = Q(line=open_end) | Q(line__startswith=ending, line__gte=f"{ending}{today}")
    return Entry.objects.filter(lasting, table="enrolment")


def _page(people: "QuerySet[Resident]") -> Found:
    rows = list(people.order_by("pk").select_related("place")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    names = _names(row.pk for row in shown)
    people_shown = [_person(row, names.get(row.pk)) for row in shown]
    return Found(people_shown, shown[-1].pk if len(rows) > PAGE_SIZE else "")


def _names(ids: Iterable[str]) -> dict[str, str]:
    return dict(Identity.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def _person(row: Resident, name: str | None) -> Person:
    age = age_on(clock.today(), born=row.birth_date, died=row.died_on)
    groups = tuple(_(KEY_GROUPS.get(group, group)) for group in row.key_groups)
    place = row.place.name if row.place_id and row.place else ""
    return Person(row.pk, masked_name(name) if name else None, _(SEXES[row.sex]), age, place, groups, row.died_on)
