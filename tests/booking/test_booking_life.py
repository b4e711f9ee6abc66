"""Checked in, served, cancelled, moved, missed; and who waits is next."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.booking.county import MONDAY, NOW, booked, opened, person, referral, slot_at, user

from yigongti.capabilities.booking.decisions.life import LIFE, Source
from yigongti.capabilities.booking.models import Booking, BookingEvent, Resource, Seat, Slot, WaitingEntry
from yigongti.capabilities.booking.services import changing, waiting
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.workflow import problems
from yigongti.spine.access.models import Consent
from yigongti.spine.notices.models import Notice

TUESDAY = MONDAY + timedelta(days=1)
pytestmark = [pytest.mark.usefixtures("drawn"), pytest.mark.store]


@pytest.fixture
def lab() -> Resource:
    """One seat on Monday at nine and at ten, and the same on Tuesday."""
    for number in range(4):
        person(f"R{number}")
    return opened(1, kind="lab", item="生化", hours=(9, 11), days=2)


def step(made: Booking, name: str, by: str, **given: Any) -> Booking:
    given = {"at": NOW, "request_id": f"{name}-{made.pk}", "reason": "有事" if name == "cancel" else "", **given}
    return changing.step(made.pk, name, by=user(by), **given)


def wait(lab: Resource, who: str, *, at: Any = NOW, source: Source = Source.RESIDENT, by: str = "", case_id: str = "",
         day: date = TUESDAY) -> WaitingEntry:  # fmt: skip
    wish = Wish(who, source, case_id)
    return waiting.wait(lab, wish, earliest=day, latest=day, by=user(by or who), at=at, request_id=f"wait-{who}")


def test_a_bookings_life_is_a_closed_loop() -> None:
    assert problems(LIFE) == []


def test_a_person_checks_in_and_is_served(lab: Resource) -> None:
    made = booked(slot_at(lab, 9), "R0")
    early = made.slot.begins - timedelta(minutes=60)
    assert step(made, "check_in", "R0", at=early).state == "checked_in"
    assert step(made, "serve", "technician", at=made.slot.begins).state == "served"
    assert [event.step for event in BookingEvent.objects.order_by("pk")] == ["check_in", "serve"]


def test_checking_in_too_early_is_refused_by_rule(lab: Resource) -> None:
    made = booked(slot_at(lab, 9), "R0")
    with pytest.raises(Refusal, match=r"booking\.check_in_before"):
        step(made, "check_in", "R0", at=made.slot.begins - timedelta(minutes=61))


def test_a_cancelled_booking_frees_its_seat_and_a_repeat_changes_nothing(lab: Resource) -> None:
    made = booked(slot_at(lab, 10, day=TUESDAY), "R0")
    assert step(made, "cancel", "R0").state == "cancelled"
    assert step(made, "cancel", "R0").state == "cancelled"
    assert BookingEvent.objects.count() == 1
    assert booked(slot_at(lab, 10, day=TUESDAY), "R1").state == "booked"


def test_residents_cancel_until_the_rules_hours_before_and_the_desk_until_it_begins(lab: Resource) -> None:
    made = booked(slot_at(lab, 10), "R0")
    late = made.slot.begins - timedelta(minutes=119)
    with pytest.raises(Refusal, match=r"booking\.cancel_before"):
        step(made, "cancel", "R0", at=late)
    assert step(made, "cancel", "desk", at=late).state == "cancelled"
    assert Notice.objects.filter(user__username="R0", text__contains="预约已取消").exists()


def test_cancelling_needs_a_reason_and_the_right_person(lab: Resource) -> None:
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    with pytest.raises(Refusal, match="请填写理由"):
        step(made, "cancel", "R0", reason=" ")
    for stranger in ("R1", "other_desk", "doctor"):
        with pytest.raises(NotAllowed):
            step(made, "cancel", stranger)


def test_a_relative_who_was_given_consent_acts_for_the_person(lab: Resource) -> None:
    Consent.objects.create(resident_id="R0", user=user("R1"), evidence="本人同意", given_at=NOW)
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    assert step(made, "cancel", "R1").state == "cancelled"


def test_a_step_that_does_not_follow_is_refused(lab: Resource) -> None:
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    step(made, "cancel", "R0")
    with pytest.raises(NotAllowed, match="处于“已取消”"):
        step(made, "check_in", "R0")


def test_moving_takes_the_new_seat_and_frees_the_old_one_or_does_neither(lab: Resource) -> None:
    first, second = booked(slot_at(lab, 9, day=TUESDAY), "R0"), booked(slot_at(lab, 10, day=TUESDAY), "R1")
    with pytest.raises(Refusal, match="约满"):
        changing.move(first.pk, to_slot=second.slot_id, by=user("R0"), at=NOW, request_id="m1")
    assert Booking.objects.get(pk=first.pk).state == "booked"
    moved = changing.move(first.pk, to_slot=slot_at(lab, 9).pk, by=user("R0"), at=NOW, request_id="m2")
    again = changing.move(first.pk, to_slot=slot_at(lab, 9).pk, by=user("R0"), at=NOW, request_id="m2")
    assert moved.pk == again.pk
    assert moved.replaces_id == first.pk
    assert Booking.objects.get(pk=first.pk).state == "moved"
    assert not Seat.objects.get(pk=first.seat_id).is_taken


def test_one_moves_only_to_the_same_kind_of_thing(lab: Resource) -> None:
    other = opened(1, kind="vaccination", item="流感", name="接种台", days=2)
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    with pytest.raises(Refusal, match="同一项目"):
        changing.move(made.pk, to_slot=slot_at(other, 9).pk, by=user("R0"), at=NOW, request_id="m")


def test_who_did_not_come_is_marked_once_the_rules_minutes_have_passed(lab: Resource) -> None:
    made = booked(slot_at(lab, 9), "R0")
    assert changing.mark_missed(at=made.slot.ends + timedelta(minutes=30)) == 0
    assert changing.mark_missed(at=made.slot.ends + timedelta(minutes=31)) == 1
    assert changing.mark_missed(at=made.slot.ends + timedelta(minutes=32)) == 0
    assert Booking.objects.get().state == "no_show"


def test_the_seat_given_up_goes_to_who_asked_first(lab: Resource) -> None:
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    wait(lab, "R2", at=NOW + timedelta(minutes=1))
    wait(lab, "R1", at=NOW)
    step(made, "cancel", "R0")
    assert WaitingEntry.objects.get(resident_id="R1").booking.slot_id == made.slot_id
    assert WaitingEntry.objects.get(resident_id="R2").state == "waiting"
    assert Notice.objects.filter(user__username="R1", text__contains="已为您预约").exists()


def test_a_referral_comes_before_who_asked_earlier_by_rule(lab: Resource) -> None:
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    wait(lab, "R1")
    wait(lab, "R2", at=NOW + timedelta(hours=1), source=Source.REFERRAL, by="desk", case_id=referral("R2").pk)
    step(made, "cancel", "R0")
    assert WaitingEntry.objects.get(state="promoted").resident_id == "R2"


def test_nobody_is_promoted_so_late_that_they_could_not_come(lab: Resource) -> None:
    made = booked(slot_at(lab, 9), "R0")
    wait(lab, "R1", day=MONDAY)
    step(made, "cancel", "desk", at=made.slot.begins - timedelta(minutes=119))
    assert WaitingEntry.objects.get().state == "waiting"


def test_one_waits_once_for_a_resource_and_may_leave_the_list(lab: Resource) -> None:
    entry = wait(lab, "R1")
    assert wait(lab, "R1").pk == entry.pk  # the same request
    with pytest.raises(Refusal, match="已在候补名单中"):
        waiting.wait(lab, Wish("R1", Source.RESIDENT), earliest=MONDAY, latest=MONDAY, by=user("R1"), at=NOW,
                     request_id="another")  # fmt: skip
    assert waiting.withdraw(entry.pk, by=user("R1"), at=NOW).state == "withdrawn"
    with pytest.raises(Refusal):
        waiting.withdraw(entry.pk, by=user("R1"), at=NOW)


def test_waiting_for_days_that_are_over_ends(lab: Resource) -> None:
    wait(lab, "R1")
    assert waiting.expire(at=NOW) == 0
    assert waiting.expire(at=NOW + timedelta(days=2)) == 1


def test_a_promoted_booking_holds_the_one_seat_there_is(lab: Resource) -> None:
    made = booked(slot_at(lab, 9, day=TUESDAY), "R0")
    for who in ("R1", "R2", "R3"):
        wait(lab, who)
    step(made, "cancel", "R0")
    assert Booking.objects.filter(slot=Slot.objects.get(pk=made.slot_id), state="booked").count() == 1
