"""Another system searches, books, moves, gives up, checks in and waits by JSON, as its account may."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.booking.county import MONDAY, NOW, booked, opened, person, referral, slot_at, user
from tests.booking.test_booking_pages import CARD, known

from yigongti.capabilities.booking.models import Booking, BookingEvent, Slot, WaitingEntry
from yigongti.kernel import clock
from yigongti.spine.access import tokens
from yigongti.spine.audit.models import AuditRecord

pytestmark = pytest.mark.usefixtures("drawn")
ROOT = "/api/booking/"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(NOW):
        yield


class System:
    """Another system with a token of an account; what it is answered, status and JSON."""

    def __init__(self, who: str) -> None:
        secret = tokens.issue(user(who), label="医院信息系统", days=30, by=who, at=NOW).secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **asked: Any) -> tuple[int, Any]:
        answer = self.client.get(ROOT + path, asked)
        return answer.status_code, answer.json()

    def send(self, path: str, *, method: str = "post", **said: Any) -> tuple[int, Any]:
        answer = self.client.generic(method.upper(), ROOT + path, json.dumps(said), content_type="application/json")
        assert answer["Content-Type"].startswith("application/problem+json") == (answer.status_code >= 400)
        return answer.status_code, answer.json()


@pytest.fixture
def slot() -> Slot:
    known("R1")
    return slot_at(opened(5, days=2), 9)


def test_the_earliest_within_some_kilometres_is_found_booked_by_id_card_moved_and_given_up(slot: Slot) -> None:
    doctor = System("doctor")
    status, found = doctor.get("slots", kind="exam", item="CT", near="T1", within_km=10)
    assert (status, found[0]["slot_id"], found[0]["kind"]) == (200, slot.pk, "exam")
    assert found[0]["kilometres"] < 10
    assert doctor.get("resources", kind="exam")[1][0]["kind"] == "exam"
    wish = {"slot_id": slot.pk, "id_number": CARD, "request_id": "his-1"}
    status, made = doctor.send("bookings", **wish)
    assert (status, made["state"], made["resident_id"], made["source"]) == (201, "booked", "R1", "doctor")
    assert made["kind"] == "exam"
    assert [step["name"] for step in made["steps"]] == ["cancel", "move"]
    (other, *_rest) = doctor.get(f"bookings/{made['booking_id']}/alternatives")[1]
    status, moved = doctor.send(f"bookings/{made['booking_id']}/move", slot_id=other["slot_id"], request_id="his-2")
    assert (status, moved["slot_id"]) == (201, other["slot_id"])
    given_up = f"bookings/{moved['booking_id']}/steps/cancel"
    assert doctor.send(given_up, request_id="his-3")[1]["what"] == "请填写理由"
    assert doctor.send(given_up, request_id="his-3", reason="本人不去了")[1]["state"] == "cancelled"
    assert [each["state"] for each in doctor.get("bookings", resident_id="R1")[1]] == ["cancelled", "moved"]


def test_every_request_sent_again_changes_nothing_and_answers_the_same(slot: Slot) -> None:
    doctor, desk = System("doctor"), System("desk")
    wish = {"slot_id": slot.pk, "resident_id": "R1", "request_id": "his-1"}
    (_, first), (status, again) = doctor.send("bookings", **wish), doctor.send("bookings", **wish)
    assert (status, again["booking_id"]) == (201, first["booking_id"])
    to = slot_at(slot.resource, 9, day=MONDAY + timedelta(days=1)).pk
    for _ in range(2):
        moved = doctor.send(f"bookings/{first['booking_id']}/move", slot_id=to, request_id="his-2")[1]
    back = doctor.send(f"bookings/{moved['booking_id']}/move", slot_id=slot.pk, request_id="his-3")[1]
    with clock.at(slot.begins):
        for _ in range(2):
            assert desk.send(f"bookings/{back['booking_id']}/steps/check_in", request_id="his-4")[0] == 200
    waits = {"resource_id": slot.resource_id, "resident_id": "R1", "earliest": "2025-03-04", "latest": "2025-03-05"}
    entries = {doctor.send("waiting", request_id="his-5", **waits)[1]["entry_id"] for _ in range(2)}
    for _ in range(2):
        assert doctor.send(f"waiting/{next(iter(entries))}", method="delete")[1]["state"] == "withdrawn"
    assert (Booking.objects.count(), BookingEvent.objects.count(), WaitingEntry.objects.count()) == (3, 3, 1)


def test_a_request_id_does_one_thing_only(slot: Slot) -> None:
    doctor = System("doctor")
    known_too = {"resident_id": "R1", "request_id": "his-1"}
    made = doctor.send("bookings", slot_id=slot.pk, **known_too)[1]
    other = slot_at(slot.resource, 9, day=MONDAY + timedelta(days=1)).pk
    for path, said in (
        ("bookings", {"slot_id": other, **known_too}),
        (f"bookings/{made['booking_id']}/move", {"slot_id": other, "request_id": "his-1"}),
    ):
        status, problem = doctor.send(path, **said)
        assert (status, problem["what"]) == (403, "这个请求编号已用于另一次办理")
    assert Booking.objects.get().state == "booked"


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ({"slot_id": 99_999_999}, 409, "没有这个时段"),
        ({"slot_id": 2**70}, 409, "没有这个时段"),
        ({"slot_id": -1}, 422, "请求的格式不对"),
        ({"resident_id": "NOBODY"}, 403, "您不能办理这个人的预约"),
        ({"resident_id": ""}, 422, "请求的格式不对"),
        ({"resident_id": "", "id_number": "110101199001010011"}, 409, "居民主索引里没有这个身份证号"),
        ({"id_number": CARD}, 422, "请求的格式不对"),
        ({"source": "referral"}, 409, "没有这个人在办的转诊"),
        ({"source": "resident"}, 403, "您不能办理这个人的预约"),
        ({"source": "luck"}, 422, "请求的格式不对"),
        ({"request_id": ""}, 422, "请求的格式不对"),
        ({"resident_id": "R1\x00"}, 422, "请求的格式不对"),
    ],
)
def test_what_cannot_be_booked_is_a_problem_and_nothing_is_written(
    said: dict[str, Any], status: int, told: str, slot: Slot
) -> None:
    answered, problem = System("doctor").send(
        "bookings", **{"slot_id": slot.pk, "resident_id": "R1", "request_id": "a", **said}
    )
    assert (answered, problem["what"], problem["status"]) == (status, told, status)
    assert problem["title"] == told
    assert not Booking.objects.exists()


def test_a_refusal_names_the_rule_and_its_clause() -> None:
    known("R1")
    slot, doctor = slot_at(opened(5, days=4), 9, day=MONDAY + timedelta(days=3)), System("doctor")
    for number in range(4):
        person(f"P{number}")
        booked(slot, f"P{number}")
    status, problem = doctor.send("bookings", slot_id=slot.pk, resident_id="R1", request_id="a")
    assert status == 409
    assert "booking.reserved_share" in problem["why"]
    assert "预留" in problem["what"]
    with clock.at(slot.begins + timedelta(hours=2)):
        assert "已经过去" in doctor.send("bookings", slot_id=slot.pk, resident_id="R1", request_id="a")[1]["what"]


def test_a_referrals_reserved_seat_is_booked_with_its_case(slot: Slot) -> None:
    case = referral("R1").pk
    said = {"slot_id": slot.pk, "resident_id": "R1", "request_id": "a", "source": "referral", "case_id": case}
    status, made = System("desk").send("bookings", **said)
    assert (status, made["was_reserved"], made["case_id"]) == (201, True, case)


def test_the_hospital_sees_its_day_checks_in_and_serves_but_moves_nobody_without_a_slot(slot: Slot) -> None:
    made = booked(slot, "R1")
    desk = System("desk")
    (line,) = desk.get("bookings", day="2025-03-03")[1]
    assert (line["booking_id"], line["resident_id"]) == (made.pk, "R1")
    assert System("other_desk").get("bookings", day="2025-03-03") == (200, [])
    assert desk.send(f"bookings/{made.pk}/steps/move", request_id="m")[1]["what"] == "改期要选新的时段"
    assert desk.send(f"bookings/{made.pk}/steps/serve", request_id="s")[1]["why"].startswith("“已预约”之后只能")
    with clock.at(slot.begins):
        for step in ("check_in", "serve"):
            assert desk.send(f"bookings/{made.pk}/steps/{step}", request_id=step)[0] == 200
    assert Booking.objects.get().state == "served"


def test_what_is_not_ones_own_is_not_there_and_a_look_at_a_person_is_audited(slot: Slot) -> None:
    made, stranger = booked(slot, "R1"), System("other_desk")
    assert stranger.get(f"bookings/{made.pk}")[0] == 404
    assert stranger.send(f"bookings/{made.pk}/steps/cancel", request_id="c", reason="x")[0] == 404
    assert stranger.get("bookings", resident_id="R1")[0] == 404
    closing = {"method": "put", "reason": "停电"}
    assert stranger.send(f"resources/{slot.resource_id}/days/2025-03-03", **closing)[0] == 404
    doctor = System("doctor")
    doctor.get("bookings", resident_id="R1")
    assert AuditRecord.objects.filter(action="read_person", actor="doctor", resident_id="R1").exists()
    assert System("R1").get(f"bookings/{made.pk}")[0] == 200


def test_a_day_is_closed_by_the_hospitals_system_and_who_was_booked_waits(slot: Slot) -> None:
    booked(slot, "R1")
    desk, path = System("desk"), f"resources/{slot.resource_id}/days/2025-03-03"
    half = {"method": "put", "reason": "医生生病", "begins": "14:00"}
    assert desk.send(path, **half)[0] == 422
    status, done = desk.send(path, method="put", reason="医生生病")
    assert (status, len(done["cancelled"]), len(done["rebooked"]), done["waiting"]) == (200, 1, 1, [])
    assert desk.send(path, method="put", reason="医生生病")[1] == {"cancelled": [], "rebooked": [], "waiting": []}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"within_km": 10}, 422),
        ({"near": "NOWHERE", "within_km": 10}, 409),
        ({"lon": 106.5}, 422),
        ({"lon": 106.5, "lat": 99}, 422),
        ({"lon": "nan", "lat": 29}, 422),
        ({"near": "T1", "within_km": -1}, 422),
        ({"near": "T1", "within_km": "ten"}, 422),
        ({"kind": "moon"}, 422),
        ({"first": "2025-02-30"}, 422),
        ({"first": "2025-03-09", "last": "2025-03-01"}, 422),
        ({"first": "2025-01-01", "last": "2026-01-01"}, 422),
        ({"limit": 100_000}, 422),
        ({"item": "没有这种检查"}, 200),
        ({"lon": 106.5, "lat": 29.4, "within_km": 1}, 200),
    ],
)
def test_a_search_that_makes_no_sense_is_told_why(asked: dict[str, Any], status: int, slot: Slot) -> None:
    answered, told = System("doctor").get("slots", **asked)
    assert answered == status
    assert status == 200 or told["why"] or told["remedy"]


def test_the_document_has_every_route_and_says_how_to_sign_in() -> None:
    status, document = System("doctor").get("openapi.json")
    assert status == 200
    assert {f"{ROOT}{each}" for each in ("slots", "bookings", "bookings/{booking_id}/move", "waiting")} <= set(
        document["paths"]
    )
    assert {"Token", "Session"} <= set(document["components"]["securitySchemes"])
    for path in document["paths"].values():
        for route in path.values():
            assert {"401", "403", "404", "409", "422"} <= set(route["responses"])
