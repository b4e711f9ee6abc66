"""Never more bookings than seats: with 64 clients at once, and when clients die in the middle."""

import multiprocessing
import os
import shutil
import signal
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from tests import racing
from tests.booking import county
from tests.booking.county import MONDAY, NOW, booked, opened, person, slot_at

from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import TWO_PLACES, Booking, BookingEvent, Resource, Seat, Slot, WaitingEntry
from yigongti.capabilities.booking.services import (
    booking,
    changing,
    events,
    opening,
    promoting,
    schedules,
    withdrawing,
)
from yigongti.kernel.errors import Refusal
from yigongti.spine.audit import trail
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.models import CaseStepFact
from yigongti.spine.home import home

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
CLIENTS, SEATS = 64, 20
at_once = partial(racing.at_once, clients=CLIENTS)


@pytest.fixture
def slot() -> Slot:
    shutil.rmtree(home().path / "audit", ignore_errors=True)
    county.draw()
    for number in range(CLIENTS):
        person(f"R{number}")
    return slot_at(opened(SEATS, kind="lab", item="生化"), 9)


def held(slot: Slot) -> list[int]:
    return list(Booking.objects.filter(slot=slot, state="booked").values_list("seat_id", flat=True))


def assert_every_booking_is_whole(slot: Slot) -> None:
    """As many seats taken as booked, no seat twice, one fact and one audit record a step."""
    seats = held(slot)
    assert len(seats) == len(set(seats)) <= SEATS
    assert sorted(seats) == sorted(Seat.objects.filter(slot=slot, is_taken=True).values_list("pk", flat=True))
    steps = Booking.objects.count() + BookingEvent.objects.count()
    assert CaseStepFact.objects.count() == AuditRecord.objects.filter(action="booking_step").count() == steps
    assert trail.verify().sound


def test_of_64_who_want_20_seats_at_once_exactly_20_get_one(slot: Slot) -> None:
    outcomes = at_once(lambda number: booked(slot, f"R{number}"))
    assert sum(isinstance(outcome, Booking) for outcome in outcomes) == SEATS
    assert {outcome.what for outcome in outcomes if isinstance(outcome, Refusal)} == {"该时段已约满"}
    assert len(held(slot)) == SEATS
    assert_every_booking_is_whole(slot)


def test_one_request_sent_64_times_at_once_is_one_booking(slot: Slot) -> None:
    outcomes = at_once(lambda _: booked(slot, "R0", request_id="same"))
    assert {outcome.pk for outcome in outcomes} == {Booking.objects.get().pk}
    assert_every_booking_is_whole(slot)


def test_one_person_who_asks_64_times_at_once_has_one_seat(slot: Slot) -> None:
    outcomes = at_once(lambda number: booked(slot, "R0", request_id=f"own-{number}"))
    assert sum(isinstance(outcome, Booking) for outcome in outcomes) == 1
    assert_every_booking_is_whole(slot)


def test_one_person_who_asks_for_64_places_at_the_same_time_is_booked_to_one(slot: Slot) -> None:
    places = [
        slot_at(opened(1, kind="lab", item=f"项目{number}", name=f"窗口{number}"), 9) for number in range(CLIENTS)
    ]
    outcomes = at_once(lambda number: booked(places[number], "R0", request_id=f"place-{number}"))
    assert sum(isinstance(outcome, Booking) for outcome in outcomes) == 1
    assert all("与已有预约冲突" in outcome.what for outcome in outcomes if isinstance(outcome, Refusal))
    assert Seat.objects.filter(is_taken=True).count() == 1
    assert_every_booking_is_whole(Booking.objects.get().slot)


def test_the_database_itself_refuses_to_have_a_person_in_two_places(slot: Slot) -> None:
    booked(slot, "R0")
    seat = slot_at(opened(1, kind="lab", item="心电", name="心电图室"), 9).seats.get()
    row = {"slot_id": seat.slot_id, "seat": seat, "source": "resident", "booked_at": county.NOW}
    with pytest.raises(IntegrityError, match=TWO_PLACES), transaction.atomic():
        Booking.objects.create(**row, resident_id="R0", state="booked", entered_at=county.NOW, request_id="forced")
    other = Booking.objects.create(**row, resident_id="R1", state="booked", entered_at=county.NOW, request_id="r1")
    with pytest.raises(IntegrityError, match=TWO_PLACES), transaction.atomic():
        Booking.objects.filter(pk=other.pk).update(resident_id="R0")


def test_seats_given_up_while_others_book_are_never_held_twice(slot: Slot) -> None:
    first = [booked(slot, f"R{number}") for number in range(SEATS)]

    def client(number: int) -> Any:
        if number < SEATS:
            leaving = {"by": county.user(f"R{number}"), "at": county.NOW, "reason": "有事", "request_id": f"c{number}"}
            return changing.step(first[number].pk, "cancel", **leaving)
        return booked(slot, f"R{number}")

    at_once(client)
    assert_every_booking_is_whole(slot)


