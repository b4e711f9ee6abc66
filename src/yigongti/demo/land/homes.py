"""Which institutions serve the people of a place: the lookup every generator of care uses."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.land.institutions import Institutions
from yigongti.demo.land.places import Places

UNSTAFFED_ROOMS = 2
"""Village rooms that stand but have nobody working in them (a planted truth)."""


@dataclass(frozen=True)
class Homes:
    """By place index (−1 where there is none).

    room: the village room or community station used for daily care (−1: there is none, or nobody works in it);
    centre: township or community centre; consortium; residence: row of `choice_of_care` (0 village with a room,
    1 village without, 2 town).  unstaffed: the institutions without staff; blank: places that nobody serves.
    """

    room: np.ndarray
    centre: np.ndarray
    consortium: np.ndarray
    residence: np.ndarray
    unstaffed: np.ndarray
    blank: np.ndarray


def assign(places: Places, institutions: Institutions) -> Homes:
    """Everybody's nearest room, centre and consortium by where he lives."""
    count = len(places.ids)
    room, centre = np.full(count, -1, dtype=np.int32), np.full(count, -1, dtype=np.int32)
    rooms = institutions.of("village_room", "community_station")
    village_rooms = institutions.of("village_room")
    unstaffed = village_rooms[[40, 171]][:UNSTAFFED_ROOMS]
    staffed = rooms[~np.isin(rooms, unstaffed)]
    room[institutions.place[staffed]] = staffed
    centres = institutions.of("township_center", "community_center")
    at_seat = np.full(count, -1, dtype=np.int32)
    at_seat[institutions.place[centres]] = centres
    homes = places.homes
    centre[homes] = at_seat[places.seat[homes]]
    consortium = np.where(centre >= 0, institutions.consortium[centre], -1)
    residence = np.where(places.service == 2, 2, np.where(room >= 0, 0, 1))
    return Homes(room, centre, consortium, residence, unstaffed, np.flatnonzero(places.service == 3))
