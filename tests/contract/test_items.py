"""What falls due, what the record shows, what the team enters, what the resident says."""

from datetime import date, timedelta

import pytest
from tests.contract import people

from yigongti.capabilities.contract import api
from yigongti.capabilities.contract.models import DueItem
from yigongti.capabilities.contract.services.items import Done, find, publish_overdue
from yigongti.capabilities.contract.services.saying import confirm, dispute, enter, settle_unanswered
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.cases import live_facts
from yigongti.spine.cases.deadlines import escalate_overdue
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import Case
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.models import Notice
from yigongti.spine.record.models import Entry

pytestmark = pytest.mark.django_db


def happened(table, day, line, *, key="X1", resident_id="R1", at="T1"):
    Entry.objects.create(resident_id=resident_id, day=day, table=table, key=key, institution_id=at, line=line)


def followed_up(day, programme="hypertension", **changed):
    happened("follow_up", day, f'["{programme}","clinic","控制满意"]', **changed)


def item(contract, code="follow_up", place=0):
    return contract.items.filter(item=code).order_by("due_on")[place]


def test_items_are_scheduled_when_the_contract_begins_as_often_as_the_package_says(doctor):
    contract = people.signed(doctor)
    assert {code: contract.items.filter(item=code).count() for code in ("follow_up", "health_check", "glycated")} == {
        "follow_up": 4, "health_check": 1, "glycated": 2,
    }  # fmt: skip
    first = item(contract)
    assert (first.opens_on, first.due_on) == (date(2026, 3, 2), date(2026, 5, 31))


def test_a_follow_up_that_was_done_is_found_in_the_record_and_not_typed_again(doctor):
    contract = people.signed(doctor)
    followed_up(date(2026, 3, 20))
    with clock.at(date(2026, 4, 1)):
        assert find(DueItem.objects.all(), today=clock.today()) == 1
    found = item(contract)
    assert (found.done_on, found.how, found.proof) == (date(2026, 3, 20), "record", "follow_up X1")


@pytest.mark.parametrize(
    ("day", "programme", "resident_id"),
    [
        (date(2026, 3, 1), "hypertension", "R1"),
        (date(2026, 3, 20), "copd", "R1"),
        (date(2026, 3, 20), "hypertension", "R2"),
    ],
)
def test_what_happened_before_for_another_reason_or_to_another_person_proves_nothing(
    doctor, day, programme, resident_id
):
    contract = people.signed(doctor)
    followed_up(day, programme, resident_id=resident_id)
    assert find(DueItem.objects.all(), today=date(2026, 4, 1)) == 0
    assert item(contract).done_on is None


@pytest.mark.parametrize(("at", "found"), [("T1", 2), ("V1", 2), ("T2", 0), ("H", 0)])
def test_what_the_centre_or_a_room_of_it_did_is_the_teams_and_what_others_did_is_not(doctor, at, found):
    contract = people.signed(doctor)
    happened("visit", date(2026, 3, 20), '["outpatient"]', at=at)
    happened("follow_up", date(2026, 3, 20), '["hypertension","clinic","控制满意"]', at=at, key="X2")
    assert find(DueItem.objects.all(), today=date(2026, 4, 1)) == found
    assert item(contract).performer_id == (at if found else None)


def test_the_team_enters_what_no_record_shows_with_its_proof(doctor):
    contract = people.signed(doctor)
    with pytest.raises(NotAllowed, match="写明依据"):
        enter(item(contract), Done(clock.today(), " "), by=doctor, at=clock.now())
    with pytest.raises(NotAllowed, match="今天之后"):
        enter(item(contract), Done(date(2026, 3, 9), "单 7"), by=doctor, at=clock.now())
    with pytest.raises(NotAllowed, match="早于本期"):
        enter(item(contract), Done(date(2026, 2, 9), "单 7"), by=doctor, at=clock.now())
    entered = enter(item(contract), Done(clock.today(), "随访记录单 7"), by=doctor, at=clock.now())
    assert (entered.how, entered.entered_by_id) == ("entry", doctor.pk)
    with pytest.raises(NotAllowed, match="不必重复"):
        enter(item(contract), Done(clock.today(), "单 8"), by=doctor, at=clock.now())


