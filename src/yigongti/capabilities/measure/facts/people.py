"""Residents, places and contracts: who lives where, who has a family doctor."""

import ibis
import ibis.expr.types as ir

from yigongti.capabilities.measure.facts.drawing import age_on, flagged, holds_any
from yigongti.capabilities.measure.facts.tables import named
from yigongti.kernel.indicators import AREAS, AS_OF, EVERY, HOME, YEARLY_AREAS, Relation, Scene
from yigongti.kernel.indicators.places import SETTLEMENTS, places

KEY_GROUPS = "contract.key_groups"
ELDERLY_FROM_AGE = "followup.elderly_from_age"
RENEWAL_WITHIN = "measure.contract_renewal_within"


def _settlements(scene: Scene) -> ir.Table:
    return scene.each_span(places(scene).filter(lambda place: place.kind.isin(SETTLEMENTS)))


def _residents(scene: Scene) -> ir.Table:
    residents = scene.standing(scene["resident"], "registered_on", "died_on")
    return residents.mutate(age=age_on(residents[AS_OF], residents.birth_date))


def _residents_with_contract(scene: Scene) -> ir.Table:
    residents = scene.standing(scene["resident"], "registered_on", "died_on")
    contracts = scene.standing(scene["contract"], "start_on", "end_on")
    residents = flagged(residents, contracts, on=("resident_id", AS_OF), name="contracted")
    return residents.mutate(
        key_group=holds_any(residents.key_groups, scene.rule(KEY_GROUPS).codes),
        long_term_care=residents.key_groups.contains("long_term_care"),
    )


def _residents_with_checkup(scene: Scene) -> ir.Table:
    residents = _residents(scene)
    visits = scene.during("visit", "day")
    visited = visits.filter(visits.kind == "checkup").select("resident_id")
    follow_ups = scene.during("follow_up", "day")
    followed = follow_ups.filter(follow_ups.programme == "elderly").select("resident_id")
    residents = flagged(residents, visited.union(followed), on="resident_id", name="managed")
    return residents.mutate(elderly=residents.age >= scene.rule(ELDERLY_FROM_AGE).number)


def _contracts(scene: Scene) -> ir.Table:
    return scene.standing(scene["contract"], "start_on", "end_on")


def _contracts_ended(scene: Scene) -> ir.Table:
    """Contracts that ended, and whether the resident had a later one soon enough."""
    ended = scene.during("contract", "end_on")
    later = scene["contract"].select(again="resident_id", again_on="start_on")
    soon = ibis.interval(days=scene.rule(RENEWAL_WITHIN).days)
    renewed = ended.inner_join(
        later,
        [
            ended.resident_id == later.again,
            later.again_on > ended.start_on,
            later.again_on <= (ended.end_on + soon).cast("date"),
        ],
    )
    return flagged(ended, renewed, on="contract_id", name="renewed")


SETTLED = Relation("settlement", "村和社区", _settlements, named("place"), AREAS)
"""One row a village or community (and month): population, which together is the resident population; span_days."""

RESIDENTS = Relation("resident", "在册居民", _residents, named("resident"), AREAS, seat=HOME)
"""One row a living registered resident (and month end): age."""

RESIDENTS_WITH_CONTRACT = Relation(
    "resident_with_contract",
    "在册居民签约情况",
    _residents_with_contract,
    named("resident", "contract"),
    AREAS,
    seat=HOME,
    rules=(KEY_GROUPS,),
)
"""One row a living registered resident (and month end): contracted, key_group, long_term_care."""

RESIDENTS_WITH_CHECKUP = Relation(
    "resident_with_checkup",
    "在册居民健康管理情况",
    _residents_with_checkup,
    named("resident", "visit", "follow_up"),
    YEARLY_AREAS,
    seat=HOME,
    rules=(ELDERLY_FROM_AGE,),
)
"""One row a living registered resident: elderly, managed (a check-up or a follow-up of the elderly programme)."""

CONTRACTS = Relation("contract", "有效签约", _contracts, named("contract"), EVERY, seat="institution_id")
"""One row a contract in force at the end of the period (and of each month)."""

CONTRACTS_ENDED = Relation(
    "contract_ended",
    "到期签约",
    _contracts_ended,
    named("contract"),
    EVERY,
    seat="institution_id",
    rules=(RENEWAL_WITHIN,),
)
"""One row a contract that ended in the period: renewed."""

POPULATION = SETTLED.sum("population")
"""The resident population: Σ population of places of kind village and community."""
