"""Who is admitted, when, with what and where, over the whole period at once (their costs come month by month)."""

from dataclasses import dataclass, fields, replace

import numpy as np

from yigongti.demo.calendar import NEVER, Calendar
from yigongti.demo.catalogue import band, mix, sheet
from yigongti.demo.draw import choose, choose_one, cumulative, repeat
from yigongti.demo.people.residents import People
from yigongti.demo.world import World

WARM_UP_DAYS = 40
"""Admissions begin so long before the period, so that its first discharges look like any others."""
_RATE_AGES = np.array([5, 15, 45, 65, 75])
_RATE = np.array([[0.19, 0.05, 0.062, 0.187, 0.37, 0.48], [0.17, 0.045, 0.142, 0.175, 0.34, 0.45]])
"""Admissions a year by sex and age."""
_CHRONIC_FACTOR = np.array([0.12, 0.3, 0.9, 0.5, 1.5])
_GROWTH = 0.02
_DEATHS_IN_HOSPITAL = 0.11
_NEWBORN = 0.2
_CHEMOTHERAPY = "Z51.103"
PATTERNS = ("light", "usual", "surgery", "severe", "maternal", "newborn", "mental", "tumour", "rehab")
SITES = ("centre", "county", "tcm", "mch", "mental", "private", "city", "provincial")
_SITE_KINDS = ("", "county_hospital", "tcm_hospital", "maternal_child", "specialist_hospital", "private_hospital",
               "city_hospital", "provincial_hospital")  # fmt: skip


@dataclass(frozen=True)
class Admissions:
    """Stays by column.  `tumour`: line of the disease behind a chemotherapy (−1); `terminal`: ended by death;
    `linked`: part of a planned series (excused from the rule against quick readmission)."""

    resident: np.ndarray
    admitted: np.ndarray
    discharged: np.ndarray
    disease: np.ndarray
    institution: np.ndarray
    tumour: np.ndarray
    terminal: np.ndarray
    linked: np.ndarray

    def __len__(self) -> int:
        return len(self.resident)

    @property
    def days(self) -> np.ndarray:
        """Days in hospital; a day case counts one."""
        return np.maximum(self.discharged - self.admitted, 1)

    def take(self, which: np.ndarray) -> "Admissions":
        """Some of them."""
        return Admissions(*(getattr(self, field.name)[which] for field in fields(self)))

    def also(self, more: "Admissions") -> "Admissions":
        """These, and others after them."""
        pairs = ((getattr(self, field.name), getattr(more, field.name)) for field in fields(self))
        return Admissions(*(np.concatenate(pair) for pair in pairs))

    def in_order(self) -> "Admissions":
        """By day of admission, then resident."""
        return self.take(np.lexsort((self.discharged, self.resident, self.admitted)))


@dataclass(frozen=True)
class Added:
    """Stays to add, and the index of the usual stay each goes with."""

    stays: Admissions
    of: np.ndarray

    def take(self, which: np.ndarray) -> "Added":
        """Some of them."""
        return Added(self.stays.take(which), self.of[which])


def admissions(
    resident: np.ndarray, admitted: np.ndarray, discharged: np.ndarray, disease: np.ndarray, institution: np.ndarray
) -> Admissions:
    """Plain admissions: nobody's series, not ended by death."""
    no = np.zeros(len(resident), dtype=bool)
    day = (admitted.astype(np.int32), discharged.astype(np.int32))
    return Admissions(resident, *day, disease, institution, np.full(len(resident), -1, dtype=np.int32), no, no)


def all_of_the_period(world: World) -> Admissions:
    """Every usual stay whose discharge lies in the period (planted ones and referral chains come later)."""
    found = _usual(world).also(_newborn(world)).also(_terminal(world))
    found = without_conflicts(found, world.people)
    found = without_conflicts(found.also(_chemotherapy(found, world)), world.people)
    inside = (found.discharged >= world.calendar.first) & (found.discharged <= world.calendar.last)
    return found.take(inside).in_order()


def _usual(world: World) -> Admissions:
    rng, people, calendar = world.streams.of("admissions"), world.people, world.calendar
    resident = repeat(rng.poisson(_expected(people, calendar)))[0]
    month = choose_one(rng, _month_weights(calendar), len(resident)) - 1
    start = np.where(month < 0, calendar.first - WARM_UP_DAYS, calendar.starts[month])
    end = np.where(month < 0, calendar.first - 1, calendar.ends[month])
    admitted = start + np.floor(rng.random(len(resident)) * (end - start + 1)).astype(np.int64)
    born = admitted >= people.birth[resident] + 29
    resident, admitted, month = resident[born], admitted[born], month[born]
    disease = _diseases(people, resident, admitted, calendar, rng)
    institution = destinations(world, resident, disease, calendar.years_elapsed(1) * np.maximum(month, 0), rng)
    return admissions(resident, admitted, admitted + lengths(world, disease, institution, rng), disease, institution)


