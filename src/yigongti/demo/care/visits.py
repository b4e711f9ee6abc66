"""The visits of one month: who comes, when, with what, where and in which way."""

from dataclasses import dataclass, fields

import numpy as np

from yigongti.demo.calendar import Calendar, weekday
from yigongti.demo.care.sites import CARES, Sites
from yigongti.demo.care.stays import Stays
from yigongti.demo.catalogue import CHRONIC, band, complaints, mix, sheet
from yigongti.demo.draw import choose, choose_one, repeat
from yigongti.demo.people.residents import People
from yigongti.demo.world import World
from yigongti.kernel.facts import COUNTY

KINDS = tuple(COUNTY["visit"]["kind"].choices)
OUTPATIENT, EMERGENCY, INTERNET, HOME, CIRCUIT, CHECK_UP = range(6)
_RATE_AGES = np.array([5, 15, 45, 65, 75])
_RATE = np.array([6.4, 2.7, 2.7, 4.6, 6.6, 6.0])
"""Visits a year by age, before long-term disease adds its own."""
_CHRONIC_VISITS = np.array([4.2, 4.6, 4.2, 4.0, 8.0])
_OWN_DISEASE = np.array([0.5, 0.5, 0.4, 0.75, 0.8])
_WEEKDAYS = np.array([1.28, 1.12, 1.08, 1.06, 1.08, 0.86, 0.62])
_GROWTH = 0.02


@dataclass(frozen=True)
class Visits:
    """Visits by column.  complaint: line of `complaints`; other: a long-term disease written down too (−1 none);
    referred: came by referral; planted: which plant made it (0 none)."""

    resident: np.ndarray
    institution: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    complaint: np.ndarray
    other: np.ndarray
    tcm: np.ndarray
    booked: np.ndarray
    referred: np.ndarray
    planted: np.ndarray

    def __len__(self) -> int:
        return len(self.resident)

    def take(self, which: np.ndarray) -> "Visits":
        """Some of them."""
        return Visits(*(getattr(self, field.name)[which] for field in fields(self)))

    def also(self, more: "Visits") -> "Visits":
        """These, and others after them."""
        pairs = ((getattr(self, field.name), getattr(more, field.name)) for field in fields(self))
        return Visits(*(np.concatenate(pair) for pair in pairs))


def plain(resident: np.ndarray, institution: np.ndarray, day: np.ndarray, kind: int, complaint: np.ndarray) -> Visits:
    """Visits of one kind without anything special about them."""
    no, zero = np.zeros(len(resident), dtype=bool), np.zeros(len(resident), dtype=np.int32)
    return Visits(resident, institution, day.astype(np.int32), zero + kind, complaint, zero - 1, no, no, no, zero)


def of_month(month: int, *, world: World, sites: Sites, stays: "InStay") -> Visits:
    """The usual visits of a month (check-ups, reported infections and planted ones come to them later)."""
    rng = world.streams.of("visits", month)
    resident, day = _who_and_when(month, world, stays, rng)
    complaint = _complaints(world.people, resident, day, world.calendar, month, rng)
    care = _care(complaint, world.people.age(resident, day), rng)
    institution = sites.choose(resident, care, years=world.calendar.years_elapsed(month), rng=rng)
    kind, institution = _kind(world, sites, resident, day, care, institution, month, rng)
    tcm = sites.is_tcm(institution, complaints().numbers("tcm")[complaint], rng)
    booked = sites.is_booked(institution, kind, years=world.calendar.years_elapsed(month), rng=rng)
    referred = sites.is_referred(institution, kind, rng)
    none = np.zeros(len(resident), dtype=np.int32)
    other = _other(world.people, resident, complaint, rng)
    return Visits(resident, institution, day, kind, complaint, other, tcm, booked, referred, none)


