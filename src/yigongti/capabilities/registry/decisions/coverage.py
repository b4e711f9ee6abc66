"""How a village is served, and what is to be done where it is not (BN-1)."""

from dataclasses import dataclass
from enum import StrEnum


class Service(StrEnum):
    """How a village is served.  Whether it is a blank spot is not decided here: the indicator says so."""

    OWN = "own"
    POSTED = "posted"
    UNSTAFFED = "unstaffed"
    CIRCUIT = "circuit"
    NEIGHBOUR = "neighbour"
    BLANK = "blank"


@dataclass(frozen=True)
class Presence:
    """What is known of one village: whether the indicator counts it as blank; whether an institution stands there,
    with how many people of its own and posted to it; whether neighbouring rooms make most of the rounds."""

    is_blank: bool
    has_institution: bool
    own_staff: int
    posted_staff: int
    rounds_by_neighbours: bool


def how_served(village: Presence) -> Service:
    """The service of a village.  A blank is one of institutions, or of people where a room has nobody in it."""
    if village.is_blank:
        return Service.UNSTAFFED if village.has_institution else Service.BLANK
    if village.own_staff:
        return Service.OWN
    if village.posted_staff:
        return Service.POSTED
    return Service.NEIGHBOUR if village.rounds_by_neighbours else Service.CIRCUIT


class Remedy(StrEnum):
    """What to do about a blank spot."""

    SET_UP_ROOM = "set_up_room"
    SEND_ROUNDS = "send_rounds"
    SEND_PEOPLE = "send_people"


def remedy_for(service: Service, *, population: int | None, room_from: float) -> Remedy | None:
    """What is to be done: people for an empty room; a room of its own for a village of at least `room_from` people
    (rule registry.village_room_population) or of unknown size; rounds or a neighbour's service for a smaller one."""
    if service is Service.UNSTAFFED:
        return Remedy.SEND_PEOPLE
    if service is not Service.BLANK:
        return None
    is_small = population is not None and population < room_from
    return Remedy.SEND_ROUNDS if is_small else Remedy.SET_UP_ROOM
