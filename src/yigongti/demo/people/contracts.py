"""Family-doctor contracts: signed for a calendar year, a little more people each year, some not renewed, most of them
on the package that suits the person."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.calendar import Calendar
from yigongti.demo.draw import choose, cumulative
from yigongti.demo.keys import numbered
from yigongti.demo.land.institutions import Institutions
from yigongti.demo.people.residents import GROUPS, People, number_of_year
from yigongti.demo.tables import coded
from yigongti.demo.world import World

PACKAGES = ("基础服务包", "初级服务包", "高血压糖尿病服务包", "老年人服务包", "个性化服务包")
_NEEDS = (("hypertension", "diabetes"), ("long_term_care", "disabled"))
_PACKAGE_WEIGHTS = np.array([
    [0.80, 0.18, 0, 0, 0.02], [0.25, 0.10, 0, 0.63, 0.02],
    [0.12, 0.06, 0.72, 0.08, 0.02], [0.25, 0.05, 0.15, 0.15, 0.4],
])  # fmt: skip
"""The packages of those without a special need, of the old, and of those with each of _NEEDS (the last that fits)."""
_PAID = np.array([0.0, 0.35, 0.4, 0.25, 1.0])
_COVERAGE, _KEY_COVERAGE, _LONG_TERM_CARE = 0.57, 0.775, 0.92
_GROWTH, _KEY_GROWTH = 0.026, 0.012
_LAPSES = 0.09
_PEOPLE_PER_TEAM = 1800


def columns(world: World) -> list[Mapping[str, Any]]:
    """The contract table, year by year, with one year before the period so that renewals can be seen."""
    rng, people, calendar = world.streams.of("contracts"), world.people, world.calendar
    inclination, quality = rng.random(len(people)), rng.normal(0, 0.05, len(world.institutions))[people.centre]
    years = range(calendar.years[0] - 1, calendar.years[-1] + 1)
    found, first = [], 0
    for year in years:
        signed = _signed(people, year, calendar, inclination - quality, rng)
        start = number_of_year(year) + np.where(rng.random(len(signed)) < 0.75, 0, rng.integers(1, 90, len(signed)))
        begun = start <= calendar.last
        signed, start = signed[begun], start[begun]
        found.append(_year(world, signed, start, year, first, rng))
        first += len(signed)
    return found


def _signed(
    people: People, year: int, calendar: Calendar, inclination: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Those whose inclination is within the year's coverage, less some who lapse; the living and born only."""
    elapsed = year - calendar.years[0]
    rate = np.where(people.groups > 0, _KEY_COVERAGE + _KEY_GROWTH * elapsed, _COVERAGE + _GROWTH * elapsed)
    rate = np.where(people.groups >> GROUPS.index("long_term_care") & 1, _LONG_TERM_CARE, rate) / (1 - _LAPSES)
    wants = (inclination < rate) & (rng.random(len(people)) >= _LAPSES)
    new_year = number_of_year(year)
    return np.flatnonzero(wants & (people.birth < new_year) & (people.died > new_year + 100))


def _year(
    world: World, signed: np.ndarray, start: np.ndarray, year: int, first: int, rng: np.random.Generator
) -> Mapping[str, Any]:
    count = len(signed)
    package = choose(rng, cumulative(_PACKAGE_WEIGHTS), _needs(world.people)[signed])
    team, names = _teams(world.people, signed, world.institutions)
    return {
        "contract_id": numbered("K", first + np.arange(count), 9),
        "resident_id": world.resident(signed),
        "institution_id": world.institution(world.people.centre[signed]),
        "team_id": coded(team, names),
        "start_on": start,
        "end_on": np.full(count, number_of_year(year + 1) - 1),
        "package": coded(package, PACKAGES),
        "paid": rng.random(count) < _PAID[package],
    }


def _needs(people: People) -> np.ndarray:
    """Which row of _PACKAGE_WEIGHTS is a person's."""
    need = people.has("elderly").astype(np.int64)
    for row, groups in enumerate(_NEEDS, start=2):
        need[np.any([people.has(group) for group in groups], axis=0)] = row
    return need


def _teams(people: People, signed: np.ndarray, institutions: Institutions) -> tuple[np.ndarray, list[str]]:
    """A centre has a team for about every 1,800 people; people of one place share a team."""
    population = np.bincount(people.centre, minlength=len(institutions))
    teams = np.maximum(1, np.rint(population / _PEOPLE_PER_TEAM).astype(int))
    offset = np.cumsum(teams) - teams
    names = [
        f"TEAM-{one.id[2:]}-{i + 1:02d}"
        for one, many in zip(institutions.each, teams, strict=True)
        for i in range(many)
    ]
    centre = people.centre[signed]
    return offset[centre] + people.place[signed] % teams[centre], names