def test_the_resident_confirms_or_disputes_what_was_done_and_the_team_hears_of_it(doctor, patient):
    contract = people.signed(doctor)
    with pytest.raises(NotAllowed, match="还没有完成"):
        confirm(item(contract), by=patient, at=clock.now())
    done = enter(item(contract), Done(clock.today(), "单 7"), by=doctor, at=clock.now())
    with pytest.raises(NotAllowed, match="写明"):
        dispute(done, remark="", by=patient, at=clock.now())
    dispute(done, remark="没有来过", by=patient, at=clock.now())
    assert Notice.objects.filter(user=doctor, text__contains="没有来过").exists()
    again = enter(item(contract), Done(clock.today(), "补做,单 9"), by=doctor, at=clock.now())
    assert (again.said, again.proof, again.dispute.state) == ("", "补做,单 9", "answered")
    assert confirm(again, by=patient, at=clock.now()).said == "confirmed"
    assert Case.objects.get(pk=again.dispute_id).state == "settled"


@pytest.fixture
def disputed(doctor, patient):
    done = enter(item(people.signed(doctor)), Done(clock.today(), "单 7"), by=doctor, at=clock.now())
    return dispute(done, remark="没有来过", by=patient, at=clock.now())


def test_the_village_doctor_who_did_it_hears_of_the_dispute_and_answers_it(doctor, patient):
    village_doctor, stranger = people.account("village_doctor", at="V1"), people.account("village_doctor", at="T2")
    done = enter(item(people.signed(doctor)), Done(clock.today(), "单 7"), by=village_doctor, at=clock.now())
    case = dispute(done, remark="没有来过", by=patient, at=clock.now()).dispute
    assert Notice.objects.filter(user=village_doctor, text__contains="没有来过").exists()
    answer = {"answer": "当天上门,家属签字"}
    with pytest.raises(NotAllowed, match="管辖范围"):
        take(case, "answer", by=stranger, at=clock.now(), request_id="no", data=answer)
    take(case, "answer", by=village_doctor, at=clock.now(), request_id="yes", data=answer)
    assert [each.answer for each in api.items_of(done.number, resident_id="R1", reader=patient) if each.said] == [
        answer["answer"]
    ]


def test_a_dispute_that_nobody_answers_is_upheld_and_the_service_counts_as_not_done(disputed, patient, doctor):
    days = county_rules().find("contract.dispute_upheld_after", on=clock.today()).days
    with clock.at(clock.today() + timedelta(days=days)):
        assert settle_unanswered(at=clock.now()) == 0
    with clock.at(clock.today() + timedelta(days=days + 1)):
        assert settle_unanswered(at=clock.now()) == 1
        left = item(disputed.contract)
        assert (left.said, left.dispute.state) == ("disputed", "upheld")
        (shown,) = [each for each in api.items_of(left.number, resident_id="R1", reader=patient) if each.said]
        assert (shown.is_upheld, shown.may_say) == (True, False)
        again = enter(left, Done(clock.today(), "补做,单 9"), by=doctor, at=clock.now())
    assert again.said == ""


def test_a_dispute_that_is_not_answered_in_time_is_brought_before_the_manager_once(disputed, doctor):
    days = county_rules().find("contract.dispute_answered_within", on=clock.today()).days
    manager = people.account("manager", at="T1")
    assert disputed.dispute.due_at.astimezone(clock.COUNTY_TIME).date() == clock.today() + timedelta(days=days)
    with clock.at(clock.today() + timedelta(days=days + 1)):
        assert escalate_overdue(at=clock.now()) == 1
        assert escalate_overdue(at=clock.now()) == 0
        answer = {"answer": "当天已上门,有签字"}
        event = take(disputed.dispute, "answer", by=manager, at=clock.now(), request_id="late", data=answer)
    assert event.late
    assert Notice.objects.filter(user=manager, kind="overdue", text__contains="异议").count() == 1


