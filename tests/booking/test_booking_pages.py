"""Staff look for a slot, book a person, keep the day and the schedules; each sees what is theirs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.booking.county import MONDAY, NOW, booked, opened, person, referral, slot_at, user

from yigongti.capabilities.booking.models import Booking, Resource, ScheduleException, Slot, WaitingEntry
from yigongti.kernel import clock
from yigongti.spine.access.models import Consent
from yigongti.spine.notices.models import Notice
from yigongti.spine.people.models import Identity, Resident

pytestmark = pytest.mark.usefixtures("drawn")
CARD = "990001195005010018"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(NOW):
        yield


def at(who: str) -> Client:
    client = Client()
    client.force_login(user(who), backend="yigongti.spine.access.backend.Accounts")
    return client


def known(name: str) -> None:
    """A person whose record the family doctor may see."""
    person(name)
    Identity.objects.create(resident_id=name, name="王小明", id_number=CARD, phone="13800000001")
    Consent.objects.create(resident_id=name, institution_id="T1", evidence="签字", given_at=NOW)


def test_a_doctor_finds_the_earliest_and_books_a_person_by_id_number() -> None:
    slot = slot_at(opened(5, days=3), 9)
    known("R1")
    doctor = at("doctor")
    assert f"/booking/slots/{slot.pk}/" in doctor.get("/booking/?kind=exam&item=CT").content.decode()
    page = doctor.post(f"/booking/slots/{slot.pk}/", {"person": CARD, "case_id": "", "request_id": "a"})
    assert page["Location"] == f"/booking/{Booking.objects.get(source='doctor').pk}/"


def test_a_refusal_is_said_on_the_form() -> None:
    slot = slot_at(opened(1, days=3), 9, day=MONDAY + timedelta(days=2))
    known("R1")
    answer = at("doctor").post(f"/booking/slots/{slot.pk}/", {"person": CARD, "case_id": "", "request_id": "a"})
    assert "booking.reserved_share" in answer.content.decode()
    assert not Booking.objects.exists()


def test_the_desk_books_a_reserved_seat_for_a_referral() -> None:
    slot = slot_at(opened(1, days=3), 9, day=MONDAY + timedelta(days=2))
    known("R1")
    case = referral("R1")
    at("desk").post(f"/booking/slots/{slot.pk}/", {"person": CARD, "case_id": case.pk, "request_id": "a"})
    assert Booking.objects.get().seat.is_reserved


def test_the_day_shows_who_is_expected_masked_and_checks_in() -> None:
    made = booked(slot_at(opened(2, kind="lab", hours=(7, 9)), 8), "R1") if person("R1") else None
    Identity.objects.create(resident_id="R1", name="王小明", id_number=CARD)
    assert made is not None
    desk = at("desk")
    shown = desk.get(f"/booking/day/?day={MONDAY}").content.decode()
    assert "王*明" in shown
    assert "王小明" not in shown
    desk.post(f"/booking/{made.pk}/steps/check_in/", {"request_id": "a", "day": str(MONDAY)})
    assert Booking.objects.get().state == "checked_in"


def test_another_institution_sees_neither_the_booking_nor_the_resource() -> None:
    made = opened(2, kind="lab")
    person("R1")
    booking = booked(slot_at(made, 9), "R1")
    stranger = at("other_desk")
    assert stranger.get(f"/booking/{booking.pk}/").status_code == 404
    assert stranger.get(f"/booking/resources/{made.pk}/").status_code == 404
    assert "CT 室" not in stranger.get("/booking/resources/").content.decode()


def test_a_booking_shows_its_history_and_moves() -> None:
    made = opened(2, kind="lab", hours=(9, 11))
    person("R1")
    booking = booked(slot_at(made, 9), "R1")
    desk = at("desk")
    assert "居民自约" in desk.get(f"/booking/{booking.pk}/").content.decode()
    desk.post(f"/booking/{booking.pk}/move/", {"slot": slot_at(made, 10).pk, "request_id": "m"})
    assert Booking.objects.get(state="booked").replaces_id == booking.pk


def test_schedules_are_kept_in_the_browser() -> None:
    desk = at("desk")
    desk.post("/booking/resources/new/", {"kind": "exam", "item": "MRI", "name": "磁共振", "institution": "H1"})
    made = Resource.objects.get()
    hours = {"begins": "08:00", "ends": "10:00", "minutes": 30, "seats": 2}
    weekly = {"form": "weekly", "weekdays": [1, 2], "from_on": str(MONDAY), **hours}
    desk.post(f"/booking/resources/{made.pk}/", weekly)
    assert Slot.objects.count() == 4 * 10  # Mondays and Tuesdays of the coming thirty days, today included
    assert "重叠" in desk.post(f"/booking/resources/{made.pk}/", weekly).content.decode()
    closing = {"form": "otherwise", "day": str(MONDAY + timedelta(days=1)), "reason": "检修"}
    desk.post(f"/booking/resources/{made.pk}/", closing)
    assert ScheduleException.objects.get().begins is None
    assert Slot.objects.filter(closed_at__isnull=False).count() == 4


def test_where_nothing_is_free_a_doctor_puts_the_person_on_the_waiting_list_and_is_told_of_the_seat() -> None:
    made = opened(1, kind="lab", item="生化", days=2)
    tomorrow = MONDAY + timedelta(days=1)
    leaver = [booked(slot_at(made, 9, day=day), person(name).username) for name, day in
              (("R8", MONDAY), ("R9", tomorrow))][1]  # fmt: skip
    known("R1")
    doctor = at("doctor")
    assert f"/booking/resources/{made.pk}/wait/" in doctor.get("/booking/?kind=lab&item=生化").content.decode()
    place = doctor.post(f"/booking/resources/{made.pk}/wait/", waiting_for(CARD))["Location"]
    shown = doctor.get(place).content.decode()
    assert "第 1 位" in shown
    assert "王小明" in shown
    assert "王*明" in doctor.get("/booking/waiting/").content.decode()
    at("desk").post(f"/booking/{leaver.pk}/steps/cancel/", {"request_id": "c", "reason": "停机"})
    entry = WaitingEntry.objects.get()
    assert (entry.state, entry.booking.resident_id) == ("promoted", "R1")
    assert f"/booking/{entry.booking_id}/" in doctor.get(place).content.decode()
    assert "已有空位并已预约" in Notice.objects.get(user__username="doctor").text


def test_a_person_waits_once_and_in_days_to_come_and_only_who_may_puts_them_there() -> None:
    made = opened(1, kind="lab")
    known("R1")
    doctor, address = at("doctor"), f"/booking/resources/{made.pk}/wait/"

    def said(**changed: str) -> str:
        return doctor.post(address, {**waiting_for(CARD), **changed}).content.decode()

    assert "没有可候补的日期" in said(latest=str(MONDAY - timedelta(days=1)), earliest=str(MONDAY - timedelta(days=1)))
    assert "没有这个人在办的转诊" in said(case_id="01NOBODYS")
    assert not WaitingEntry.objects.exists()
    assert doctor.post(address, waiting_for(CARD)).status_code == 302
    assert "已在候补名单中" in said(request_id="again")
    assert at("technician").get(address).status_code == 403
    assert doctor.get("/booking/resources/none/wait/").status_code == 409


def test_a_place_on_the_list_is_seen_and_given_up_by_those_it_concerns() -> None:
    made = opened(1, kind="lab")
    known("R1")
    place = at("doctor").post(f"/booking/resources/{made.pk}/wait/", waiting_for(CARD))["Location"]
    assert at("other_desk").get(place).status_code == 404
    assert at("other_desk").post(f"{place}leave/").status_code == 404
    assert at("desk").get(place).status_code == 200
    assert at("desk").post(f"{place}leave/")["Location"] == place
    assert WaitingEntry.objects.get().state == "withdrawn"
    assert at("desk").post(f"{place}leave/").status_code == 409


def test_the_dead_do_not_wait() -> None:
    made = opened(1, kind="lab")
    known("R1")
    Resident.objects.filter(pk="R1").update(died_on=MONDAY)
    answer = at("doctor").post(f"/booking/resources/{made.pk}/wait/", waiting_for(CARD))
    assert "已登记死亡" in answer.content.decode()


def test_only_the_steps_that_are_ones_own_are_offered() -> None:
    made = opened(2, kind="lab", hours=(9, 11))
    known("R1")
    booking = booked(slot_at(made, 9), "R1")
    shown = at("doctor").get(f"/booking/{booking.pk}/").content.decode()
    assert "取消" in shown
    assert "签到" not in shown
    assert "签到" in at("desk").get(f"/booking/{booking.pk}/").content.decode()


def test_a_slot_that_is_none_is_refused_not_broken() -> None:
    booking = booked(slot_at(opened(2, kind="lab"), 9), person("R1").username)
    desk = at("desk")
    for slot in ({}, {"slot": "x"}, {"slot": "999999"}, {"slot": "9" * 30}):
        assert desk.post(f"/booking/{booking.pk}/move/", {"request_id": "m", **slot}).status_code == 409
    assert desk.get("/booking/slots/999999999999999999999/").status_code == 409


def waiting_for(card: str) -> dict[str, str]:
    last = str(MONDAY + timedelta(days=7))
    return {"person": card, "case_id": "", "request_id": "w", "earliest": str(MONDAY), "latest": last}
