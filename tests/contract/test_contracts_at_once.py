"""Many sign the same person up at once: one contract stands, the others are told, and nothing is left behind."""

import pytest
from tests.contract import people
from tests.racing import at_once

from yigongti.capabilities.contract.models import Contract, Team, ValidContract
from yigongti.capabilities.contract.services.signing import sign, sign_up
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.access.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
CLIENTS = 8


def doctor_of(number: int) -> tuple[User, str]:
    """Half of the clients act for team A, half for team B."""
    centre, team = (("T1", "A"), ("T2", "B"))[number % 2]
    return User.objects.get(username=f"family_doctor-{centre}"), team


def test_of_many_who_sign_the_same_person_one_contract_stands(doctor, other_doctor) -> None:
    def attempt(number: int) -> Contract:
        by, team = doctor_of(number)
        terms = people.terms(team_id=team)
        return sign_up(terms, resident_ids=["R1"], paper=f"{number}", by=by, at=clock.now(), request_id=new_id())[0]

    outcomes = at_once(attempt, clients=CLIENTS)
    assert sum(isinstance(outcome, Contract) for outcome in outcomes) == 1, outcomes
    assert Contract.objects.count() == ValidContract.objects.count() == 1
    assert Contract.objects.get().state == "in_force"


def test_agreements_made_before_anybody_looked_cannot_both_begin(doctor, other_doctor) -> None:
    """Two proposals that somehow stand side by side: the database lets one of them begin."""
    first = people.proposed(doctor)
    Contract.objects.filter(pk=first.pk).update(resident_id="R9")
    second = people.proposed(other_doctor, team_id="B")
    Contract.objects.filter(pk=first.pk).update(resident_id="R1")
    pair = (first.pk, second.pk)

    def attempt(number: int) -> Contract:
        by, _team = doctor_of(number)
        contract = Contract.objects.get(pk=pair[number % 2])
        return sign(contract, "sign_on_paper", by=by, at=clock.now(), request_id=new_id(), paper="1")

    outcomes = at_once(attempt, clients=CLIENTS)
    assert all(isinstance(outcome, NotAllowed) for outcome in outcomes), "each stands in the other's way"
    assert not ValidContract.objects.exists()
    assert Team.objects.count() == 2
