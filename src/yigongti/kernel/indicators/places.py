"""Where a fact belongs: an institution's level, zone, consortium and town; a home's town and, by it, the rest."""

import ibis
import ibis.expr.types as ir

from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.kernel.indicators.groups import SEATS
from yigongti.kernel.indicators.scene import Scene

CENTRES = ("township_center", "community_center")
TOWNS = ("town", "street")
SETTLEMENTS = ("village", "community")


def towns(scene: Scene) -> ir.Table:
    """One row a place: its town or street (itself, its parent, or none)."""
    place = scene["place"]
    above = place.select(parent_id="place_id", parent_kind="kind")
    joined = place.left_join(above, "parent_id").drop("parent_id_right")
    town = ibis.cases(
        (joined.kind.isin(TOWNS), joined.place_id),
        (joined.parent_kind.isin(TOWNS), joined.parent_id),
        else_=ibis.null(str),
    )
    return joined.mutate(town=town).drop("parent_kind")


def institutions(scene: Scene) -> ir.Table:
    """One row an institution: what it is (kind, primary, lead, in_county, …) and all that it is grouped by."""
    institution = scene["institution"]
    where = towns(scene).select("place_id", "town")
    joined = institution.left_join(where, "place_id").drop("place_id_right")
    return joined.mutate(
        institution=joined.institution_id,
        institution_kind=joined.kind,
        zone=joined.zone_id,
        consortium=joined.consortium_id,
        primary=joined.kind.isin(PRIMARY_KINDS),
        centre=joined.kind.isin(CENTRES),
        lead=joined.is_lead,
    )


def homes(scene: Scene) -> ir.Table:
    """One row a place: population, town, and the zone and consortium of that town's centre.

    Where a town has several centres, the one with the smallest id stands for it.
    """
    centre = institutions(scene).filter(lambda each: each.centre & each.town.notnull())
    served = centre.group_by("town").aggregate(
        zone=centre.zone.first(order_by=centre.institution_id, include_null=True),
        consortium=centre.consortium.first(order_by=centre.institution_id, include_null=True),
    )
    return towns(scene).left_join(served, "town").drop("town_right")


def at_institution(rows: ir.Table, scene: Scene, *, column: str = "institution_id") -> ir.Table:
    """Rows with what their institution is and is grouped by."""
    about = ("institution_kind", "primary", "centre", "lead", "in_county", *SEATS)
    return _joined(rows, institutions(scene).select(*about), on=(column, "institution"))


def seated(rows: ir.Table, scene: Scene, *, column: str) -> ir.Table:
    """Rows grouped by another institution that they name."""
    return _joined(rows, institutions(scene).select(*SEATS), on=(column, "institution"))


def at_home(rows: ir.Table, scene: Scene) -> ir.Table:
    """Rows of residents, grouped by where each lives."""
    resident, home = scene["resident"], homes(scene).select("place_id", "town", "zone", "consortium")
    lives = resident.select("resident_id", "place_id").left_join(home, "place_id")
    lives = lives.select("town", "zone", "consortium", home_of="resident_id")
    return _joined(rows, lives, on=("resident_id", "home_of"))


def _joined(rows: ir.Table, about: ir.Table, *, on: tuple[str, str]) -> ir.Table:
    left, right = on
    return rows.left_join(about, rows[left] == about[right])
