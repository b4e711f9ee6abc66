"""Visits and stays.  Retail pharmacies never count; a visit counts by its day, a stay by its discharge."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.tables import named
from yigongti.kernel.indicators import EVERY, HOME, Relation, Scene, days_between
from yigongti.kernel.indicators.places import at_institution


def _visits(scene: Scene) -> ir.Table:
    visits = at_institution(scene.during("visit", "day"), scene)
    return visits.filter(visits.institution_kind != "retail_pharmacy")


def _stays(scene: Scene) -> ir.Table:
    stays = at_institution(scene.during("stay", "discharged_on"), scene)
    nights = days_between(stays.admitted_on, stays.discharged_on)
    return stays.mutate(days=ibis.greatest(nights, 1), insured=stays.insured_as != "none")


def _stays_after_stays(scene: Scene) -> ir.Table:
    stays = at_institution(scene["stay"], scene)
    stays = stays.filter(stays.in_county, stays.admitted_on <= scene.period.end)
    order = ibis.window(group_by=stays.resident_id, order_by=[stays.admitted_on, stays.discharged_on, stays.stay_id])
    stays = stays.mutate(discharged_before=stays.discharged_on.lag().over(order))
    stays = stays.mutate(days_since_discharge=days_between(stays.discharged_before, stays.admitted_on))
    return scene.in_period(stays, "discharged_on")


def _contracted_visits(scene: Scene) -> ir.Table:
    """Visits to base-level institutions joined with the contract that the resident had on that day."""
    visits = at_institution(scene.during("visit", "day"), scene)
    visits = visits.filter(visits.primary, visits.in_county)
    institution = scene["institution"].select("institution_id", "parent_id")
    contract = scene["contract"].select("resident_id", "team_id", "start_on", "end_on", contracted_id="institution_id")
    contract = contract.left_join(institution, contract.contracted_id == institution.institution_id)
    contract = contract.select(
        "team_id", "start_on", "end_on", "contracted_id", contracted_by="resident_id", contracted_parent="parent_id"
    )
    parent = institution.select(visited="institution_id", visited_parent="parent_id")
    visits = visits.left_join(parent, visits.institution_id == parent.visited)
    same_day = visits.on_day.between(contract.start_on, contract.end_on)
    joined = visits.inner_join(contract, [visits.resident_id == contract.contracted_by, same_day])
    return joined.mutate(
        in_team=(joined.institution_id == joined.contracted_id)
        | (joined.visited_parent == joined.contracted_id).fill_null(False)
        | (joined.contracted_parent == joined.institution_id).fill_null(False)
        | (joined.contracted_parent == joined.visited_parent).fill_null(False)
    )


VISITS = Relation("visit", "门急诊就诊", _visits, named("visit", "institution"), EVERY)
"""One row a visit, with what its institution is: institution_kind, primary, centre, lead, in_county."""

STAYS = Relation("stay", "住院", _stays, named("stay", "institution"), EVERY)
"""One row a stay, likewise; days (a stay without a night is one day), insured."""

STAYS_AFTER_STAYS = Relation("stay_after_stay", "再次住院", _stays_after_stays, named("stay", "institution"), EVERY)
"""One row an in-county stay; days_since_discharge from the same person's in-county stay before, null for a first."""

CONTRACTED_VISITS = Relation(
    "contracted_visit",
    "签约居民基层就诊",
    _contracted_visits,
    named("visit", "institution", "contract"),
    EVERY,
    seat="contracted_id",
)
"""One row a visit of a contracted resident to a base-level institution in the county, belonging to the contract's
institution and team; in_team: to that institution, its parent or branch, or one of the same parent."""

IN_COUNTY_VISITS = VISITS.where(lambda visit: visit.in_county)
IN_COUNTY_STAYS = STAYS.where(lambda stay: stay.in_county)
INSURED_STAYS = STAYS.where(lambda stay: stay.insured)
VISITS_OF_RESIDENTS = VISITS.at(HOME)
STAYS_OF_RESIDENTS = STAYS.at(HOME)