def test_seats_given_out_at_once_to_people_who_wait_for_all_of_them_in_another_order(slot: Slot) -> None:
    """Each of eight resources opens while eight people wait for it, each list in another order: nobody waits for
    somebody who waits for them, and every seat is given out."""
    places = [county.resource(f"窗口{number}", kind="lab", item="生化") for number in range(8)]
    for turn, place in enumerate(places):
        session = Session(time(8 + turn), time(9 + turn), 60, 8)
        schedules.add_template(place, weekdays=[4], session=session, from_on=MONDAY, by=county.user("desk"), at=NOW)
        for number in range(8):
            _waits(place, f"R{(turn + number * (1 if turn % 2 else 7)) % 8}", number)
    days = {"first": MONDAY, "last": MONDAY + timedelta(days=4), "at": NOW}
    outcomes = racing.at_once(lambda number: opening.open_days(places[number], **days), clients=8)
    assert outcomes == [1] * 8
    promoting.give_out(at=NOW)  # whom another was giving a seat at that moment gets theirs the next time
    assert Booking.objects.filter(state="booked").count() == WaitingEntry.objects.filter(state="promoted").count() == 64
    assert_every_booking_is_whole(slot)


def _waits(place: Resource, who: str, number: int) -> None:
    at = NOW - timedelta(minutes=60 - number)
    WaitingEntry.objects.create(
        resource=place, resident_id=who, earliest_on=MONDAY, latest_on=MONDAY + timedelta(days=6), source="resident",
        state="waiting", asked_at=at, request_id=f"{place.pk}-{who}",
    )  # fmt: skip


def test_a_day_is_closed_while_people_book_it_give_it_up_and_are_promoted(slot: Slot) -> None:
    """Whoever acts at the moment is through or refused with a reason; nobody is left on a closed day."""
    for number in range(SEATS):
        booked(slot, f"R{number}", request_id=f"first-{number}")
    for number in range(40, 50):
        _waits(slot.resource, f"R{number}", number)

    def client(number: int) -> Any:
        if number == 30:
            closing = {"session": None, "reason": "医生生病", "by": county.user("desk"), "at": NOW}
            return schedules.except_day(slot.resource, MONDAY, **closing)
        if number < SEATS:
            bookings = Booking.objects.get(request_id=f"first-{number}")
            leaving = {"by": county.user(f"R{number}"), "at": NOW, "reason": "有事", "request_id": f"c{number}"}
            return changing.step(bookings.pk, "cancel", **leaving)
        return booked(slot, f"R{number}")

    outcomes = at_once(client)
    assert isinstance(outcomes[30], withdrawing.Displaced)
    assert not held(slot)
    waiting = WaitingEntry.objects.filter(state="waiting").values_list("resident_id", flat=True)
    assert len(waiting) == len(set(waiting)) >= len(outcomes[30].waiting)
    steps = Booking.objects.count() + BookingEvent.objects.count()
    assert CaseStepFact.objects.count() == AuditRecord.objects.filter(action="booking_step").count() == steps
    assert trail.verify().sound


def _dies_with(module: Any, name: str) -> None:
    setattr(module, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))


DEATHS = (
    lambda: _dies_with(Booking, "save"),  # a seat is taken, the booking is not written yet
    lambda: _dies_with(events.trail, "record"),  # the booking and its fact are written, the audit is not
    lambda: _dies_with(booking, "write"),  # the booking is written, nothing of its traces
)


def _client(slot_id: int, number: int) -> None:
    """A client in a process of its own; every fourth is killed inside its transaction."""
    if number % 4 == 0:
        DEATHS[number // 4 % len(DEATHS)]()
    try:
        booked(Slot.objects.get(pk=slot_id), f"R{number}", request_id=f"process-{number}")
    except Refusal:
        os._exit(3)
    os._exit(0)


def test_when_clients_die_in_the_middle_no_seat_is_lost_and_none_is_sold_twice(slot: Slot) -> None:
    connections.close_all()  # a child must not share a connection with its parent
    fork = multiprocessing.get_context("fork")
    clients = [fork.Process(target=_client, args=(slot.pk, number)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    codes = [client.exitcode for client in clients]
    assert codes.count(0) == len(held(slot)) <= SEATS
    assert codes.count(-signal.SIGKILL) > 0
    assert set(codes) <= {0, 3, -signal.SIGKILL}
    assert_every_booking_is_whole(slot)
    at_once(lambda number: booked(slot, f"R{number}"))  # what the dead had in their hands is free for the others
    assert len(held(slot)) == SEATS
    assert_every_booking_is_whole(slot)
