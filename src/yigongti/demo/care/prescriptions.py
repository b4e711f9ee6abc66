"""What is prescribed at visits: drug groups by complaint, herbal formulas, long prescriptions, and their review."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.demo.care.visits import CHECK_UP, EMERGENCY, Visits
from yigongti.demo.catalogue import complaints, drug_groups, sheet
from yigongti.demo.draw import choose, choose_one, cumulative, repeat, whole
from yigongti.demo.keys import numbered
from yigongti.demo.land.institutions import Institutions
from yigongti.demo.tables import coded
from yigongti.demo.workforce.staff import staff_ids
from yigongti.demo.world import World
from yigongti.kernel.facts import COUNTY

KINDS = tuple(COUNTY["prescription_line"]["kind"].choices)
REVIEWS = tuple(COUNTY["prescription_line"]["reviewed"].choices)
_DRUG_SHARE = 0.84
_LINES = np.array([[0.36, 0.42, 0.22, 0.0], [0.18, 0.32, 0.30, 0.20]])
"""Drugs in a prescription at the base level, and at the county level."""
_HERBAL_OF_TCM = {"tcm_hospital": 0.3, "county_hospital": 0.5, "township_center": 0.4, "community_center": 0.45}
_HERBAL_ELSEWHERE = 0.1
_LONG_SHARE = 0.7
_LONG_DAYS = np.array([28, 56, 84])
_LONG_WEIGHTS = np.array([0.62, 0.28, 0.10])
_SHORT_CHRONIC_DAYS = 14
OVERLONG_DAYS = 168
"""What the planted over-prescribing gives at once."""
_CHRONIC_BOX_DAYS = 28
_STOCK_LEFT_DAYS = 3
_REVIEWED = {"county_hospital": 0.99, "tcm_hospital": 0.985, "maternal_child": 0.98, "township_center": 0.9,
             "community_center": 0.94, "village_room": 0.72, "community_station": 0.8,
             "private_hospital": 0.85}  # fmt: skip
_RESULTS = np.array([0.87, 0.09, 0.026, 0.014])


@dataclass(frozen=True)
class Prescribed:
    """Drug lines of a month's visits: visit, place in the prescription, drug (line of drugs.csv), days, boxes."""

    visit: np.ndarray
    line: np.ndarray
    drug: np.ndarray
    days: np.ndarray
    quantity: np.ndarray
    long_term: np.ndarray

    def __len__(self) -> int:
        return len(self.visit)


def prescribe(
    visits: Visits,
    *,
    in_hand_until: np.ndarray,
    intensity: np.ndarray,
    overlong: np.ndarray,
    institutions: Institutions,
    rng: np.random.Generator,
) -> Prescribed:
    """Drugs of visits inside the county.

    in_hand_until: by resident the day until which the drugs for long-term disease last; it is moved on here, and nobody
    gets more while enough is in hand.  intensity: by institution how much more is given than at the beginning.
    overlong: by visit whether drugs for half a year are given at once (planted).
    """
    groups, names = drug_groups(), complaints().text("drugs")
    group = np.array([groups.names.index(name) if name in groups.names else -1 for name in names])[visits.complaint]
    herbal_rate = np.array([_HERBAL_OF_TCM.get(name, _HERBAL_ELSEWHERE) for name in institutions.kind])
    herbal = visits.tcm & (rng.random(len(visits)) < herbal_rate[visits.institution])
    group = np.where(herbal, groups.names.index("herbal"), group)
    given = (group >= 0) & (rng.random(len(visits)) < _DRUG_SHARE) & (visits.kind != CHECK_UP)
    given &= institutions.in_county[visits.institution]
    steady = (np.array(complaints().text("chronic")) != "")[visits.complaint] & ~herbal
    days = _days_of_supply(visits, steady & given, in_hand_until, overlong, rng)
    given &= ~steady | (days > 0)
    chosen = np.flatnonzero(given)
    counts = np.where(
        herbal[chosen], 1, choose(rng, cumulative(_LINES), institutions.tariff[visits.institution[chosen]]) + 1
    )
    owner, line = repeat(np.minimum(counts, groups.size[group[chosen]]))
    visit = chosen[owner]
    start = rng.integers(0, 1000, len(chosen))[owner]
    drug = groups.first[group[visit]] + (start + line) % groups.size[group[visit]]
    more = intensity[visits.institution[visit]]
    return _lines(visit, line, drug, days[visit], steady[visit], more, rng)


