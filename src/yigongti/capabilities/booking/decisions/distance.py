"""How far two points of the county are apart."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius."""


@dataclass(frozen=True)
class Point:
    """Longitude and latitude in degrees."""

    lon: float
    lat: float


def kilometres(one: Point, other: Point) -> float:
    """As the crow flies, over the sphere: within half a percent at any distance inside a county."""
    high, wide = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = sin(high / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(wide / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(half, 1.0)))