def _expected(people: People, calendar: Calendar) -> np.ndarray:
    """Expected admissions of each resident over the warm-up and the period."""
    age = people.age(np.arange(len(people)), (calendar.first + calendar.last) // 2)
    rate = _RATE[people.female.astype(int), np.searchsorted(_RATE_AGES, age, side="right")]
    years = (np.minimum(people.died, calendar.last) - np.maximum(people.birth, calendar.first - WARM_UP_DAYS)) / 365.25
    return rate * (1 + _CHRONIC_FACTOR @ people.chronic) * np.maximum(years, 0)


def _month_weights(calendar: Calendar) -> np.ndarray:
    """Warm-up first, then each month: its days, winter heavier, a little more each year."""
    days = np.concatenate([[WARM_UP_DAYS], calendar.ends - calendar.starts + 1])
    month = np.array([int(label[5:]) for label in (calendar.labels[0], *calendar.labels)])
    return days * (1 + 0.12 * np.cos(2 * np.pi * (month - 1) / 12)) * (1 + _GROWTH / 12) ** np.arange(len(days))


def _diseases(
    people: People, resident: np.ndarray, admitted: np.ndarray, calendar: Calendar, rng: np.random.Generator
) -> np.ndarray:
    """By sex, age band and season; people with a long-term disease are often admitted for it."""
    lines = sheet("diseases")
    group = people.female[resident] * 5 + band(people.age(resident, admitted))
    month = (admitted.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12) + 1
    disease = np.empty(len(resident), dtype=np.int32)
    for month_of_year in range(1, 13):
        here = month == month_of_year
        disease[here] = choose(rng, mix(lines, month_of_year=month_of_year), group[here])
    for chronic, code, chance in (("copd", "J44.100", 0.3), ("diabetes", "E11.700x011", 0.12),
                                  ("severe_mental_disorder", "F20.900", 0.3), ("tuberculosis", "A16.200x002", 0.4),
                                  ("hypertension", "I63.900", 0.05)):  # fmt: skip
        own = people.sick_with(chronic)[resident] & (rng.random(len(resident)) < chance)
        disease[own] = lines.text("code").index(code)
    return disease


def destinations(
    world: World, resident: np.ndarray, disease: np.ndarray, years: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The institution of each stay by the disease's pattern; a few more stay in the county each year."""
    people, institutions = world.people, world.institutions
    pattern = sheet("diseases").places("pattern", PATTERNS)[disease]
    site = choose(rng, cumulative(sheet("choice_of_stay").numbers(*SITES)), pattern)
    luck = rng.random(len(resident))
    second = people.consortium[resident] == 1
    site = np.where((site == 1) & second & (pattern != 3) & (luck < 0.24), 2, site)
    site = np.where((site == 2) & ~second & (luck < 0.16), 1, site)
    site = np.where((site == 0) & (people.residence[resident] == 2) & (luck > 0.4), 1 + (luck > 0.8), site)
    site = np.where((site >= 6) & (luck < 0.045 * years), 1, site)
    found = people.centre[resident].copy()
    for place, kind in enumerate(_SITE_KINDS):
        if kind:
            choices = institutions.of(kind)
            here = site == place
            found[here] = choices[_preferred(pattern[here], len(choices), rng)]
    return found


def _preferred(pattern: np.ndarray, choices: int, rng: np.random.Generator) -> np.ndarray:
    """Of two hospitals of a kind the second is for tumours; else the first."""
    tumour = pattern == PATTERNS.index("tumour")
    return np.where((choices > 1) & (rng.random(len(pattern)) < np.where(tumour, 0.7, 0.08)), 1, 0)


def lengths(world: World, disease: np.ndarray, institution: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Days in hospital: around the disease's mean, shorter at township centres."""
    mean = sheet("diseases").numbers("los")[disease]
    factor = np.where(world.institutions.primary[institution], 0.86, 1.0)
    days = mean * factor * rng.lognormal(-0.07, 0.38, len(disease))
    return np.clip(np.rint(days), 1, 90).astype(np.int64)


def _newborn(world: World) -> Admissions:
    """Some of the children born in the period stay in hospital in their first days."""
    rng, people, calendar = world.streams.of("newborn"), world.people, world.calendar
    born = np.flatnonzero((people.birth >= calendar.first) & (people.birth < calendar.last - 30))
    resident = born[rng.random(len(born)) < _NEWBORN]
    lines = sheet("diseases")
    newborn = np.flatnonzero(lines.places("pattern", PATTERNS) == PATTERNS.index("newborn"))
    disease = newborn[choose_one(rng, np.array([0.8, 0.2]), len(resident))].astype(np.int32)
    admitted = people.birth[resident] + rng.integers(1, 6, len(resident))
    institution = destinations(world, resident, disease, np.zeros(len(resident)), rng)
    return admissions(resident, admitted, admitted + lengths(world, disease, institution, rng), disease, institution)


def _terminal(world: World) -> Admissions:
    """Some of those who die do so in hospital, of what people die of there."""
    rng, people, calendar = world.streams.of("terminal"), world.people, world.calendar
    dead = np.flatnonzero((people.died != NEVER) & (people.died > calendar.first + 30))
    resident = dead[(rng.random(len(dead)) < _DEATHS_IN_HOSPITAL) & (people.birth[dead] < people.died[dead] - 60)]
    lines = sheet("diseases")
    group = people.female[resident] * 5 + band(people.age(resident, people.died[resident]))
    weights = np.diff(mix(lines, month_of_year=1), axis=1, prepend=0) * (lines.numbers("fatality") + 1e-6)
    disease = choose(rng, cumulative(weights), group)
    institution = destinations(world, resident, disease, np.zeros(len(resident)), rng)
    died = people.died[resident]
    days = np.minimum(lengths(world, disease, institution, rng), 28)
    found = admissions(resident, died - days, died, disease, institution)
    return replace(found, terminal=np.ones(len(found), dtype=bool))


def _chemotherapy(found: Admissions, world: World) -> Admissions:
    """After a tumour is treated, courses three to four weeks apart at the same hospital."""
    rng = world.streams.of("chemotherapy")
    lines = sheet("diseases")
    tumours = np.flatnonzero(lines.places("pattern", PATTERNS) == PATTERNS.index("tumour"))
    chemotherapy = lines.text("code").index(_CHEMOTHERAPY)
    able = np.flatnonzero(np.isin(found.disease, tumours) & ~found.terminal & (found.disease != chemotherapy))
    begun = able[rng.random(len(able)) < 0.6]
    owner, course = repeat(rng.integers(1, 6, len(begun)))
    first = begun[owner]
    admitted = found.discharged[first] + 7 + course * 26 + rng.integers(0, 3, len(first))
    series = admissions(
        found.resident[first], admitted, admitted + rng.integers(3, 7, len(first)),
        np.full(len(first), chemotherapy, dtype=np.int32), found.institution[first],
    )  # fmt: skip
    return replace(series, tumour=found.disease[first], linked=np.ones(len(first), dtype=bool))


def without_conflicts(found: Admissions, people: People) -> Admissions:
    """Drop what cannot be or would look like fraud: stays that overlap, the same disease again within a month at
    the same institution (unless planned), two births in ten months, days after death.  Terminal stays win."""
    alive = found.terminal | (found.discharged < people.died[found.resident])
    found = found.take(alive)
    obstetric = np.char.startswith(np.array(sheet("diseases").text("code")), "O8")
    while True:
        found = found.take(np.lexsort((found.terminal, found.admitted, found.resident)))
        clash = _clashes(found, obstetric)
        if not clash.any():
            return found
        clash &= ~np.concatenate([[False], clash[:-1]])
        late = clash & found.terminal
        drop = (clash & ~found.terminal) | np.concatenate([late[1:], [False]])
        found = found.take(~drop)


def _clashes(found: Admissions, obstetric: np.ndarray) -> np.ndarray:
    """Which stays, in order of resident and admission, clash with the one before."""
    clash = np.zeros(len(found), dtype=bool)
    same = found.resident[1:] == found.resident[:-1]
    gap = found.admitted[1:] - found.discharged[:-1]
    again = (found.disease[1:] == found.disease[:-1]) & (found.institution[1:] == found.institution[:-1])
    births = obstetric[found.disease[1:]] & obstetric[found.disease[:-1]]
    excused = found.linked[1:] | found.terminal[1:]
    clash[1:] = same & ((gap < 1) | ((gap <= 31) & again & ~excused) | ((gap < 300) & births))
    return clash
