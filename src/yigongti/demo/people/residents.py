"""The residents: age and sex of a rural county, insurance, long-term diseases, key groups, deaths."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.calendar import NEVER, Calendar, completed_years
from yigongti.demo.catalogue import CHRONIC
from yigongti.demo.draw import Streams, choose, choose_one, cumulative
from yigongti.demo.land.homes import Homes
from yigongti.demo.land.places import Places
from yigongti.kernel.facts.county import KEY_GROUPS, SCHEMES

GROUPS = tuple(KEY_GROUPS)
INSURED = tuple(SCHEMES)
_FIVE_YEARS_MALE = (2.3, 3.0, 3.4, 2.9, 2.4, 2.6, 3.2, 3.6, 3.3, 3.4, 4.2, 4.2, 3.3, 3.1, 2.5, 1.7, 1.0, 0.7)
_FIVE_YEARS_FEMALE = (2.1, 2.7, 3.1, 2.6, 2.2, 2.4, 3.0, 3.4, 3.2, 3.3, 4.1, 4.2, 3.3, 3.1, 2.6, 1.9, 1.3, 1.0)
_DEATH_AGES = np.array([1, 15, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85])
_DEATHS_A_YEAR = np.array(
    [.0042, .0003, .0005, .0008, .0011, .0016, .0024, .0037, .0057, .0092, .0146, .0235, .041, .072, .135]
)  # fmt: skip
_CHRONIC_AGES = np.array([18, 35, 45, 55, 65, 75])
_KNOWN_CHRONIC = np.array([
    [0, 0.004, 0.04, 0.12, 0.22, 0.31, 0.34],
    [0, 0.002, 0.012, 0.04, 0.075, 0.105, 0.10],
    [0, 0, 0.002, 0.006, 0.018, 0.038, 0.05],
    [0, 0.0042, 0.0062, 0.0066, 0.006, 0.005, 0.003],
    [0.0001, 0.0003, 0.0004, 0.0006, 0.0009, 0.0012, 0.0014],
])  # fmt: skip
"""Share of people known to have the disease by age (rows as CHRONIC), not true prevalence."""


@dataclass(frozen=True)
class People:
    """Residents by column.  Days are day numbers, NEVER where it did not happen; chronic is [disease, resident]."""

    female: np.ndarray
    birth: np.ndarray
    place: np.ndarray
    insured: np.ndarray
    chronic: np.ndarray
    groups: np.ndarray
    registered: np.ndarray
    died: np.ndarray
    centre: np.ndarray
    room: np.ndarray
    consortium: np.ndarray
    residence: np.ndarray

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def alive_at_end(self) -> np.ndarray:
        """Who lives at the end of the period."""
        return self.died == NEVER

    def age(self, who: np.ndarray, day: np.ndarray | int) -> np.ndarray:
        """Completed years of some residents on a day."""
        return completed_years(self.birth[who], day)

    def has(self, group: str) -> np.ndarray:
        """Who is in a key group."""
        return (self.groups >> GROUPS.index(group) & 1).astype(bool)

    def sick_with(self, disease: str) -> np.ndarray:
        """Who is known to have a long-term disease."""
        return self.chronic[CHRONIC.index(disease)]


def populate(count: int, *, calendar: Calendar, places: Places, homes: Homes, streams: Streams) -> People:
    """`count` residents who live in the county at its beginning or are born in it until its end."""
    rng = streams.of("residents")
    female, birth = _pyramid(count, calendar, rng)
    where = choose_one(rng, places.share, count)
    age = completed_years(birth, calendar.last)
    chronic = rng.random((len(CHRONIC), count)) < _KNOWN_CHRONIC[:, np.searchsorted(_CHRONIC_AGES, age, side="right")]
    insured = _insured(age, places.service[where] == 2, rng)
    return People(
        female=female,
        birth=birth,
        place=where,
        insured=insured,
        chronic=chronic,
        groups=_key_groups(female, age, chronic, where, rng),
        registered=_registered(birth, rng),
        died=_deaths(birth, calendar, rng),
        centre=homes.centre[where],
        room=homes.room[where],
        consortium=homes.consortium[where],
        residence=homes.residence[where],
    )


def _pyramid(count: int, calendar: Calendar, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Sex and day of birth, ages as of the end of the period (so that some are born within it)."""
    cell = choose_one(rng, np.array(_FIVE_YEARS_MALE + _FIVE_YEARS_FEMALE), count)
    female, group = cell >= len(_FIVE_YEARS_MALE), cell % len(_FIVE_YEARS_MALE)
    oldest = group == len(_FIVE_YEARS_MALE) - 1
    within = np.where(oldest, rng.exponential(3.6, count), rng.random(count) * 5)
    age = np.minimum(group * 5 + within, 104)
    return female, (calendar.last - np.floor(age * 365.2425)).astype(np.int32)


def _insured(age: np.ndarray, urban: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    working = (age >= 20) & (age < 80)
    employee = rng.random(len(age)) < np.where(working, np.where(urban, 0.34, 0.08), 0.0)
    return np.where(employee, 0, np.where(rng.random(len(age)) < 0.035, 2, 1)).astype(np.int8)


def _key_groups(
    female: np.ndarray, age: np.ndarray, chronic: np.ndarray, where: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """A bit for each key group (order as GROUPS)."""
    count, luck = len(age), rng.random((6, len(age)))
    frail = np.array([0, 0.0015, 0.01, 0.045])[np.searchsorted([50, 65, 80], age, side="right")]
    members = {
        "elderly": age >= 65,
        "pregnant": female & (age >= 20) & (age < 42) & (luck[0] < 0.035),
        "child": age <= 6,
        "disabled": luck[1] < 0.012 + 0.0005 * age,
        **dict(zip(CHRONIC, chronic, strict=True)),
        "poverty_relieved": luck[2] < np.where(where % 5 == 0, 0.16, 0.05),
        "special_family": (age >= 49) & (age < 80) & (luck[3] < 0.006),
        "long_term_care": luck[4] < frail,
    }
    mask = np.zeros(count, dtype=np.uint16)
    for place, name in enumerate(GROUPS):
        mask |= (members[name].astype(np.uint16)) << place
    return mask


def _registered(birth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Records were opened from 2010 on; newborns get theirs within the month."""
    opened = number_of_year(2010) + np.floor(rng.beta(1, 2.4, len(birth)) * 365 * 12).astype(np.int32)
    return np.maximum(opened, birth + rng.integers(0, 29, len(birth))).astype(np.int32)


def number_of_year(year: int) -> int:
    """The day number of 1 January."""
    return int(np.datetime64(f"{year}-01-01").astype(np.int64))


def _deaths(birth: np.ndarray, calendar: Calendar, rng: np.random.Generator) -> np.ndarray:
    """Day of death within the period by age, winter weighing more; NEVER for those who live."""
    start = np.maximum(birth, calendar.first)
    age = completed_years(birth, start)
    hazard = _DEATHS_A_YEAR[np.searchsorted(_DEATH_AGES, age, side="right")] / 365.2425
    wait = rng.exponential(1, len(birth)) / hazard
    died = start + np.floor(np.minimum(wait, 10_000)).astype(np.int64)
    return np.where(died <= calendar.last, died, NEVER).astype(np.int32)


def causes(people: People, who: np.ndarray, *, weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cause of death (line of causes.csv) of those who died, by age at death; weights: [line, age band]."""
    bands = np.searchsorted([15, 30, 70], people.age(who, people.died[who]), side="right")
    return choose(rng, cumulative(weights.T), bands)
