"""How far two points of the county are apart."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.kernel.geography import EARTH_KM, Point, kilometres, point_of

POINTS = st.builds(Point, lon=st.floats(-180, 180), lat=st.floats(-90, 90))


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert kilometres(Point(108, 27), Point(108, 28)) == pytest.approx(111.2, abs=0.1)


def test_a_degree_of_longitude_is_shorter_the_farther_from_the_equator() -> None:
    assert kilometres(Point(106, 60), Point(107, 60)) == pytest.approx(111.2 / 2, abs=0.1)


@given(one=POINTS, other=POINTS)
def test_it_is_as_far_there_as_back_and_never_farther_than_to_the_other_side_of_the_earth(
    one: Point, other: Point
) -> None:
    assert kilometres(one, other) == pytest.approx(kilometres(other, one), abs=1e-6)
    assert 0 <= kilometres(one, other) <= 3.1416 * EARTH_KM


@given(point=POINTS)
def test_a_point_is_no_way_from_itself(point: Point) -> None:
    assert kilometres(point, point) == 0


@pytest.mark.parametrize("thing", [None, SimpleNamespace(lon=None, lat=29.4), SimpleNamespace(lon=106.5, lat=None)])
def test_a_thing_whose_coordinates_are_not_both_known_has_no_point(thing: SimpleNamespace | None) -> None:
    assert point_of(thing) is None


def test_a_thing_on_the_equator_or_the_first_meridian_has_a_point() -> None:
    assert point_of(SimpleNamespace(lon=0.0, lat=0.0)) == Point(0.0, 0.0)
