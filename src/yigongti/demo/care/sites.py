"""Where people go for a visit, and what can be had there."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.catalogue import sheet
from yigongti.demo.draw import choose, cumulative
from yigongti.demo.land.homes import Homes
from yigongti.demo.land.institutions import Institutions
from yigongti.demo.people.residents import People
from yigongti.demo.world import World

CARES = ("common", "chronic", "child", "maternal", "injury", "specialist", "mental", "pain", "dental", "tumour")
SITES = ("room", "centre", "clinic", "county", "tcm", "mch", "mental", "private", "city", "provincial")
_ROOM, _CENTRE, _CLINIC, _COUNTY, _TCM = range(5)
_RESIDENCES = ("village", "unserved", "urban")
_KINDS = {
    _COUNTY: "county_hospital", _TCM: "tcm_hospital", 5: "maternal_child", 6: "specialist_hospital",
    7: "private_hospital", 8: "city_hospital", 9: "provincial_hospital",
}  # fmt: skip
_TCM_RATE = {
    "tcm_hospital": 0.8, "county_hospital": 0.06, "township_center": 0.36, "community_center": 0.36,
    "community_station": 0.24, "village_room": 0.22, "clinic": 0.25, "maternal_child": 0.03, "private_hospital": 0.12,
}  # fmt: skip
_BOOKED = {
    "county_hospital": 0.62, "tcm_hospital": 0.55, "maternal_child": 0.64, "specialist_hospital": 0.5,
    "private_hospital": 0.3, "township_center": 0.3, "community_center": 0.44, "community_station": 0.15,
    "city_hospital": 0.8, "provincial_hospital": 0.95, "village_room": 0.02, "clinic": 0.02,
}  # fmt: skip
_WITH_EMERGENCY = ("county_hospital", "tcm_hospital", "township_center", "community_center", "private_hospital",
                   "maternal_child")  # fmt: skip
_ANOTHER_CENTRE = 0.25
"""Of visits to a centre so many are to one in the county seat, where people happen to be."""
_REFERRED = {"county_hospital": 0.009, "tcm_hospital": 0.008, "maternal_child": 0.008, "city_hospital": 0.2}


@dataclass(frozen=True)
class Sites:
    """Choice of site, and properties by institution index."""

    people: People
    institutions: Institutions
    homes: Homes
    clinics: np.ndarray
    seat_centres: np.ndarray
    can_emergency: np.ndarray
    can_internet: np.ndarray
    is_base: np.ndarray
    without_tcm_room: int
    tcm_rate: np.ndarray
    booked_rate: np.ndarray
    referred_rate: np.ndarray
    circuit_days: np.ndarray

    def choose(self, resident: np.ndarray, care: np.ndarray, *, years: float, rng: np.random.Generator) -> np.ndarray:
        """The institution of each visit by kind of care and residence; each year a few more stay at the base level."""
        people = self.people
        site = choose(rng, _choice_shares(), care * len(_RESIDENCES) + people.residence[resident])
        luck = rng.random(len(resident))
        second = people.consortium[resident] == 1
        site = np.where((site == _COUNTY) & second & (luck < 0.22), _TCM, site)
        site = np.where((site == _TCM) & ~second & (luck < 0.12), _COUNTY, site)
        site = np.where(((site == _COUNTY) | (site == _TCM)) & (luck > 1 - 0.035 * years), _CENTRE, site)
        room, centre = people.room[resident], people.centre[resident]
        found = np.where((site == _ROOM) & (room >= 0), room, centre)
        away = (site == _CENTRE) & (luck < _ANOTHER_CENTRE)
        found[away] = self.seat_centres[resident[away] % len(self.seat_centres)]
        clinic = site == _CLINIC
        found[clinic] = self.clinics[(luck[clinic] * 7919 % 1 * len(self.clinics)).astype(int)]
        for place, kind in _KINDS.items():
            found[site == place] = self.institutions.of(kind)[0]
        elsewhere = (care == CARES.index("tumour")) & (site >= 8) & (luck < 0.6)
        return np.where(elsewhere, found + 1, found)

    def is_tcm(self, institution: np.ndarray, fitness: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Chinese medicine by how usual it is there and how well the complaint suits it."""
        return rng.random(len(institution)) < np.minimum(self.tcm_rate[institution] * fitness, 0.96)

    def is_booked(
        self, institution: np.ndarray, kind: np.ndarray, *, years: float, rng: np.random.Generator
    ) -> np.ndarray:
        """Internet visits always, emergencies never, the others more each year."""
        rate = np.minimum(self.booked_rate[institution] * (1 + 0.12 * years), 0.97)
        return (kind == 2) | ((kind == 0) & (rng.random(len(institution)) < rate))

    def is_referred(self, institution: np.ndarray, kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Which outpatient visits came by referral."""
        return (kind == 0) & (rng.random(len(institution)) < self.referred_rate[institution])

    def on_circuit(self, place: np.ndarray, centre: np.ndarray, weekday: np.ndarray) -> np.ndarray:
        """Whether the township's doctors are in the village on that weekday (never in the blank ones)."""
        return self.circuit_days[centre, weekday] & ~np.isin(place, self.homes.blank)


def _choice_shares() -> np.ndarray:
    lines = sheet("choice_of_care")
    order = np.argsort(lines.places("care", CARES) * len(_RESIDENCES) + lines.places("home", _RESIDENCES))
    return cumulative(lines.numbers(*SITES)[order])


def survey(world: World) -> Sites:
    """The sites of a county: one township centre has no TCM room, some go on circuit once a week only."""
    institutions = world.institutions
    rng, kind = world.streams.of("sites"), institutions.kind
    townships = institutions.of("township_center")
    without = int(townships[-1])
    tcm = _by_kind(kind, _TCM_RATE) * np.where(kind == "tcm_hospital", 1, rng.uniform(0.6, 1.4, len(kind)))
    tcm[without] = 0
    circuit = np.zeros((len(kind), 7), dtype=bool)
    twice = rng.random(len(townships)) < 0.75
    circuit[townships[twice], 1] = circuit[townships[twice], 4] = True
    circuit[townships[~twice], 2] = True
    county_level = institutions.tariff.astype(bool) & institutions.in_county
    return Sites(
        world.people, institutions, world.homes,
        clinics=institutions.of("clinic"),
        seat_centres=institutions.of("community_center"),
        can_emergency=institutions.in_county & np.isin(kind, _WITH_EMERGENCY),
        can_internet=county_level & np.isin(kind, ["county_hospital", "tcm_hospital", "maternal_child"]),
        is_base=np.isin(kind, ["township_center", "community_center", "community_station", "village_room"]),
        without_tcm_room=without,
        tcm_rate=tcm,
        booked_rate=_by_kind(kind, _BOOKED) * rng.uniform(0.75, 1.25, len(kind)),
        referred_rate=_by_kind(kind, _REFERRED),
        circuit_days=circuit,
    )  # fmt: skip


def _by_kind(kind: np.ndarray, rates: dict[str, float]) -> np.ndarray:
    return np.array([rates.get(name, 0.0) for name in kind])
