"""The staff of every institution, by the rates of staffing.csv; each has at least those it cannot do without."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yigongti.demo.calendar import NEVER, Calendar
from yigongti.demo.catalogue import sheet
from yigongti.demo.draw import Streams, choose, cumulative
from yigongti.demo.keys import numbered
from yigongti.demo.land.homes import Homes
from yigongti.demo.land.institutions import Institutions
from yigongti.demo.land.places import Places
from yigongti.demo.tables import coded
from yigongti.kernel.facts import COUNTY

PROFESSIONS = tuple(COUNTY["staff"]["profession"].choices)
TITLES = tuple(COUNTY["staff"]["title"].choices)
MENTAL_PREVENTION = "精防"
PATIENTS_PER_MENTAL_WORKER = 88
_ROTATIONS = dict(zip(sheet("rotations").text("name"), sheet("rotations").text("specialties"), strict=True))
"""Specialties, |-separated, in turn for the staff of a line whose specialty names a rotation."""
_GENERAL = "全科"
_PRESCRIBERS = ("physician", "assistant_physician", "village_doctor")


@dataclass(frozen=True)
class Staff:
    """Staff by column, grouped by institution; title and profession are indices.  `prescribers` are staff indices
    sorted by institution, `first`/`count` say which of them an institution has (clinicians there all the time)."""

    institution: np.ndarray
    profession: np.ndarray
    title: np.ndarray
    specialty: np.ndarray
    general: np.ndarray
    hired: np.ndarray
    left: np.ndarray
    prescribers: np.ndarray
    first: np.ndarray
    count: np.ndarray

    def __len__(self) -> int:
        return len(self.institution)

    def is_(self, *professions: str) -> np.ndarray:
        """Who has one of these professions."""
        return np.isin(self.profession, [PROFESSIONS.index(name) for name in professions])

    @property
    def attending_or_above(self) -> np.ndarray:
        """Who has a middle or senior title."""
        return self.title >= TITLES.index("attending")

    def prescriber_at(self, institution: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """A prescriber of each institution (−1 where it has none); luck: uniform numbers that choose which."""
        count = self.count[institution]
        place = self.first[institution] + (luck * np.maximum(count, 1)).astype(np.int64)
        return np.where(count > 0, self.prescribers[np.minimum(place, len(self.prescribers) - 1)], -1)


def specialties() -> list[str]:
    """Every specialty that can occur; a staff member's `specialty` is an index into it (−1 for none)."""
    listed = [name for name in sheet("staffing").text("specialty") if name and name not in _ROTATIONS]
    in_turn = "|".join(_ROTATIONS.values()).split("|")
    return list(dict.fromkeys([*in_turn, *listed, MENTAL_PREVENTION]))


def employ(
    institutions: Institutions,
    *,
    residents: int,
    severe_patients: int,
    places: Places,
    homes: Homes,
    calendar: Calendar,
    streams: Streams,
) -> Staff:
    """Everybody employed at some time in the period."""
    rng = streams.of("staff")
    lines = sheet("staffing")
    posts = [_posts(line, institutions, residents, places, homes) for line in lines.rows]
    line = np.repeat(np.arange(len(lines)), [len(found) for found in posts])
    institution = np.concatenate(posts)
    order = np.argsort(institution, kind="stable")
    line, institution = line[order], institution[order]
    title = _titles(line, rng)
    profession = lines.places("profession", PROFESSIONS)[line]
    specialty = _specialty(line)
    _appoint_mental_workers(specialty, profession, institutions.kind[institution], severe_patients)
    hired, left = _employment(institution, institutions, calendar, rng)
    general = (specialty == specialties().index(_GENERAL)) & (rng.random(len(line)) < 0.62)
    steady = np.isin(profession, [PROFESSIONS.index(name) for name in _PRESCRIBERS])
    steady &= (hired < calendar.first) & (left == NEVER)
    count = np.bincount(institution[steady], minlength=len(institutions))
    return Staff(
        institution, profession, title, specialty, general, hired, left,
        prescribers=np.flatnonzero(steady), first=np.cumsum(count) - count, count=count,
    )  # fmt: skip


