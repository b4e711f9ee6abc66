"""Renewal and transfer: agreed ahead, without a day in between and without two at a time."""

from datetime import date, timedelta

import pytest
from tests.contract import people

from yigongti.capabilities.contract.models import Contract, ValidContract
from yigongti.capabilities.contract.services.signing import sign
from yigongti.capabilities.contract.services.timer import run_due
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.cases.engine import take
from yigongti.spine.people.models import Resident

pytestmark = pytest.mark.django_db


def step(contract, name, by, **data):
    take(Contract.objects.get(pk=contract.pk), name, by=by, at=clock.now(), request_id=new_id(), data=data)
    return Contract.objects.get(pk=contract.pk)


def test_renewing_is_for_the_last_months_and_follows_on_without_a_gap(doctor, patient):
    contract = people.signed(doctor)
    with pytest.raises(NotAllowed, match="到期前") as refused:
        step(contract, "renew", doctor, for_years=1)
    assert "contract.renew_from" in refused.value.why
    with clock.at(contract.end_on - timedelta(days=20)):
        step(contract, "renew", doctor, for_years=2)
        successor = contract.successors.get()
        assert (successor.start_on, successor.years, successor.follows) == (date(2027, 3, 2), 2, "renewal")
        sign(successor, "sign_on_paper", by=doctor, at=clock.now(), request_id=new_id(), paper="2")
        assert ValidContract.objects.get(pk="R1").contract_id == contract.pk
    with clock.at(successor.start_on):
        run_due(at=clock.now(), tell=str)
    assert [each.state for each in (Contract.objects.get(pk=contract.pk), contract.successors.get())] == [
        "renewed", "in_force",
    ]  # fmt: skip
    assert Contract.objects.get(pk=contract.pk).end_on == date(2027, 3, 1)
    assert ValidContract.objects.get(pk="R1").contract_id == successor.pk


def test_without_a_renewal_it_expires(doctor):
    contract = people.signed(doctor)
    with clock.at(contract.end_on):
        run_due(at=clock.now(), tell=str)
        assert Contract.objects.get(pk=contract.pk).state == "in_force"
    with clock.at(contract.end_on + timedelta(days=1)):
        run_due(at=clock.now(), tell=str)
    assert Contract.objects.get(pk=contract.pk).state == "expired"
    assert not ValidContract.objects.exists()


def test_a_transfer_is_agreed_to_by_the_other_team_and_hands_over_the_same_day(doctor, other_doctor, patient):
    contract = people.signed(doctor)
    with clock.at(clock.today() + timedelta(days=40)):
        step(contract, "transfer", patient, to_team="B", reason="搬到邻镇")
        successor = contract.successors.get()
        assert (successor.institution_id, successor.state) == ("T2", "proposed")
        assert ValidContract.objects.get(pk="R1").team_id == "A"
        sign(successor, "sign_on_paper", by=other_doctor, at=clock.now(), request_id=new_id(), paper="3")
        earlier = Contract.objects.get(pk=contract.pk)
        assert (earlier.state, earlier.end_on) == ("transferred", clock.today() - timedelta(days=1))
        assert ValidContract.objects.get(pk="R1").team_id == "B"


def test_a_transfer_agreed_to_later_begins_then_and_no_day_is_with_both_teams(doctor, other_doctor, patient):
    contract = people.signed(doctor)
    with clock.at(clock.today() + timedelta(days=40)):
        step(contract, "transfer", patient, to_team="B", reason="搬到邻镇")
    with clock.at(clock.today() + timedelta(days=45)):
        successor = contract.successors.get()
        sign(successor, "sign_on_paper", by=other_doctor, at=clock.now(), request_id=new_id(), paper="3")
        earlier, later = Contract.objects.get(pk=contract.pk), Contract.objects.get(pk=successor.pk)
        assert earlier.end_on + timedelta(days=1) == later.start_on == clock.today()
        assert later.end_on == later.start_on.replace(year=later.start_on.year + 1) - timedelta(days=1)


def test_a_transfer_that_the_resident_asks_for_waits_for_the_other_team(doctor, other_doctor, patient):
    contract = people.signed(doctor)
    step(contract, "transfer", patient, to_team="B", reason="搬家")
    with pytest.raises(NotAllowed, match="请等团队接受"):
        step(contract.successors.get(), "confirm", patient)
    sign(contract.successors.get(), "accept", by=other_doctor, at=clock.now(), request_id=new_id())
    assert ValidContract.objects.get(pk="R1").team_id == "B"


def test_a_transfer_that_the_team_asks_for_waits_for_the_resident(doctor, other_doctor, patient):
    contract = people.signed(doctor)
    step(contract, "transfer", doctor, to_team="B", reason="团队调整")
    with pytest.raises(NotAllowed, match="应由居民确认"):
        step(contract.successors.get(), "accept", other_doctor)
    sign(contract.successors.get(), "confirm", by=patient, at=clock.now(), request_id=new_id())
    assert ValidContract.objects.get(pk="R1").team_id == "B"


@pytest.mark.parametrize("successor", ["transfer", "renew"])
def test_what_was_to_follow_on_a_terminated_contract_ends_with_it_and_says_why(doctor, patient, successor):
    contract = people.signed(doctor)
    asked = {"renew": {"for_years": 1}, "transfer": {"to_team": "B", "reason": "搬家"}}[successor]
    with clock.at(contract.end_on - timedelta(days=10)):
        step(contract, successor, patient, **asked)
        step(contract, "terminate", patient, reason="外出务工")
        following = contract.successors.get()
        assert (following.state, following.payload["reason"]) == ("declined", "原签约已解约")


@pytest.mark.parametrize(
    ("people_there", "asked", "is_allowed"),
    [
        (1999, "transfer", True), (2000, "transfer", False),
        (2000, "renew", True), (2001, "renew", False),  # who renews has a place already
    ],
)  # fmt: skip
def test_the_limit_of_people_a_doctor_holds_for_transfers_and_renewals_too(
    doctor, patient, monkeypatch, people_there, asked, is_allowed
):
    contract = people.signed(doctor)
    monkeypatch.setattr("yigongti.capabilities.contract.selectors.standing.people_of", lambda team_id: people_there)
    data = {"transfer": {"to_team": "B", "reason": "搬家"}, "renew": {"for_years": 1}}[asked]
    with clock.at(contract.end_on - timedelta(days=10)):
        if is_allowed:
            assert step(contract, asked, patient, **data).successors.exists()
        else:
            with pytest.raises(NotAllowed, match="每人最多 2000 人") as refused:
                step(contract, asked, patient, **data)
            assert "contract.residents_per_family_doctor" in refused.value.why
            assert not contract.successors.exists()


def test_what_the_dead_had_agreed_to_ends(doctor):
    agreed = people.signed(doctor, start_on=clock.today() + timedelta(days=20))
    Resident.objects.filter(pk="R1").update(died_on=clock.today())
    run_due(at=clock.now(), tell=str)
    assert Contract.objects.get(pk=agreed.pk).state == "declined"


def test_a_second_successor_is_refused(doctor, patient):
    contract = people.signed(doctor)
    step(contract, "transfer", patient, to_team="B", reason="搬家")
    with pytest.raises(NotAllowed, match="已有待生效"):
        step(contract, "transfer", patient, to_team="B", reason="搬家")


def test_nobody_follows_on_somebody_elses_contract(doctor):
    contract = people.signed(doctor)
    people.resident("R2")
    with pytest.raises(NotAllowed, match="本人"):
        people.proposed(doctor, resident_id="R2", predecessor_id=contract.pk, follows="transfer")
