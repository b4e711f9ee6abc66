"""Villages and how each is served: what the map colours and the list of blank spots names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, QuerySet

from yigongti.capabilities.measure.api import Village, villages
from yigongti.capabilities.registry.decisions.coverage import (
    Presence,
    Remedy,
    Service,
    how_served,
    remedy_for,
)
from yigongti.capabilities.registry.selectors import rounds, staffing
from yigongti.kernel import clock
from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.kernel.geography import Point, kilometres, point_of
from yigongti.spine.county_rules import county_rules
from yigongti.spine.places.models import Institution, Place

CENTRES = ("township_center", "community_center")
ROOM_FROM = "registry.village_room_population"


@dataclass(frozen=True)
class Nearest:
    """The nearest institution of a kind, and how far away it is."""

    institution_id: str
    name: str
    km: float


@dataclass(frozen=True)
class Served:
    """One village: how it is served, by which institutions that stand there; and where it is not, what to do and
    who is near (None where a place has no coordinates)."""

    place_id: str
    name: str
    town: str
    population: int | None
    point: Point | None
    service: Service
    institutions: Sequence[tuple[str, str]]
    remedy: Remedy | None
    room: Nearest | None = None
    centre: Nearest | None = None


@dataclass(frozen=True)
class Coverage:
    """Every village over the period of the latest results, and how many are served in which way."""

    period_start: date
    period_end: date
    villages: Sequence[Served]

    @property
    def counts(self) -> Mapping[Service, int]:
        return Counter(village.service for village in self.villages)

    @property
    def blanks(self) -> int:
        """How many villages the indicator counts: without an institution, or with one that nobody works at."""
        return self.counts[Service.BLANK] + self.counts[Service.UNSTAFFED]

    @property
    def to_do(self) -> list[Served]:
        """Blank spots, of institutions first and of people second, the most populous first."""
        wanting = [village for village in self.villages if village.remedy]
        return sorted(wanting, key=lambda each: (each.service is not Service.BLANK, -(each.population or 0), each.name))


def coverage() -> Coverage | None:
    """All villages; None before the first results.  Raises Refusal where a rule that is needed is missing."""
    measured = villages()
    if measured is None:
        return None
    made = rounds.rounds(measured.period_start, measured.period_end)
    room_from = county_rules().find(ROOM_FROM, on=clock.today()).number
    there, own, posted = _primary_by_place(), _counted(staffing.working(), "institution_id"), _posted()
    places = Place.objects.filter(kind="village").select_related("parent").order_by("name")
    found = []
    for place in places:
        village = measured.by_place.get(place.pk)
        if village is not None:
            rooms = there.get(place.pk, [])
            presence = _presence(village, rooms, own, posted, made)
            found.append(_served(place, rooms, how_served(presence), room_from=room_from))
    return Coverage(measured.period_start, measured.period_end, _with_neighbours(found))


def _presence(
    village: Village,
    rooms: Iterable[Institution],
    own: Mapping[str, int],
    posted: Mapping[str, int],
    made: Mapping[str, str],
) -> Presence:
    ids = [room.pk for room in rooms]
    return Presence(
        is_blank=village.is_blank,
        has_institution=village.has_institution,
        own_staff=sum(own.get(key, 0) for key in ids),
        posted_staff=sum(posted.get(key, 0) for key in ids),
        rounds_by_neighbours=made.get(village.place_id) in rounds.NEIGHBOURS,
    )


def _served(place: Place, rooms: Iterable[Institution], service: Service, *, room_from: float) -> Served:
    return Served(
        place_id=place.pk,
        name=place.name,
        town=place.parent.name if place.parent_id and place.parent else "",
        population=place.population,
        point=point_of(place),
        service=service,
        institutions=[(room.pk, room.name) for room in rooms],
        remedy=remedy_for(service, population=place.population, room_from=room_from),
    )


def _with_neighbours(found: Sequence[Served]) -> list[Served]:
    """Those that need a remedy, with the nearest room and the nearest centre."""
    if not any(village.remedy for village in found):
        return list(found)
    rooms, centres = _open(("village_room", "community_station")), _open(CENTRES)
    return [_near(village, rooms, centres) if village.remedy else village for village in found]


def _near(village: Served, rooms: Sequence[Institution], centres: Sequence[Institution]) -> Served:
    own = {key for key, _name in village.institutions}
    others = [room for room in rooms if room.pk not in own]
    return replace(village, room=_nearest(village.point, others), centre=_nearest(village.point, centres))


def _nearest(here: Point | None, among: Iterable[Institution]) -> Nearest | None:
    if here is None:
        return None
    far = [(kilometres(here, there), each) for each in among if (there := point_of(each) or point_of(each.place))]
    if not far:
        return None
    km, nearest = min(far, key=lambda each: (each[0], each[1].pk))
    return Nearest(nearest.pk, nearest.name, km)


def _open(kinds: Sequence[str]) -> list[Institution]:
    lasting = Q(closed_on__isnull=True) | Q(closed_on__gte=clock.today())
    return list(Institution.objects.filter(lasting, kind__in=kinds, in_county=True).select_related("place"))


def _primary_by_place() -> dict[str, list[Institution]]:
    found: dict[str, list[Institution]] = {}
    for institution in _open(PRIMARY_KINDS):
        found.setdefault(institution.place_id, []).append(institution)
    return found


def _posted() -> dict[str, int]:
    return _counted(staffing.posted(), "to_institution_id")


def _counted(rows: QuerySet, column: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(column).annotate(Count("pk")))
