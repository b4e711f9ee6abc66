"""The invented valley of 云溪县: county, towns and streets along a river, villages and communities around them."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.catalogue import names
from yigongti.demo.draw import Streams

COUNTY_NAME = "云溪县"
TOWNS = names("town")
STREETS = names("street")
VILLAGES = 250
COMMUNITIES_PER_STREET = 5
BLANK = 4
SERVED_BY_CIRCUIT = 6
RURAL_SHARE = 0.66
_HEADS = "上下东西南北大小前后新老长高平清红金玉龙凤石木泉杨李陈王张刘"
_TAILS = "坪塘溪坝湾岭冲寨屯桥井坡田洞庄"
_LAND_SEED = 20_240_601
"""The valley itself is the same for every seed: only its people and what happens to them change."""


@dataclass(frozen=True)
class Places:
    """All places in order: county, towns, streets, villages, communities, then the two outside the county.

    share: part of the county's people who live there (villages and communities only, sums to 1);
    seat: index of the town or street; service: 0 a village with a room, 1 without one but served by circuit
    visits, 2 a community, 3 a blank village, −1 not a home.
    """

    ids: list[str]
    names: list[str]
    kinds: list[str]
    seat: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    area: np.ndarray
    share: np.ndarray
    service: np.ndarray

    def of(self, kind: str) -> np.ndarray:
        """Indices of the places of a kind."""
        return np.flatnonzero(np.array(self.kinds) == kind)

    @property
    def homes(self) -> np.ndarray:
        """Indices of the places where people live."""
        return np.flatnonzero(self.share > 0)


def lay_out(streets: int) -> Places:
    """The county's places with `streets` streets (2 or 3)."""
    rng = Streams(_LAND_SEED).of("places")
    seats = _seats(streets)
    villages = _villages(seats, rng)
    communities = _communities(seats, streets, rng)
    outside = [
        ("OUT-1", "云州市(县外)", "county", -1, 107.42, 26.86),
        ("OUT-2", "省城(县外)", "county", -1, 106.71, 26.60),
    ]
    rows = [("YX", COUNTY_NAME, "county", -1, *_river(0.5)), *seats, *villages, *communities, *outside]
    kinds = np.array([row[2] for row in rows])
    share = _shares(kinds, rng)
    return Places(
        ids=[row[0] for row in rows],
        names=[row[1] for row in rows],
        kinds=list(kinds),
        seat=np.array([row[3] for row in rows], dtype=np.int32),
        lon=np.array([row[4] for row in rows]).round(5),
        lat=np.array([row[5] for row in rows]).round(5),
        area=np.where(kinds == "village", rng.uniform(2.5, 11, len(rows)), rng.uniform(0.6, 2.4, len(rows))).round(2),
        share=share,
        service=_service(kinds, share),
    )


def _river(along: float) -> tuple[float, float]:
    """A point of the river, 0 at its source in the south-west, 1 where it leaves in the north-east."""
    return 108.18 + 0.62 * along, 27.05 + 0.36 * along + 0.05 * float(np.sin(3 * np.pi * along))


def _seats(streets: int) -> list[tuple]:
    """Towns (the townships among them up the side valleys) and the streets of the county seat."""
    found: list[tuple] = []
    for place, name in enumerate(TOWNS):
        along = (place % 11 + 0.5) / 11
        lon, lat = _river(along)
        aside = 0.0 if place < 11 else (0.11 if place % 2 else -0.11)
        found.append((f"T-{place + 1:02d}", name, "town", 0, lon - aside * 0.5, lat + aside))
    for place in range(streets):
        lon, lat = _river(0.47 + 0.03 * place)
        found.append((f"S-{place + 1}", STREETS[place], "street", 0, lon, lat + 0.008))
    return found


def _villages(seats: list[tuple], rng: np.random.Generator) -> list[tuple]:
    called = [head + tail + "村" for head in _HEADS for tail in _TAILS]
    rng.shuffle(called)
    town = np.sort(np.concatenate([np.arange(len(TOWNS)), rng.integers(0, len(TOWNS), VILLAGES - len(TOWNS))]))
    angle, distance = rng.uniform(0, 2 * np.pi, VILLAGES), rng.uniform(0.008, 0.055, VILLAGES)
    return [
        (
            f"V-{i + 1:04d}", called[i], "village", int(town[i]) + 1,
            seats[town[i]][4] + distance[i] * np.cos(angle[i]), seats[town[i]][5] + distance[i] * np.sin(angle[i]),
        )
        for i in range(VILLAGES)
    ]  # fmt: skip


def _communities(seats: list[tuple], streets: int, rng: np.random.Generator) -> list[tuple]:
    found: list[tuple] = []
    for place in range(streets * COMMUNITIES_PER_STREET):
        seat = len(TOWNS) + place // COMMUNITIES_PER_STREET
        near = rng.uniform(-0.008, 0.008, 2)
        name = f"{STREETS[seat - len(TOWNS)][:2]}第{'一二三四五'[place % COMMUNITIES_PER_STREET]}社区"
        found.append(
            (f"C-{place + 1:03d}", name, "community", seat + 1, seats[seat][4] + near[0], seats[seat][5] + near[1])
        )
    return found


def _shares(kinds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Villages share the rural people, communities the others; a few big villages, many small ones."""
    weight = rng.lognormal(0, 0.5, len(kinds))
    share = np.zeros(len(kinds))
    for kind, part in (("village", RURAL_SHARE), ("community", 1 - RURAL_SHARE)):
        here = kinds == kind
        share[here] = part * weight[here] / weight[here].sum()
    return share


def _service(kinds: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The smallest villages have no room: some are reached by circuit visits, the blank ones by nobody."""
    service = np.where(kinds == "village", 0, np.where(kinds == "community", 2, -1))
    smallest = np.argsort(np.where(kinds == "village", share, np.inf), kind="stable")
    service[smallest[: SERVED_BY_CIRCUIT + BLANK]] = 1
    service[smallest[1 : 2 * BLANK : 2]] = 3
    return service