def test_whoever_is_not_content_with_the_answer_insists_and_an_answer_left_standing_settles_it(
    disputed, doctor, patient
):
    def answered(number):
        answer = {"answer": f"第 {number} 次答复"}
        case = Case.objects.get(pk=disputed.dispute_id)
        take(case, "answer", by=doctor, at=clock.now(), request_id=f"a{number}", data=answer)

    with pytest.raises(NotAllowed, match="待答复"):
        dispute(disputed, remark="还没答复", by=patient, at=clock.now())
    answered(1)
    insisted = dispute(disputed, remark="不是我签的字", by=patient, at=clock.now())
    assert (insisted.said, insisted.remark, insisted.dispute.state) == ("disputed", "不是我签的字", "raised")
    answered(2)
    shown = api.items_of(insisted.number, resident_id="R1", reader=patient)
    assert [(each.answer, each.may_say) for each in shown if each.said] == [("第 2 次答复", True)]
    lasts = county_rules().find("contract.dispute_settles_after", on=clock.today()).days
    with clock.at(clock.today() + timedelta(days=lasts + 1)):
        assert settle_unanswered(at=clock.now()) == 1
    left = item(disputed.contract)
    assert (left.said, left.dispute.state) == ("", "settled")


def test_who_takes_a_dispute_back_leaves_the_service_as_it_was_done(disputed, patient):
    take(disputed.dispute, "withdraw", by=patient, at=clock.now(), request_id="w")
    assert item(disputed.contract).said == ""


def test_nobody_else_confirms(doctor, patient):
    contract = people.signed(doctor)
    done = enter(item(contract), Done(clock.today(), "单 7"), by=doctor, at=clock.now())
    with pytest.raises(NotAllowed, match="本人"):
        confirm(done, by=doctor, at=clock.now())


def test_every_item_that_is_done_or_overdue_becomes_a_fact_once_and_again_when_it_changes(doctor, patient):
    contract = people.signed(doctor)
    enter(item(contract), Done(clock.today(), "单 7"), by=doctor, at=clock.now())
    later = date(2026, 6, 10)
    assert publish_overdue(today=later) == contract.items.filter(due_on__lt=later, done_on=None).count() == 1
    assert publish_overdue(today=later) == 0
    rows, _marks = live_facts.waiting("contract_item")
    by_item = {row["item"]: row for row in rows.to_pylist()}
    assert by_item["follow_up"]["done_on"] == clock.today()
    assert by_item["blood_pressure"]["done_on"] is None


def test_what_the_resident_sees_is_their_own(doctor, patient):
    contract = people.proposed(doctor)
    (mine,) = api.contracts_of("R1", reader=patient)
    assert (mine.state_label, mine.package) == ("待确认", "高血压糖尿病服务包")
    assert mine.steps[0] == ("confirm", "确认签约")
    api.confirm(contract.pk, by=patient, at=clock.now(), request_id="c1")
    assert api.valid("R1").team == "A团队"
    assert len(api.items_of(contract.pk, resident_id="R1", reader=patient)) == 13
    people.resident("R2")
    stranger = people.account("resident", resident_id="R2")
    assert api.contracts_of("R2", reader=stranger) == []
    assert api.items_of(contract.pk, resident_id="R2", reader=stranger) == []
    assert not any(each.may_say for each in api.items_of(contract.pk, resident_id="R1", reader=stranger))
    assert api.contracts_of("R1", reader=stranger)[0].steps == []


def test_a_resident_is_offered_teams_with_doctors_and_the_packages_that_suit_them_first(patient):
    assert [offer.team_id for offer in api.team_offers(patient)] == ["A", "B"]
    offers = api.package_offers(patient)
    assert {offer.code for offer in offers if offer.suits} == {"chronic", "elderly"}
    assert offers[0].suits
    basic = next(offer for offer in offers if offer.code == "basic")
    assert (basic.price_fen, basic.self_fen) == (12_000, 0)


def test_a_resident_applies_through_the_door_of_contracts(patient, doctor):
    application = api.Application("A", "basic", clock.today() + timedelta(days=1), 1)
    key = api.apply(application, by=patient, at=clock.now(), request_id="a1")
    assert api.contracts_of("R1", reader=patient)[0].contract_id == key
    api.step(key, "decline", data={"reason": "再想想"}, by=patient, at=clock.now(), request_id="a2")
    assert api.contracts_of("R1", reader=patient) == []