def _posts(
    line: Mapping[str, str], institutions: Institutions, residents: int, places: Places, homes: Homes
) -> np.ndarray:
    """The institution of each post of one line: at least so many each, the rest by the people around."""
    here = institutions.of(line["kind"])
    here = here[~np.isin(here, homes.unstaffed)]
    weight = _weights(here, institutions, places)
    wanted = np.floor(float(line["per_1000"]) * residents / 1000 * weight / weight.sum() + 0.5)
    return np.repeat(here, np.maximum(wanted, int(line["least"])).astype(int))


def _weights(here: np.ndarray, institutions: Institutions, places: Places) -> np.ndarray:
    people = places.share.copy()
    np.add.at(people, places.seat[places.homes], places.share[places.homes])
    weight = people[institutions.place[here]]
    return np.where(weight > 0, weight, weight.max() or 1)


def _titles(line: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """none and junior share what the line leaves; assistants and village doctors stay below attending."""
    lines = sheet("staffing")
    upper = lines.numbers("attending", "associate", "senior")
    none = np.where(np.isin(lines.text("profession"), ["other", "village_doctor"]), 0.8, 0.08)
    rest = 1 - upper.sum(axis=1)
    weights = np.column_stack([rest * none, rest * (1 - none), upper])
    return choose(rng, cumulative(weights), line)


def _specialty(line: np.ndarray) -> np.ndarray:
    """By rotation within a line, so that a small hospital has the main departments."""
    names, found = specialties(), np.full(len(line), -1, dtype=np.int32)
    for place, key in enumerate(sheet("staffing").text("specialty")):
        here = np.flatnonzero(line == place)
        if key:
            choices = [names.index(name) for name in _ROTATIONS.get(key, key).split("|")]
            found[here] = np.resize(choices, len(here))
    return found


def _appoint_mental_workers(
    specialty: np.ndarray, profession: np.ndarray, kind: np.ndarray, severe_patients: int
) -> None:
    """Some public-health workers of the township centres look after severe mental disorder (精防)."""
    base = np.flatnonzero((kind == "township_center") & (profession == PROFESSIONS.index("public_health")))
    wanted = max(1, round(severe_patients / PATIENTS_PER_MENTAL_WORKER))
    chosen = base[np.linspace(0, len(base) - 1, min(wanted, len(base))).astype(int)]
    specialty[chosen] = specialties().index(MENTAL_PREVENTION)


def _employment(
    institution: np.ndarray, institutions: Institutions, calendar: Calendar, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """About 10 % are hired in a year of the period, about 3 % leave; village doctors stay."""
    count, span = len(institution), calendar.last - calendar.first
    yearly = span / 365.25
    settled = institutions.kind[institution] == "village_room"
    long_ago = calendar.first - 30 - np.floor(rng.beta(1.1, 1.6, count) * 11_500).astype(np.int64)
    hired = np.where(
        ~settled & (rng.random(count) < 0.1 * yearly), calendar.first + rng.integers(0, span, count), long_ago
    )
    leaves = ~settled & (hired < calendar.first) & (rng.random(count) < 0.03 * yearly)
    left = np.where(leaves, calendar.first + rng.integers(20, max(span, 21), count), NEVER)
    return hired.astype(np.int32), np.minimum(left, NEVER).astype(np.int32)


def columns(staff: Staff, institutions: Institutions) -> Mapping[str, Any]:
    """The staff table."""
    return {
        "staff_id": staff_ids(np.arange(len(staff))),
        "institution_id": coded(staff.institution, institutions.ids),
        "profession": coded(staff.profession, PROFESSIONS),
        "title": coded(staff.title, TITLES),
        "specialty": coded(staff.specialty, specialties()),
        "general_practitioner": staff.general,
        "hired_on": staff.hired,
        "left_on": staff.left,
    }


def staff_ids(numbers: np.ndarray) -> Any:
    """D-number of staff indices."""
    return numbered("D", numbers, 6)
