"""The contract's workflow joined to its model, guards, effects and the fact it stands for."""

from collections.abc import Mapping
from typing import Any

from yigongti.capabilities.contract.decisions.packages import package
from yigongti.capabilities.contract.models import Contract
from yigongti.capabilities.contract.selectors.standing import of_teams_with, valid_entries, valid_now
from yigongti.capabilities.contract.services import following, signing
from yigongti.capabilities.contract.workflow import CONTRACT
from yigongti.spine.access.relationships import Relationship, register
from yigongti.spine.cases.bindings import Binding, Published, bind
from yigongti.spine.county_rules import county_rules

BEGAN = frozenset({"in_force", "expired", "renewed", "transferred", "terminated"})


def bind_workflow() -> None:
    """Use the workflow in this process."""
    bind(
        Binding(
            CONTRACT,
            model=Contract,
            guards={
                "offered": signing.offered, "applied": signing.applied, "signable": signing.signable,
                "begun": signing.begun, "package_offered": following.package_offered,
                "renewable": following.renewable, "transferable": following.transferable, "ended": following.ended,
            },
            effects={
                "enter_force": signing.enter_force, "leave_force": signing.leave_force,
                "begin_afterwards": signing.begin_afterwards,
                "reschedule": following.reschedule, "propose_renewal": following.propose_renewal,
                "propose_transfer": following.propose_transfer,
            },
            on_open=signing.describe,
            publishes=Published("contract", fact_of),
        )
    )  # fmt: skip


def register_relationships() -> None:
    """Who has a valid contract is bound to the institution of the team, until its last day (counts instead of what the
    record knows by itself), and to the members of the team wherever they work."""
    register(Relationship("contract", "家庭医生签约", valid_entries))
    register(Relationship("team", "家庭医生团队", valid_now, institutions=(), staff=of_teams_with))


def fact_of(case: Contract) -> Mapping[str, Any] | None:
    """The row of the fact table `contract`; None until the contract has begun."""
    if case.state not in BEGAN:
        return None
    offered = package(county_rules(), case.package, on=case.start_on)
    return {
        "contract_id": case.pk, "resident_id": case.resident_id, "institution_id": case.institution_id,
        "team_id": case.team_id, "start_on": case.start_on, "end_on": case.end_on, "package": offered.name,
        "paid": offered.is_paid,
    }  # fmt: skip
