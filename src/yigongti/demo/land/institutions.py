"""The county's institutions: two consortia, six zones, their members, and who stands outside."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from yigongti.demo.calendar import number
from yigongti.demo.draw import Streams
from yigongti.demo.land.places import Places
from yigongti.kernel.facts.county import PRIMARY_KINDS

CONSORTIA = ("YX-1", "YX-2")
CONSORTIUM_NAMES = ("云溪县人民医院医共体", "云溪县中医医院医共体")
ZONES = ("Z-1", "Z-2", "Z-3", "Z-4", "Z-5", "Z-6")
_ZONE_OF_TOWN = (0, 0, 0, 1, 1, 3, 1, 2, 2, 2, 2, 0, 3, 4, 4, 1, 5, 5, 4, 5)
BEDS_PER_PERSON = 0.0055
_BED_SHARES = {
    "county_hospital": 0.42, "tcm_hospital": 0.2, "maternal_child": 0.028, "specialist_hospital": 0.04,
    "private_hospital": 0.06, "township_center": 0.22, "community_center": 0.032,
}  # fmt: skip
_HOSPITALS = (
    ("I-CH-01", "云溪县人民医院", "county_hospital", "secondary", "public", 0, 1),
    ("I-TCM-01", "云溪县中医医院", "tcm_hospital", "secondary", "public", 1, 1),
    ("I-MCH-01", "云溪县妇幼保健院", "maternal_child", "secondary", "public", 0, 0),
    ("I-SH-01", "云溪县精神卫生中心", "specialist_hospital", "secondary", "public", 1, 0),
    ("I-CDC-01", "云溪县疾病预防控制中心", "cdc", "none", "public", -1, 0),
    ("I-PH-01", "云溪康宁医院", "private_hospital", "secondary", "private", -1, 0),
    ("I-NH-01", "云溪县颐养护理院", "nursing_home", "primary", "private", -1, 0),
)
_OUTSIDE = (
    ("I-CITY-01", "云州市第一人民医院", "city_hospital", 0), ("I-CITY-02", "云州市肿瘤医院", "city_hospital", 0),
    ("I-PROV-01", "省人民医院", "provincial_hospital", 1), ("I-PROV-02", "省肿瘤医院", "provincial_hospital", 1),
)  # fmt: skip


@dataclass(frozen=True)
class Institution:
    """One institution as it will be written; consortium, zone and parent are indices, −1 for none."""

    id: str
    name: str
    kind: str
    level: str
    ownership: str
    place: int
    consortium: int = -1
    zone: int = -1
    parent: int = -1
    is_lead: bool = False
    in_county: bool = True


@dataclass(frozen=True)
class Institutions:
    """All institutions by column; `tariff` is the column of the price list (0 primary, 1 county level and above)."""

    each: list[Institution]
    kind: np.ndarray
    place: np.ndarray
    consortium: np.ndarray
    parent: np.ndarray
    in_county: np.ndarray
    primary: np.ndarray
    tariff: np.ndarray
    beds: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    opened: np.ndarray

    @property
    def ids(self) -> list[str]:
        """Ids in order."""
        return [one.id for one in self.each]

    def of(self, *kinds: str) -> np.ndarray:
        """Indices of the institutions of these kinds."""
        return np.flatnonzero(np.isin(self.kind, kinds))

    def place_of(self, institution_id: str) -> int:
        """The index of an institution by id."""
        return self.ids.index(institution_id)

    def __len__(self) -> int:
        return len(self.each)


def establish(places: Places, residents: int) -> Institutions:
    """The institutions that a county of so many residents has (stations, clinics and pharmacies follow the people)."""
    rng = Streams(20_240_601).of("institutions")
    found = [Institution(*row[:5], places.of("street")[0], row[5], -1, -1, bool(row[6])) for row in _HOSPITALS]
    found += _township_centres(places)
    found += _community_centres(places, residents, first=len(found))
    found += _village_rooms(places, found)
    found += _private_practice(places, residents, rng)
    outside = places.of("county")[1:]
    found += [Institution(*row[:3], "tertiary", "public", int(outside[row[3]]), in_county=False) for row in _OUTSIDE]
    return _by_column(found, places, residents, rng)


def _township_centres(places: Places) -> list[Institution]:
    towns = places.of("town")
    return [
        Institution(
            f"I-TC-{i + 1:02d}", places.names[town] + "卫生院", "township_center", "primary", "public", int(town),
            int(_ZONE_OF_TOWN[i] >= 3), _ZONE_OF_TOWN[i], int(_ZONE_OF_TOWN[i] >= 3),
        )
        for i, town in enumerate(towns)
    ]  # fmt: skip


def _community_centres(places: Places, residents: int, first: int) -> list[Institution]:
    """One centre a street, and a station for about every 9,000 people of the streets."""
    streets = places.of("street")
    consortia = [0, 1, 0]
    centres = [
        Institution(
            f"I-CC-{i + 1:02d}", places.names[street] + "社区卫生服务中心", "community_center", "primary", "public",
            int(street), consortia[i], (1, 3, 2)[i], consortia[i],
        )
        for i, street in enumerate(streets)
    ]  # fmt: skip
    communities = places.of("community")
    wanted = int(np.clip(round(residents * 0.34 / 9000), 2, len(communities) - len(streets)))
    chosen = [community for community in communities if (community - communities[0]) % 5 != 0][
        :: 2 if wanted < 5 else 1
    ]
    stations = []
    for i, community in enumerate(chosen[:wanted]):
        centre = int(places.seat[community] - streets[0])
        stations.append(
            Institution(
                f"I-CS-{i + 1:02d}", places.names[community] + "卫生服务站", "community_station", "none", "public",
                int(community), consortia[centre], centres[centre].zone, first + centre,
            )
        )  # fmt: skip
    return centres + stations


def _village_rooms(places: Places, found: list[Institution]) -> list[Institution]:
    centre_at = {one.place: i for i, one in enumerate(found) if one.kind == "township_center"}
    rooms = []
    for village in places.of("village"):
        if places.service[village] != 0:
            continue
        parent = centre_at[int(places.seat[village])]
        town = found[parent]
        name = f"{places.names[town.place]}{places.names[village]}卫生室"
        ident = f"I-VR-{places.ids[village][2:]}"
        rooms.append(
            Institution(ident, name, "village_room", "none", "public", int(village), town.consortium, town.zone, parent)
        )
    return rooms


def _private_practice(places: Places, residents: int, rng: np.random.Generator) -> list[Institution]:
    """Clinics and pharmacies, mostly in the county seat."""
    seats = np.concatenate([places.of("street").repeat(6), places.of("town")])
    clinics = int(np.clip(residents // 6000, 6, 60))
    pharmacies = int(np.clip(residents // 4000, 8, 120))
    where = rng.choice(seats, clinics + pharmacies)
    return [
        Institution(f"I-CL-{i + 1:03d}", f"云溪{_shop(i)}诊所", "clinic", "none", "private", int(where[i]))
        for i in range(clinics)
    ] + [
        Institution(
            f"I-RP-{i + 1:03d}", f"云溪{_shop(i)}大药房", "retail_pharmacy", "none", "private", int(where[clinics + i])
        )
        for i in range(pharmacies)
    ]


def _shop(place: int) -> str:
    return "仁济和康民安福泰"[place % 8] + "德心正平宁善春源堂生"[place // 8 % 10] + ("" if place < 80 else "东")


def _by_column(found: list[Institution], places: Places, residents: int, rng: np.random.Generator) -> Institutions:
    kind = np.array([one.kind for one in found])
    place = np.array([one.place for one in found], dtype=np.int32)
    aside = rng.uniform(-0.003, 0.003, (2, len(found)))
    primary = np.isin(kind, PRIMARY_KINDS)
    return Institutions(
        each=found,
        kind=kind,
        place=place,
        consortium=np.array([one.consortium for one in found], dtype=np.int32),
        parent=np.array([one.parent for one in found], dtype=np.int32),
        in_county=np.array([one.in_county for one in found]),
        primary=primary,
        tariff=np.where(primary, 0, 1),
        beds=_beds(kind, place, places, residents),
        lon=(places.lon[place] + aside[0]).round(5),
        lat=(places.lat[place] + aside[1]).round(5),
        opened=number(date(1985, 3, 1)) + rng.integers(0, 12_000, len(found)),
    )


def _beds(kind: np.ndarray, place: np.ndarray, places: Places, residents: int) -> np.ndarray:
    """Beds by kind, and within a kind by the people of the town or street; −1 where there are none."""
    people = np.zeros(len(places.ids))
    np.add.at(people, places.seat[places.homes], places.share[places.homes])
    beds = np.full(len(kind), -1)
    for name, share in _BED_SHARES.items():
        here = np.flatnonzero(kind == name)
        weight = people[place[here]] if name.endswith("center") else np.ones(len(here))
        beds[here] = np.maximum(np.rint(residents * BEDS_PER_PERSON * share * weight / weight.sum()), 4)
    return beds
