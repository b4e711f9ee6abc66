"""How a village counts as served, and what is to be done where it is not (BN-1)."""

import pytest

from yigongti.capabilities.registry.decisions.coverage import (
    Presence,
    Remedy,
    Service,
    how_served,
    remedy_for,
)


def village(**known):
    usual = {
        "is_blank": False,
        "has_institution": False,
        "own_staff": 0,
        "posted_staff": 0,
        "rounds_by_neighbours": False,
    }
    return Presence(**{**usual, **known})


@pytest.mark.parametrize(
    ("known", "service"),
    [
        ({"has_institution": True, "own_staff": 1}, Service.OWN),
        ({"has_institution": True, "own_staff": 1, "posted_staff": 2}, Service.OWN),
        ({"has_institution": True, "posted_staff": 1}, Service.POSTED),
        ({"has_institution": True, "is_blank": True}, Service.UNSTAFFED),
        ({"has_institution": True}, Service.CIRCUIT),
        ({}, Service.CIRCUIT),
        ({"rounds_by_neighbours": True}, Service.NEIGHBOUR),
        ({"is_blank": True, "rounds_by_neighbours": True}, Service.BLANK),
    ],
)
def test_the_service_of_a_village(known, service):
    assert how_served(village(**known)) is service


@pytest.mark.parametrize(
    ("service", "population", "remedy"),
    [
        (Service.BLANK, 799, Remedy.SEND_ROUNDS),
        (Service.BLANK, 800, Remedy.SET_UP_ROOM),
        (Service.BLANK, None, Remedy.SET_UP_ROOM),
        (Service.UNSTAFFED, 100, Remedy.SEND_PEOPLE),
        (Service.OWN, 100, None),
        (Service.CIRCUIT, 100, None),
    ],
)
def test_a_blank_spot_needs_rounds_where_it_is_small_and_a_room_where_it_is_not(service, population, remedy):
    assert remedy_for(service, population=population, room_from=800) is remedy
