"""From weekly templates and exceptions to slots, and what of them is found."""

from datetime import datetime, time, timedelta

import pytest
from tests.booking.county import MONDAY, NOW, booked, opened, person, referred, resource, slot_at, user

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Booking, Seat, Slot, WaitingEntry
from yigongti.capabilities.booking.services import schedules, waiting
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.geography import Point

pytestmark = [pytest.mark.usefixtures("drawn"), pytest.mark.store]
MORNING = Session(time(8), time(12), 30, 2)


def sought(**given: object) -> api.Sought:
    end = NOW + timedelta(days=10)
    return api.Sought(**{"kind": "exam", "source": api.Source.RESIDENT, "begin": NOW, "end": end, **given})  # type: ignore[arg-type]  # a test's own names


def test_a_weekly_session_becomes_slots_with_seats_and_opening_again_adds_nothing() -> None:
    made = resource()
    schedules.add_template(made, weekdays=[1, 3], session=MORNING, from_on=MONDAY, by=user("desk"), at=NOW)
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=6), "at": NOW}
    assert schedules.open_days(made, **week) == 16
    assert schedules.open_days(made, **week) == 0
    assert Seat.objects.count() == 32
    assert Slot.objects.earliest("begins").begins == datetime(2025, 3, 3, 8, tzinfo=COUNTY_TIME)


def test_of_a_day_of_single_seats_every_fifth_is_kept_not_every_one() -> None:
    made = opened(1, hours=(8, 18))
    assert Seat.objects.filter(slot__resource=made, is_reserved=True).count() == 2


def test_an_exception_closes_a_day_and_tells_those_who_were_booked() -> None:
    made = opened(5, kind="lab", days=2)
    person("R1")
    tuesday = MONDAY + timedelta(days=1)
    booked(slot_at(made, 9, day=tuesday), "R1")
    cancelled = schedules.except_day(made, tuesday, session=None, reason="设备检修", by=user("desk"), at=NOW)
    assert [each.resident_id for each in cancelled] == ["R1"]
    assert Booking.objects.get().state == "cancelled"
    with pytest.raises(Refusal, match="停诊"):
        booked(slot_at(made, 9, day=tuesday), "R1")


def test_an_exception_with_other_hours_opens_them_and_who_waits_is_booked() -> None:
    made = opened(1, kind="lab")
    for who in ("R1", "R2"):
        person(who)
    booked(slot_at(made, 9), "R1")
    days = {"earliest": MONDAY, "latest": MONDAY}
    waiting.wait(made, Wish("R2", api.Source.RESIDENT), **days, by=user("R2"), at=NOW, request_id="w")
    longer = Session(time(9), time(11), 60, 1)
    schedules.except_day(made, MONDAY, session=longer, reason="加号", by=user("desk"), at=NOW)
    assert WaitingEntry.objects.get().booking.slot_id == slot_at(made, 10).pk
    assert Booking.objects.filter(state="booked").count() == 2


def test_schedules_are_kept_by_the_institutions_own_people() -> None:
    made = resource()
    for stranger in ("other_desk", "doctor"):
        with pytest.raises(NotAllowed):
            schedules.add_template(made, weekdays=[1], session=MORNING, from_on=MONDAY, by=user(stranger), at=NOW)


def test_sessions_that_overlap_or_have_no_hours_are_refused() -> None:
    made = resource()
    keeping = {"from_on": MONDAY, "by": user("desk"), "at": NOW}
    schedules.add_template(made, weekdays=[1], session=MORNING, **keeping)
    with pytest.raises(Refusal, match="重叠"):
        schedules.add_template(made, weekdays=[1], session=Session(time(11), time(13), 30, 1), **keeping)
    with pytest.raises(Refusal, match="不晚于"):
        schedules.add_template(made, weekdays=[2], session=Session(time(9), time(9), 30, 1), **keeping)


def test_the_earliest_ct_within_ten_kilometres_is_found_and_the_farther_one_is_not() -> None:
    opened(5, hours=(14, 15), kind="exam")
    opened(5, hours=(8, 9), kind="exam", name="远处 CT", institution_id="H2")
    near_t1 = {"item": "CT", "near": Point(106.55, 29.40), "within_km": 10.0}
    found = api.search(sought(**near_t1), at=NOW)
    assert [offer.resource for offer in found] == ["CT 室"]
    assert found[0].kilometres == pytest.approx(4.84, abs=0.05)
    assert len(api.search(sought(item="CT"), at=NOW)) == 2


def test_search_shows_a_source_only_the_seats_it_may_have() -> None:
    made = opened(5, days=4)
    day = MONDAY + timedelta(days=3)
    window = {"begin": datetime(2025, 3, 6, tzinfo=COUNTY_TIME), "end": datetime(2025, 3, 7, tzinfo=COUNTY_TIME)}
    public, kept = (
        api.search(sought(source=each, **window), at=NOW)[0] for each in (api.Source.RESIDENT, api.Source.REFERRAL)
    )
    assert (public.free, public.reserved) == (4, 0)
    assert (kept.free, kept.reserved) == (5, 1)
    for number in range(5):
        person(f"R{number}")
        booked(slot_at(made, 9, day=day), f"R{number}") if number < 4 else None
    assert api.search(sought(**window), at=NOW) == []
    referred(slot_at(made, 9, day=day), "R4")
    assert api.search(sought(source=api.Source.REFERRAL, **window), at=NOW) == []
