"""Where a fact belongs: an institution's level, zone, consortium and town; a home's town and, by it, the rest.

Three small tables are described once from the master tables, and every relation joins those: `institution_described`,
`place_described` and `home_described`.  A runner has its engine define them before the first scan.
"""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.kernel.indicators.groups import SEATS
from yigongti.kernel.indicators.scene import Scene

CENTRES = ("township_center", "community_center")
TOWNS = ("town", "street")
SETTLEMENTS = ("village", "community")
INSTITUTION, PLACE, HOME_OF_RESIDENT = "institution_described", "place_described", "home_described"
ABOVE_INSTITUTIONS = ("zone", "consortium", "town")

Tables = Mapping[str, ir.Table]


def institution_described(tables: Tables) -> ir.Table:
    """One row an institution: what it is (institution_kind, primary, lead, in_county, …) and is grouped by."""
    institution, where = tables["institution"], _towns(tables).select("place_id", "town")
    joined = institution.left_join(where, "place_id")
    return joined.select(
        "level",
        "town",
        "in_county",
        institution=joined.institution_id,
        institution_kind=joined.kind,
        zone=joined.zone_id,
        consortium=joined.consortium_id,
        primary=joined.kind.isin(PRIMARY_KINDS),
        centre=joined.kind.isin(CENTRES),
        lead=joined.is_lead,
    )


def place_described(tables: Tables) -> ir.Table:
    """One row a place: its town, and the zone and consortium of that town's centre.

    Where a town has several centres, the one with the smallest id stands for it.
    """
    described = tables[INSTITUTION]
    centre = described.filter(described.centre, described.town.notnull())
    first = centre.group_by(served="town").aggregate(centre_id=centre.institution.min())
    about = described.select("institution", "zone", "consortium")
    served = first.inner_join(about, [("centre_id", "institution")]).select("served", "zone", "consortium")
    return _towns(tables).left_join(served, [("town", "served")]).select(*ABOVE_INSTITUTIONS, place="place_id")


def home_described(tables: Tables) -> ir.Table:
    """One row a resident: the groups of where he or she lives."""
    resident, place = tables["resident"].select("resident_id", "place_id"), tables[PLACE]
    lives = resident.left_join(place, [("place_id", "place")])
    return lives.select(*ABOVE_INSTITUTIONS, home_of="resident_id")


DESCRIPTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    INSTITUTION: institution_described,
    PLACE: place_described,
    HOME_OF_RESIDENT: home_described,
}
"""Name → what the table is, from the fact tables and the descriptions before it."""


def institutions(scene: Scene) -> ir.Table:
    """One row an institution: its own columns, what it is and what it is grouped by."""
    return _joined(
        scene["institution"].drop("level", "in_county"), scene[INSTITUTION], on=("institution_id", "institution")
    )


def places(scene: Scene) -> ir.Table:
    """One row a place: its own columns and what it is grouped by."""
    return _joined(scene["place"], scene[PLACE], on=("place_id", "place"))


def at_institution(rows: ir.Table, scene: Scene, *, column: str = "institution_id") -> ir.Table:
    """Rows with what their institution is and is grouped by."""
    return _joined(rows, scene[INSTITUTION], on=(column, "institution"))


def seated(rows: ir.Table, scene: Scene, *, column: str) -> ir.Table:
    """Rows grouped by another institution that they name."""
    return _joined(rows, scene[INSTITUTION].select(*SEATS), on=(column, "institution"))


def at_home(rows: ir.Table, scene: Scene) -> ir.Table:
    """Rows of residents, grouped by where each lives."""
    return _joined(rows, scene[HOME_OF_RESIDENT], on=("resident_id", "home_of"))


def _towns(tables: Tables) -> ir.Table:
    """One row a place: its town or street (itself, its parent, or none)."""
    place = tables["place"]
    above = place.select(above="place_id", above_kind="kind")
    joined = place.left_join(above, [("parent_id", "above")])
    town = ibis.cases(
        (joined.kind.isin(TOWNS), joined.place_id),
        (joined.above_kind.isin(TOWNS), joined.parent_id),
        else_=ibis.null(str),
    )
    return joined.mutate(town=town).select("place_id", "kind", "town")


def _joined(rows: ir.Table, about: ir.Table, *, on: tuple[str, str]) -> ir.Table:
    return rows.left_join(about, [on])
