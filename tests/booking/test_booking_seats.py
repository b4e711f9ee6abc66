"""A seat is booked by one person, by whom and when the rules allow; every refusal says which."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.booking.county import MONDAY, NOW, booked, opened, person, referral, referred, slot_at, user

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.models import Booking, Seat
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.models import CaseStepFact

pytestmark = [pytest.mark.usefixtures("drawn"), pytest.mark.store]


def test_a_booking_holds_a_seat_and_leaves_one_fact_and_one_audit_record() -> None:
    slot = slot_at(opened(kind="lab", item="生化"), 9)
    person("R1")
    made = booked(slot, "R1")
    assert (made.state, made.seat.number, made.seat.slot_id) == ("booked", 1, slot.pk)
    assert Seat.objects.get(slot=slot).is_taken
    assert CaseStepFact.objects.filter(workflow="booking", case_id=made.pk).count() == 1
    assert AuditRecord.objects.filter(action="booking_step", resident_id="R1").count() == 1


def test_the_same_request_twice_is_one_booking() -> None:
    slot = slot_at(opened(5, kind="lab"), 9)
    person("R1")
    first, again = booked(slot, "R1", request_id="same"), booked(slot, "R1", request_id="same")
    assert first.pk == again.pk
    assert Booking.objects.count() == CaseStepFact.objects.count() == 1


def test_a_request_id_is_not_used_for_another_booking() -> None:
    made = opened(5, kind="lab", hours=(9, 11))
    person("R1")
    booked(slot_at(made, 9), "R1", request_id="same")
    with pytest.raises(NotAllowed, match="已用于另一次办理"):
        booked(slot_at(made, 10), "R1", request_id="same")


def test_a_full_slot_is_refused_and_nothing_is_written() -> None:
    slot = slot_at(opened(kind="lab"), 9)
    person("R1")
    person("R2")
    booked(slot, "R1")
    with pytest.raises(Refusal, match="该时段已约满"):
        booked(slot, "R2")
    assert Booking.objects.count() == CaseStepFact.objects.count() == 1


def test_the_database_itself_refuses_a_second_booking_of_a_seat() -> None:
    made = booked(slot_at(opened(kind="lab"), 9), person("R1").username)
    values = {
        name: getattr(made, name) for name in ("slot_id", "seat_id", "source", "state", "booked_at", "entered_at")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(resident_id="R2", request_id="forced", **values)


def test_a_slot_that_has_passed_is_refused() -> None:
    slot = slot_at(opened(kind="lab"), 9)
    person("R1")
    with pytest.raises(Refusal, match="已经过去"):
        booked(slot, "R1", at=slot.begins)


def test_a_slot_that_was_never_there_is_refused() -> None:
    person("R1")
    for key in (0, 10**25):
        with pytest.raises(Refusal, match="没有这个时段"):
            api.book(key, resident_id="R1", by=user("R1"), at=NOW, source=api.Source.RESIDENT, request_id="x")


def test_shortly_before_the_slot_booking_is_closed_by_rule() -> None:
    slot = slot_at(opened(kind="lab"), 9)
    person("R1")
    with pytest.raises(Refusal, match=r"booking\.closes_before"):
        booked(slot, "R1", at=slot.begins - timedelta(minutes=29))


def test_residents_book_no_further_ahead_than_the_rule_but_referrals_do() -> None:
    slot = slot_at(opened(2, kind="lab"), 9)
    person("R1")
    early = slot.begins - timedelta(days=15)
    with pytest.raises(Refusal, match=r"最多提前 14 日.*booking\.opens_before"):
        booked(slot, "R1", at=early)
    assert referred(slot, "R1", at=early).source == "referral"


def test_a_person_has_one_seat_a_slot_and_is_not_in_two_places_at_once() -> None:
    lab, clinic = opened(3, kind="lab"), opened(3, kind="clinic_room", item="全科", name="诊室")
    person("R1")
    booked(slot_at(lab, 9), "R1")
    with pytest.raises(Refusal, match="已经约了这个时段"):
        booked(slot_at(lab, 9), "R1")
    with pytest.raises(Refusal, match="冲突"):
        booked(slot_at(clinic, 9), "R1")


def test_nobody_books_for_a_stranger() -> None:
    slot = slot_at(opened(kind="lab"), 9)
    person("R1")
    person("R2")
    with pytest.raises(NotAllowed, match="本人或已授权家人"):
        api.book(slot.pk, resident_id="R2", by=user("R1"), at=NOW, source=api.Source.RESIDENT, request_id="x")
    with pytest.raises(NotAllowed):
        api.book(slot.pk, resident_id="R2", by=user("doctor"), at=NOW, source=api.Source.DOCTOR, request_id="y")


def test_the_dead_are_not_booked() -> None:
    slot = slot_at(opened(kind="lab"), 9)
    person("R1", died_on=MONDAY)
    with pytest.raises(Refusal, match="死亡"):
        booked(slot, "R1")


def test_a_closed_slot_is_refused() -> None:
    slot = slot_at(opened(kind="lab"), 9)
    slot.closed_at = NOW
    slot.save()
    person("R1")
    with pytest.raises(Refusal, match="停诊"):
        booked(slot, "R1")


def test_of_expert_slots_exams_and_beds_a_fifth_is_kept_for_referrals() -> None:
    slot = slot_at(opened(5), 9)
    assert Seat.objects.filter(slot=slot, is_reserved=True).count() == 1
    assert not Seat.objects.filter(slot=slot_at(opened(5, kind="lab", name="检验"), 9), is_reserved=True).exists()


def test_a_reserved_seat_is_refused_to_the_public_naming_the_rule_and_given_to_a_referral() -> None:
    made = opened(5, days=3)
    slot = slot_at(made, 9, day=MONDAY + timedelta(days=2))
    for number in range(5):
        person(f"R{number}")
    for number in range(4):
        booked(slot, f"R{number}")
    with pytest.raises(Refusal, match=r"转诊预留.*booking\.reserved_share"):
        booked(slot, "R4")
    assert referred(slot, "R4").seat.is_reserved


def test_a_referral_takes_the_reserved_seats_first_and_then_the_public_ones() -> None:
    slot = slot_at(opened(5, days=3), 9, day=MONDAY + timedelta(days=2))
    for number in range(2):
        person(f"R{number}")
    assert [referred(slot, f"R{number}").seat.is_reserved for number in range(2)] == [True, False]


def test_what_is_left_of_the_reserved_seats_is_anybodys_from_the_rules_hours_before() -> None:
    slot = slot_at(opened(1, days=3), 9, day=MONDAY + timedelta(days=2))
    person("R1")
    with pytest.raises(Refusal):
        booked(slot, "R1", at=slot.begins - timedelta(hours=24, seconds=1))
    assert booked(slot, "R1", at=slot.begins - timedelta(hours=24)).seat.is_reserved


def test_a_referral_needs_the_persons_open_case() -> None:
    slot = slot_at(opened(2), 9)
    person("R1")
    person("R2")
    other = referral("R2")
    with pytest.raises(Refusal, match="没有这个人在办的转诊"):
        api.book(slot.pk, resident_id="R1", by=user("desk"), at=NOW, source=api.Source.REFERRAL, request_id="x",
                 case_id=other.pk)  # fmt: skip


def test_who_did_not_come_three_times_is_paused_by_rule_and_the_doctor_may_still_book() -> None:
    made = opened(3, kind="lab", days=5)
    person("R1")
    for ahead in range(3):
        missed = booked(slot_at(made, 9, day=MONDAY + timedelta(days=ahead)), "R1")
        Booking.objects.filter(pk=missed.pk).update(state="no_show")
    after = datetime(2025, 3, 6, 8, tzinfo=COUNTY_TIME)
    slot = slot_at(made, 9, day=MONDAY + timedelta(days=4))
    with pytest.raises(Refusal, match=r"爽约 3 次.*booking\.no_show_limit"):
        booked(slot, "R1", at=after)
    assert referred(slot, "R1", at=after).state == "booked"


def test_who_lies_in_a_ward_is_also_examined() -> None:
    ward, lab = opened(1, kind="bed", item="内科", name="内科床位"), opened(1, kind="lab", name="检验")
    person("R1")
    assert [booked(slot_at(each, 9), "R1").state for each in (ward, lab)] == ["booked", "booked"]
