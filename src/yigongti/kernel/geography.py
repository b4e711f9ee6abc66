"""Where things of the county stand, and how far apart two of them are."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

EARTH_KM = 6371.0088
"""Mean radius of the Earth, kilometres (IUGG)."""


@dataclass(frozen=True)
class Point:
    """Longitude and latitude in degrees."""

    lon: float
    lat: float


class Placed(Protocol):
    """A thing whose coordinates may be known: a place, an institution."""

    lon: float | None
    lat: float | None


def point_of(thing: Placed | None) -> Point | None:
    """Where a thing stands; None where its coordinates are not known, or there is no such thing."""
    return None if thing is None or thing.lon is None or thing.lat is None else Point(thing.lon, thing.lat)


def kilometres(one: Point, other: Point) -> float:
    """As the crow flies, over the sphere: within half a percent at any distance inside a county."""
    high, wide = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = sin(high / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(wide / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(half, 1.0)))