@dataclass(frozen=True)
class InStay:
    """Who is in hospital when: `key` (resident, day of admission) in order, `until` the day of discharge."""

    key: np.ndarray
    until: np.ndarray

    @classmethod
    def of(cls, stays: Stays) -> "InStay":
        """From the stays of the period."""
        each = stays.each
        order = np.lexsort((each.admitted, each.resident))
        return cls(cls._key(each.resident, each.admitted)[order], each.discharged[order])

    @staticmethod
    def _key(resident: np.ndarray, day: np.ndarray) -> np.ndarray:
        return resident.astype(np.int64) << 20 | day.astype(np.int64)

    def holds(self, resident: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each resident is in hospital on the day (admission and discharge days do not count)."""
        if not len(self.key):
            return np.zeros(len(resident), dtype=bool)
        at = np.searchsorted(self.key, self._key(resident, day), side="left") - 1
        before = np.maximum(at, 0)
        return (at >= 0) & (self.key[before] >> 20 == resident) & (self.until[before] > day)


def _who_and_when(month: int, world: World, stays: InStay, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    people, calendar = world.people, world.calendar
    start, end = int(calendar.starts[month]), int(calendar.ends[month])
    days = np.arange(start, end + 1)
    age = people.age(np.arange(len(people)), start)
    rate = _RATE[np.searchsorted(_RATE_AGES, age, side="right")] + _CHRONIC_VISITS @ people.chronic
    season = 1 + 0.14 * np.cos(2 * np.pi * (int(calendar.labels[month][5:]) - 1) / 12)
    rate = rate * (season * (1 + _GROWTH) ** calendar.years_elapsed(month) * len(days) / 365.25)
    rate = rate * ((people.died > start) & (people.birth < end))
    resident = repeat(rng.poisson(rate))[0].astype(np.int32)
    day = days[choose_one(rng, _WEEKDAYS[weekday(days)], len(resident))].astype(np.int32)
    here = (day < people.died[resident]) & (day >= people.birth[resident] + 3) & ~stays.holds(resident, day)
    order = np.argsort(day[here], kind="stable")
    return resident[here][order], day[here][order]


def _complaints(
    people: People, resident: np.ndarray, day: np.ndarray, calendar: Calendar, month: int, rng: np.random.Generator
) -> np.ndarray:
    """By sex, age and season; people with a long-term disease often come for it."""
    lines = sheet("conditions")
    group = people.female[resident] * 5 + band(people.age(resident, day))
    complaint = choose(rng, mix(lines, month_of_year=int(calendar.labels[month][5:])), group)
    own = [lines.text("chronic").index(disease) for disease in CHRONIC]
    for place in (3, 4, 2, 0, 1):
        sick = people.chronic[place][resident] & (rng.random(len(resident)) < _OWN_DISEASE[place])
        complaint[sick] = own[place]
    return complaint


def _care(complaint: np.ndarray, age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The kind of care sought; a small child with a common illness is often taken to those who know children."""
    care = complaints().places("care", CARES)[complaint]
    child = (care == CARES.index("common")) & (age < 7) & (rng.random(len(care)) < 0.5)
    return np.where(child, CARES.index("child"), care)


def _kind(
    world: World, sites: Sites, resident: np.ndarray, day: np.ndarray, care: np.ndarray, institution: np.ndarray,
    month: int, rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Outpatient unless: an emergency, a follow-up over the internet, at home, or on the township's circuit."""
    luck, people = rng.random((4, len(resident))), world.people
    kind = np.zeros(len(resident), dtype=np.int32)
    urgent = (care == CARES.index("injury")) & (luck[0] < 0.5)
    kind[sites.can_emergency[institution] & (urgent | (luck[0] < 0.03))] = EMERGENCY
    steady = np.isin(care, [CARES.index("chronic"), CARES.index("common"), CARES.index("specialist")])
    online = sites.can_internet[institution] & steady & (luck[1] < 0.08 + 0.025 * world.calendar.years_elapsed(month))
    kind[online & (kind == OUTPATIENT)] = INTERNET
    frail = people.has("long_term_care")[resident] | (people.age(resident, day) >= 78)
    kind[sites.is_base[institution] & frail & (luck[2] < 0.1)] = HOME
    on_circuit = sites.on_circuit(people.place[resident], people.centre[resident], weekday(day))
    reached = on_circuit & sites.is_base[institution] & (kind == OUTPATIENT)
    reached &= luck[3] < np.where(people.residence[resident] == 1, 0.9, 0.75)
    kind[reached] = CIRCUIT
    return kind, np.where(reached, people.centre[resident], institution)


def _other(people: People, resident: np.ndarray, complaint: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hypertension or diabetes noted beside another complaint."""
    other = np.full(len(resident), -1, dtype=np.int32)
    own = complaints().places("chronic", CHRONIC)[complaint]
    for place in (0, 1):
        noted = people.chronic[place][resident] & (own != place) & (rng.random(len(resident)) < 0.45)
        other[noted] = place
    return other


def alive(people: People, resident: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Who was born and not yet dead on the day."""
    return (people.birth[resident] <= day) & (people.died[resident] > day)
