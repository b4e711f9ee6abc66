"""Who is posted where: physicians of the county level to the townships, circuits to the villages, 乡聘村用."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.calendar import NEVER, Calendar
from yigongti.demo.keys import numbered
from yigongti.demo.land.institutions import Institutions
from yigongti.demo.people.residents import number_of_year
from yigongti.demo.tables import coded
from yigongti.demo.workforce.staff import Staff, staff_ids
from yigongti.demo.world import World
from yigongti.kernel.facts import COUNTY

KINDS = tuple(COUNTY["posting"]["kind"].choices)
_COVERED_TOWNSHIPS = 0.75
_COUNTY_LEVEL = ("county_hospital", "tcm_hospital", "maternal_child")


def columns(world: World) -> Mapping[str, Any]:
    """The posting table, from each reason for a posting in turn; nobody is posted to the rooms left unstaffed."""
    rng = world.streams.of("postings")
    staff, institutions, calendar = world.staff, world.institutions, world.calendar
    parts = [
        _long_to_townships(staff, institutions, calendar, rng),
        _short_support(staff, institutions, calendar, rng),
        _circuits(staff, institutions, calendar, rng),
        _hired_by_the_township(staff, institutions, calendar, rng),
    ]
    posted = [np.concatenate(column) for column in zip(*parts, strict=True)]
    who, to, kind, start, end = (column[~np.isin(posted[1], world.homes.unstaffed)] for column in posted)
    return {
        "posting_id": numbered("PO", np.arange(len(who)), 6),
        "staff_id": staff_ids(who),
        "from_institution_id": world.institution(staff.institution[who]),
        "to_institution_id": world.institution(to),
        "kind": coded(kind, KINDS),
        "start_on": start,
        "end_on": end,
    }


Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _rows(who: np.ndarray, to: np.ndarray, kind: str, start: np.ndarray, days: np.ndarray) -> Rows:
    """Postings of a number of days each; `days` of NEVER leaves the end open."""
    end = np.where(days == NEVER, NEVER, start.astype(np.int64) + days - 1)
    kinds = np.full(len(who), KINDS.index(kind), dtype=np.int32)
    return who, to, kinds, start.astype(np.int32), np.minimum(end, NEVER).astype(np.int32)


def _long_to_townships(staff: Staff, institutions: Institutions, calendar: Calendar, rng: np.random.Generator) -> Rows:
    """Each year most township and community centres get an attending-or-above physician for about a year;
    a few are called back before six months."""
    centres = institutions.of("township_center", "community_center")
    able = _able(staff, institutions)
    wanted = max(round(len(centres) * _COVERED_TOWNSHIPS), round(0.09 * len(able)))
    found = []
    for year in range(calendar.years[0] - 1, calendar.years[-1] + 1):
        who = rng.choice(able, wanted, replace=wanted > len(able))
        uncovered = rng.permutation(centres)[: len(centres) - round(len(centres) * _COVERED_TOWNSHIPS)]
        to = np.resize(centres[~np.isin(centres, uncovered)], wanted)
        start = number_of_year(year) + rng.integers(3, 50, wanted)
        days = np.where(rng.random(wanted) < 0.08, rng.integers(90, 150, wanted), rng.integers(310, 420, wanted))
        started = start <= calendar.last
        found.append(_rows(who[started], to[started], "long", start[started], days[started]))
    return _join(found)


def _able(staff: Staff, institutions: Institutions) -> np.ndarray:
    """Physicians of attending title or above at the county level who stay through the period."""
    county_level = np.isin(institutions.kind[staff.institution], _COUNTY_LEVEL)
    stays = staff.left == NEVER
    return np.flatnonzero(staff.is_("physician") & staff.attending_or_above & county_level & stays)


def _short_support(staff: Staff, institutions: Institutions, calendar: Calendar, rng: np.random.Generator) -> Rows:
    able = _able(staff, institutions)
    count = max(4, round(len(able) * 0.3 * calendar.count / 12))
    to = rng.choice(institutions.of("township_center", "community_center"), count)
    start = rng.integers(calendar.first, calendar.last - 10, count)
    return _rows(rng.choice(able, count), to, "short", start, rng.integers(5, 60, count))


def _circuits(staff: Staff, institutions: Institutions, calendar: Calendar, rng: np.random.Generator) -> Rows:
    """Township doctors who go round the village rooms of their township all year."""
    rooms = rng.permutation(institutions.of("village_room"))[:120]
    clinicians = np.flatnonzero(staff.is_("physician", "assistant_physician") & (staff.left == NEVER))
    at = staff.institution[clinicians]
    first = np.searchsorted(at, institutions.parent[rooms])
    open_rooms = (first < len(at)) & (at[np.minimum(first, len(at) - 1)] == institutions.parent[rooms])
    who, to = clinicians[first[open_rooms]], rooms[open_rooms]
    start = np.maximum(number_of_year(calendar.years[0]), staff.hired[who]).astype(np.int64)
    return _rows(who, to, "circuit", start, np.full(len(who), NEVER))


def _hired_by_the_township(
    staff: Staff, institutions: Institutions, calendar: Calendar, rng: np.random.Generator
) -> Rows:
    """乡聘村用: public-health and clinical staff employed by the township, working in a village room."""
    centres = institutions.kind[staff.institution] == "township_center"
    able = np.flatnonzero(centres & staff.is_("assistant_physician", "public_health") & (staff.left == NEVER))
    chosen = able[rng.random(len(able)) < 0.25]
    rooms = institutions.of("village_room")
    parents = institutions.parent[rooms]
    order = np.argsort(parents, kind="stable")
    first = np.searchsorted(parents[order], staff.institution[chosen])
    to = rooms[order][np.minimum(first + rng.integers(0, 4, len(chosen)), len(rooms) - 1)]
    right = institutions.parent[to] == staff.institution[chosen]
    start = np.maximum(staff.hired[chosen] + 30, calendar.first - rng.integers(100, 900, len(chosen)))
    return _rows(chosen[right], to[right], "long", start[right], np.full(int(right.sum()), NEVER))


def _join(parts: list[Rows]) -> Rows:
    who, to, kind, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    return who, to, kind, start, end
