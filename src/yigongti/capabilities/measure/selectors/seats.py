"""Seats: whose numbers there are (the county, a consortium, a zone, a town, an institution), and who may see them.

Who acts for the whole county sees every seat.  Everybody else sees the county (to compare with) and the levels of
institutions, the institutions in their scope, and the consortium, zone and town that one of these belongs to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Max, Q
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.models import Level
from yigongti.kernel.facts.county import LEVELS
from yigongti.spine.access.scope import scope_of
from yigongti.spine.places.models import Institution, Place

CENTRES = ("township_center", "community_center")
TOWNS = ("town", "street")


@dataclass(frozen=True)
class Seat:
    """Whose number: a level and, below the county, the id of the group."""

    level: Level
    group: str
    name: str

    @property
    def address(self) -> str:
        """As the address of a page names it."""
        return f"seat={self.level}:{self.group}"


@dataclass(frozen=True)
class View:
    """What somebody may see: every seat (institution_ids is None), or those around these institutions."""

    institution_ids: frozenset[str] | None

    @cached_property
    def groups(self) -> Mapping[Level, frozenset[str] | None]:
        """Level → the groups that may be seen; None is all of them."""
        if self.institution_ids is None:
            return dict.fromkeys(Level)
        own = Institution.objects.filter(pk__in=sorted(self.institution_ids))
        rows = list(own.values_list("consortium_id", "zone_id", "place_id", "place__kind", "place__parent_id"))
        towns = {place if kind in TOWNS else parent for _c, _z, place, kind, parent in rows}
        return {
            Level.COUNTY: None,
            Level.LEVEL: None,
            Level.CONSORTIUM: _known(row[0] for row in rows),
            Level.ZONE: _known(row[1] for row in rows),
            Level.TOWN: _known(towns),
            Level.INSTITUTION: self.institution_ids,
        }

    def admits(self, level: Level, group: str) -> bool:
        """Whether a seat may be seen."""
        groups = self.groups[level]
        return groups is None or group in groups


def view_of(user: Any) -> View:
    """What somebody may see, by the scope of their assignments."""
    scope = scope_of(user)
    return View(None if scope.whole_county else scope.institution_ids)


def seat(user: Any, *, level: str, group: str) -> Seat:
    """One seat.  Raises Http404 where it does not exist or may not be seen."""
    if level not in set(Level) or (level == Level.COUNTY) != (group == ""):
        raise Http404(f"no seat {level} {group}")
    known = Level(level)
    if not view_of(user).admits(known, group):
        raise Http404(f"seat {level} {group} is outside the scope")
    name = names(known, [group]).get(group)
    if name is None:
        raise Http404(f"no {level} {group}")
    return Seat(known, group, name)


def home_seats(user: Any) -> list[Seat]:
    """The seats to choose from at the top of the cockpit, the widest first; [] for who has no scope at all."""
    view = view_of(user)
    if view.institution_ids is None:
        return [Seat(Level.COUNTY, "", _("全县")), *_seats(Level.CONSORTIUM, None)]
    whole = _whole_consortia(view.institution_ids)
    if whole:
        return _seats(Level.CONSORTIUM, whole)
    return _seats(Level.INSTITUTION, view.institution_ids)


def names(level: Level, groups: Iterable[str] | None) -> dict[str, str]:
    """Group → what people call it; groups None means all of the level."""
    wanted = None if groups is None else sorted(groups)
    return {} if wanted == [] else _NAMES[level](wanted)


def _seats(level: Level, groups: Iterable[str] | None) -> list[Seat]:
    found = names(level, groups)
    return [Seat(level, group, found[group]) for group in sorted(found)]


def _whole_consortia(institution_ids: frozenset[str]) -> frozenset[str]:
    """The consortia all of whose members are in the scope."""
    members: dict[str, set[str]] = {}
    for key, consortium in Institution.objects.exclude(consortium_id=None).values_list("pk", "consortium_id"):
        members.setdefault(consortium, set()).add(key)
    return frozenset(consortium for consortium, keys in members.items() if keys <= institution_ids)


def _consortium_names(groups: list[str] | None) -> dict[str, str]:
    """A consortium is called after its lead hospital."""
    members = Institution.objects.exclude(consortium_id=None).order_by().values_list("consortium_id")
    named = members.annotate(lead=Max("name", filter=Q(is_lead=True, in_county=True)))
    return {
        group: _("%(lead)s医共体") % {"lead": lead} if lead else group
        for group, lead in named
        if groups is None or group in groups
    }


def _zone_names(groups: list[str] | None) -> dict[str, str]:
    """A zone is called after its centres, the first by id."""
    centres = Institution.objects.filter(kind__in=CENTRES).exclude(zone_id=None).order_by("pk")
    found: dict[str, list[str]] = {}
    for zone, name in centres.values_list("zone_id", "name"):
        if groups is None or zone in groups:
            found.setdefault(zone, []).append(name)
    return {zone: _("%(first)s等 %(count)s 家片区") % {"first": at[0], "count": len(at)} for zone, at in found.items()}


def _town_names(groups: list[str] | None) -> dict[str, str]:
    towns = Place.objects.filter(kind__in=TOWNS)
    return dict((towns if groups is None else towns.filter(pk__in=groups)).values_list("pk", "name"))


def _institution_names(groups: list[str] | None) -> dict[str, str]:
    every = Institution.objects.all()
    return dict((every if groups is None else every.filter(pk__in=groups)).values_list("pk", "name"))


def _level_names(groups: list[str] | None) -> dict[str, str]:
    return {level: _(label) for level, label in LEVELS.items() if groups is None or level in groups}


def _county_name(_groups: list[str] | None) -> dict[str, str]:
    return {"": _("全县")}


_NAMES = {
    Level.COUNTY: _county_name,
    Level.CONSORTIUM: _consortium_names,
    Level.ZONE: _zone_names,
    Level.TOWN: _town_names,
    Level.LEVEL: _level_names,
    Level.INSTITUTION: _institution_names,
}


def _known(groups: Iterable[str | None]) -> frozenset[str]:
    return frozenset(group for group in groups if group)
