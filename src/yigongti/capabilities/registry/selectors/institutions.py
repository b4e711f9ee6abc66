"""Institutions: the list with its filters, one institution, and those that came incomplete."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.api import Level, names
from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY
from yigongti.spine.places.models import Institution

NEEDED = ("kind", "level", "ownership", "place_id", "in_county")
"""What an institution has to say before it counts in the indicators; a FHIR Organization says none of it."""
FILTERS = ("kind", "level", "zone_id", "consortium_id")


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed by: (code, label) of the kinds, levels, zones and consortia that there are."""

    kind: list[tuple[str, str]]
    level: list[tuple[str, str]]
    zone_id: list[tuple[str, str]]
    consortium_id: list[tuple[str, str]]


def institutions(wanted: Mapping[str, str]) -> "QuerySet[Institution]":
    """Institutions that are open, by the filters of FILTERS and by words in the name or the id (`q`);
    `closed` = "1" shows those that have closed instead."""
    gone = Q(closed_on__isnull=False, closed_on__lt=clock.today())
    found = Institution.objects.filter(gone if wanted.get("closed") == "1" else ~gone)
    for word in wanted.get("q", "").split():
        found = found.filter(Q(name__icontains=word) | Q(pk__icontains=word))
    narrowing = {name: wanted[name] for name in FILTERS if wanted.get(name)}
    return found.filter(**narrowing).select_related("place")


def one_institution(institution_id: str) -> Institution:
    """One institution.  Raises Http404 where there is none."""
    found = Institution.objects.select_related("place", "parent").filter(pk=institution_id).first()
    if found is None:
        raise Http404(f"no institution {institution_id}")
    return found


def branches(institution: Institution) -> "QuerySet[Institution]":
    """The institutions of which this one is the parent."""
    return institution.branches.order_by("name")


def incomplete() -> "QuerySet[Institution]":
    """Institutions that do not say all of NEEDED, or lie in no place that is known."""
    lacking = Q(place__name__isnull=True)
    for name in NEEDED:
        lacking |= Q(**{f"{name}__isnull": True})
    return Institution.objects.filter(lacking)


def lacking(institution: Institution) -> list[str]:
    """What the institution does not say, by the labels of its columns."""
    table = COUNTY["institution"]
    missing = [_(table[name].label) for name in NEEDED if getattr(institution, name) is None]
    if institution.place_id is not None and institution.place is None:
        missing.append(_("地区编号不在地区表里"))
    return missing


def choices() -> Choices:
    """What there is to choose from, in the order of the dictionary or of names."""
    table = COUNTY["institution"]
    return Choices(
        kind=_present("kind", table["kind"].choices),
        level=_present("level", table["level"].choices),
        zone_id=sorted(names(Level.ZONE, None).items(), key=lambda each: each[0]),
        consortium_id=sorted(names(Level.CONSORTIUM, None).items(), key=lambda each: each[0]),
    )


def group_name(level: Level, group: str | None) -> str:
    """What a zone or consortium is called; "" where the institution belongs to none."""
    return names(level, [group]).get(group, group) if group else ""


def _present(column: str, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    there = set(Institution.objects.order_by().values_list(column, flat=True).distinct())
    return [(code, _(label)) for code, label in labels.items() if code in there]