def _days_of_supply(
    visits: Visits, steady: np.ndarray, in_hand_until: np.ndarray, overlong: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Days supplied for long-term disease: 0 where there is still enough or it is the second visit of the month."""
    days = np.zeros(len(visits), dtype=np.int64)
    places = np.flatnonzero(steady & (in_hand_until[visits.resident] <= visits.day + _STOCK_LEFT_DAYS))
    first = places[np.sort(np.unique(visits.resident[places], return_index=True)[1])]
    long_term = (rng.random(len(first)) < _LONG_SHARE) & (visits.kind[first] != EMERGENCY)
    length = _LONG_DAYS[choose_one(rng, _LONG_WEIGHTS, len(first))]
    days[first] = np.where(overlong[first], OVERLONG_DAYS, np.where(long_term, length, _SHORT_CHRONIC_DAYS))
    in_hand_until[visits.resident[first]] = visits.day[first] + days[first]
    return days


def _lines(
    visit: np.ndarray, line: np.ndarray, drug: np.ndarray, supply: np.ndarray, steady: np.ndarray,
    more: np.ndarray,    rng: np.random.Generator,
) -> Prescribed:  # fmt: skip
    """Boxes by days: a box of a drug for long-term disease lasts 28 days, herbal formulas are counted by dose."""
    usual = sheet("drugs").numbers("days")[drug].astype(np.int64)
    herbal = drug >= sheet("drugs").text("group").index("herbal")
    days = np.where(steady, supply, np.where(usual > 14, 14, usual))
    boxes = np.where(steady, -(-supply // _CHRONIC_BOX_DAYS), 1 + (rng.random(len(drug)) < 0.3))
    quantity = whole(rng, np.where(herbal, days, boxes) * more)
    return Prescribed(visit, line + 1, drug, days, quantity, steady & (supply >= _LONG_DAYS[0]))


@dataclass(frozen=True)
class Review:
    """The share of prescriptions reviewed before dispensing, by institution."""

    rate: np.ndarray


def review(institutions: Institutions) -> Review:
    """The review habits of each kind of institution."""
    return Review(np.array([_REVIEWED.get(kind, 0.5) for kind in institutions.kind]))


@dataclass(frozen=True)
class About:
    """What a month's prescriptions need to know: stamp of the ids, years since the beginning, ids and diagnoses of
    the visits, and the prescriber (staff index) of each."""

    stamp: int
    years: float
    visit_ids: pa.Array
    dx: pa.Array
    prescriber: np.ndarray


def columns(
    found: Prescribed, visits: Visits, *, about: About, world: World, by: Review, rng: np.random.Generator
) -> Mapping[str, Any]:
    """The prescription_line table of a month."""
    drugs = sheet("drugs")
    at = visits.institution[found.visit]
    rate = np.minimum(by.rate + 0.01 * about.years, 1)
    result = choose_one(rng, _RESULTS, len(visits))
    reviewed = np.where(rng.random(len(visits)) < rate[visits.institution], result, len(REVIEWS) - 1)
    take = pa.array(found.visit)
    return {
        "prescription_id": prescription_ids(about.stamp, found.visit),
        "line": found.line,
        "encounter_id": about.visit_ids.take(take),
        "resident_id": world.resident(visits.resident[found.visit]),
        "institution_id": world.institution(at),
        "prescriber_id": staff_ids(about.prescriber[found.visit]),
        "day": visits.day[found.visit],
        "drug_code": coded(found.drug, drugs.text("code")),
        "drug_name": coded(found.drug, drugs.text("name")),
        "dose": drugs.numbers("dose")[found.drug],
        "dose_unit": coded(*_dictionary(drugs.text("unit"), found.drug)),
        "route": coded(*_dictionary(drugs.text("route"), found.drug)),
        "frequency": coded(*_dictionary(drugs.text("frequency"), found.drug)),
        "days": found.days,
        "quantity": found.quantity.astype(float),
        "dx": about.dx.take(take),
        "kind": coded(drugs.places("kind", KINDS)[found.drug], KINDS),
        "long_term": found.long_term,
        "reviewed": coded(reviewed[found.visit], REVIEWS),
    }  # fmt: skip


def prescription_ids(stamp: int, visit: np.ndarray) -> pa.StringArray:
    """Ids of the prescriptions of a month's visits."""
    return numbered("P", stamp * 10_000_000 + visit, 11)


def _dictionary(values: list[str], indices: np.ndarray) -> tuple[np.ndarray, list[str]]:
    names = list(dict.fromkeys(values))
    return np.array([names.index(value) for value in values])[indices], names
