"""From proposal to contract: who signs, when it begins, what refuses it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.contract import people

from yigongti.capabilities.contract.models import Contract, ValidContract
from yigongti.capabilities.contract.services.signing import propose, propose_family, sign
from yigongti.capabilities.contract.services.timer import run_due
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.ids import new_id
from yigongti.spine.cases import live_facts
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.record.models import Entry

pytestmark = pytest.mark.django_db


def test_a_contract_signed_on_paper_is_in_force_the_same_day_and_becomes_a_fact(doctor):
    contract = people.signed(doctor)
    assert (contract.state, contract.paper, contract.end_on) == ("in_force", "纸-1", date(2027, 3, 1))
    assert ValidContract.objects.get(pk="R1").contract_id == contract.pk
    rows, _marks = live_facts.waiting("contract")
    assert rows.select(["resident_id", "team_id", "package", "paid"]).to_pylist() == [
        {"resident_id": "R1", "team_id": "A", "package": "高血压糖尿病服务包", "paid": True}
    ]


def test_what_the_team_proposes_the_resident_confirms_and_nobody_confirms_their_own(doctor, patient):
    contract = people.proposed(doctor)
    with pytest.raises(NotAllowed, match="应由居民确认"):
        sign(contract, "accept", by=doctor, at=clock.now(), request_id=new_id())
    assert sign(contract, "confirm", by=patient, at=clock.now(), request_id=new_id()).state == "in_force"


def test_what_the_resident_applies_for_the_team_accepts(doctor, patient):
    contract = people.proposed(patient)
    with pytest.raises(NotAllowed, match="等团队接受"):
        sign(contract, "confirm", by=patient, at=clock.now(), request_id=new_id())
    assert sign(contract, "accept", by=doctor, at=clock.now(), request_id=new_id()).state == "in_force"


def test_a_resident_applies_for_nobody_else(patient):
    people.resident("R2")
    with pytest.raises(NotAllowed, match="不能在该机构发起"):
        people.proposed(patient, resident_id="R2")


def test_another_centre_can_neither_propose_for_the_team_nor_sign(doctor, other_doctor):
    with pytest.raises(NotAllowed):
        people.proposed(other_doctor)
    with pytest.raises(NotAllowed, match="管辖范围"):
        sign(people.proposed(doctor), "sign_on_paper", by=other_doctor, at=clock.now(), request_id=new_id(), paper="1")


def test_one_that_begins_later_waits_for_its_day_and_the_timer_begins_it(doctor):
    later = clock.today() + timedelta(days=10)
    contract = people.signed(doctor, start_on=later)
    assert contract.state == "signed"
    assert not live_facts.waiting_tables() or "contract" not in live_facts.waiting_tables()
    with clock.at(later):
        run_due(at=clock.now(), tell=str)
    assert Contract.objects.get(pk=contract.pk).state == "in_force"


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"died_on": date(2026, 2, 1)}, "去世"), ({"place_id": "FAR"}, "不在本县")],
)
def test_no_contract_for_the_dead_nor_for_who_has_moved_away(doctor, changed, why):
    people.resident("R2", **changed)
    with pytest.raises(NotAllowed, match=why):
        people.proposed(doctor, resident_id="R2")
    assert not Contract.objects.exists()


def test_a_second_contract_is_refused_by_the_rule_of_one(doctor):
    people.signed(doctor)
    with pytest.raises(NotAllowed, match="同一时间每人只能有一份") as refused:
        people.proposed(doctor)
    assert "contract.valid_per_person" in refused.value.why


def test_a_proposal_that_has_not_been_answered_stands_in_the_way_too(doctor, patient):
    people.proposed(doctor)
    with pytest.raises(NotAllowed, match="已有签约"):
        people.proposed(patient)


def test_a_contract_that_a_file_brought_counts_but_not_beyond_its_end(doctor):
    line = '["TEAM-X","2026-12-31","基础服务包",false]'
    Entry.objects.create(
        resident_id="R1", day=date(2026, 1, 1), table="contract", key="K1", institution_id="T2", line=line
    )
    with pytest.raises(NotAllowed, match="T2院,2026-01-01 至 2026-12-31"):
        people.proposed(doctor)
    assert people.proposed(doctor, start_on=date(2027, 1, 1)).state == "proposed"


@pytest.mark.store
def test_the_database_itself_holds_one_valid_contract_a_person(doctor):
    people.signed(doctor)
    row = ValidContract.objects.get(pk="R1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ValidContract.objects.create(
            resident_id="R1", contract_id="K9", institution_id="T2", team_id="B", start_on=row.start_on,
            end_on=row.end_on, package="x", paid=False,
        )  # fmt: skip


def test_where_the_database_has_one_already_beginning_is_refused_and_nothing_is_half_done(doctor):
    contract = people.proposed(doctor)
    ValidContract.objects.create(
        resident_id="R1", contract_id="K9", institution_id="T2", team_id="B", start_on=clock.today(),
        end_on=date(2026, 12, 31), package="x", paid=False,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="已有一份有效签约"):
        sign(contract, "sign_on_paper", by=doctor, at=clock.now(), request_id=new_id(), paper="1")
    assert Contract.objects.get(pk=contract.pk).state == "proposed"
    assert not contract.items.exists()


def test_a_full_team_takes_nobody_more(doctor, monkeypatch):
    monkeypatch.setattr("yigongti.capabilities.contract.selectors.standing.people_of", lambda team_id: 2000)
    with pytest.raises(NotAllowed, match="1 名家庭医生每人最多 2000 人") as refused:
        people.proposed(doctor)
    assert "contract.residents_per_family_doctor" in refused.value.why


def test_terms_outside_the_rules_are_refused(doctor):
    with pytest.raises(NotAllowed, match="协议期 5 年"):
        people.proposed(doctor, years=5)
    with pytest.raises(Refusal, match="没有选项 luxury"):
        people.proposed(doctor, package="luxury")


def test_a_family_signs_together_or_not_at_all(doctor):
    people.resident("R2")
    people.resident("R3", died_on=date(2026, 1, 1))
    with pytest.raises(NotAllowed, match="去世"):
        propose_family(people.terms(), resident_ids=["R1", "R2", "R3"], by=doctor, at=clock.now(), request_id="f1")
    assert not Contract.objects.exists()
    found = propose_family(people.terms(), resident_ids=["R1", "R2"], by=doctor, at=clock.now(), request_id="f2")
    assert len({each.household for each in found}) == 1
    assert found[0].household


def test_a_combination_names_a_county_and_a_city_hospital(doctor):
    contract = people.proposed(doctor, county_hospital_id="H", city_hospital_id="C")
    assert (contract.county_hospital_id, contract.city_hospital_id) == ("H", "C")


def test_the_same_request_twice_is_one_contract(doctor):
    for _ in range(2):
        propose(people.terms(), resident_id="R1", by=doctor, at=clock.now(), request_id="once")
    assert Contract.objects.count() == 1


def test_amending_changes_the_package_its_items_and_the_fact(doctor):
    contract = people.signed(doctor)
    take(contract, "amend", by=doctor, at=clock.now(), request_id=new_id(), data={"package": "basic", "reason": "自愿"})
    assert set(contract.items.values_list("item", flat=True)) == {"health_check", "consultation", "blood_pressure"}
    assert ValidContract.objects.get(pk="R1").package == "基础服务包"
    rows, _marks = live_facts.waiting("contract")
    assert rows["package"].to_pylist() == ["基础服务包"]


def test_terminating_ends_it_today_and_frees_the_person_for_another(doctor, patient, other_doctor):
    contract = people.signed(doctor)
    with clock.at(clock.today() + timedelta(days=30)):
        take(contract, "terminate", by=patient, at=clock.now(), request_id=new_id(), data={"reason": "搬家"})
        ended = Contract.objects.get(pk=contract.pk)
        assert (ended.state, ended.end_on) == ("terminated", clock.today())
        assert not ValidContract.objects.exists()
        assert not ended.items.filter(done_on=None, due_on__gt=clock.today()).exists()
        with clock.at(clock.today() + timedelta(days=1)):
            assert people.signed(other_doctor, team_id="B").state == "in_force"


def test_who_has_died_no_longer_has_a_contract_once_the_timer_ran(doctor):
    contract = people.signed(doctor)
    type(contract.resident).objects.filter(pk="R1").update(died_on=clock.today())
    run_due(at=clock.now(), tell=str)
    assert Contract.objects.get(pk=contract.pk).state == "terminated"


def test_an_application_that_nobody_answers_lapses(doctor, patient):
    contract = people.proposed(patient)
    with clock.at(clock.today() + timedelta(days=31)):
        run_due(at=clock.now(), tell=str)
    assert Contract.objects.get(pk=contract.pk).state == "declined"


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"team": "ZZ"}, "没有编号为“ZZ”的团队"), ({"county_hospital": "ZZ"}, "没有编号为“ZZ”的县级医院"),
     ({"predecessor": "ZZ"}, "没有编号为“ZZ”的原签约")],
)  # fmt: skip
def test_terms_that_name_what_is_not_there_are_refused_by_whichever_door_they_come(doctor, changed, told):
    data = {"team": "A", "package": "basic", "start_on": str(clock.today()), "years": 1, **changed}
    with pytest.raises(NotAllowed, match=told):
        open_case(
            "contract", parties=Parties("T1", resident_id="R1"), by=doctor, at=clock.now(), request_id="z", data=data
        )
    assert not Contract.objects.exists()


def test_a_paper_signed_long_ago_is_not_registered_as_if_it_were_of_today(doctor):
    with pytest.raises(NotAllowed, match="backdated_at_most"):
        people.signed(doctor, start_on=date(2025, 1, 1))
    assert not Contract.objects.exists()
