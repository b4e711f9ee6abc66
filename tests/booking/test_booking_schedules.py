"""From weekly templates and exceptions to slots, and what of them is found."""

from datetime import datetime, time, timedelta

import pytest
from tests.booking.county import MONDAY, NOW, booked, opened, person, referred, resource, slot_at, user

from yigongti.capabilities.booking import api
from yigongti.capabilities.booking.decisions.planning import Session
from yigongti.capabilities.booking.models import Booking, Seat, Slot, WaitingEntry
from yigongti.capabilities.booking.services import opening, schedules, waiting
from yigongti.capabilities.booking.services.checking import Wish
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.geography import Point
from yigongti.spine.notices.models import Notice

pytestmark = [pytest.mark.usefixtures("drawn"), pytest.mark.store]
MORNING = Session(time(8), time(12), 30, 2)


def sought(**given: object) -> api.Sought:
    end = NOW + timedelta(days=10)
    return api.Sought(**{"kind": "exam", "source": api.Source.RESIDENT, "begin": NOW, "end": end, **given})  # type: ignore[arg-type]  # a test's own names


def test_a_weekly_session_becomes_slots_with_seats_and_opening_again_adds_nothing() -> None:
    made = resource()
    schedules.add_template(made, weekdays=[1, 3], session=MORNING, from_on=MONDAY, by=user("desk"), at=NOW)
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=6), "at": NOW}
    assert opening.open_days(made, **week) == 16
    assert opening.open_days(made, **week) == 0
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
    done = schedules.except_day(made, tuesday, session=None, reason="设备检修", by=user("desk"), at=NOW)
    assert (len(done.cancelled), len(done.rebooked), len(done.waiting)) == (1, 0, 1)
    assert Booking.objects.get().state == "cancelled"
    told = Notice.objects.filter(user__username="R1").values_list("text", flat=True)
    assert any("停诊(设备检修)" in text for text in told)
    assert any("已为您登记候补" in text for text in told)
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


def test_whom_a_closed_day_displaced_is_booked_anew_in_the_order_in_which_they_had_booked_or_waits() -> None:
    """Three were booked on Tuesday; on Thursday two seats are free, and somebody waits since this morning."""
    made = opened(3, kind="lab", days=4)
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    schedules.except_day(made, tuesday + timedelta(days=1), session=None, reason="会议", by=user("desk"), at=NOW)
    for number, who in enumerate(("R3", "R2", "R1", "R4", "R5")):
        person(who)
        if who in ("R1", "R2", "R3"):
            booked(slot_at(made, 9, day=tuesday), who, at=NOW + timedelta(minutes=number))
    booked(slot_at(made, 9, day=thursday), "R5")
    later = NOW + timedelta(hours=1)
    waiting.wait(made, Wish("R4", api.Source.RESIDENT), earliest=tuesday, latest=tuesday, by=user("R4"), at=later,
                 request_id="w")  # fmt: skip
    done = schedules.except_day(made, tuesday, session=None, reason="医生生病", by=user("desk"), at=later)
    assert (len(done.cancelled), len(done.rebooked), len(done.waiting)) == (3, 2, 1)
    again = Booking.objects.filter(slot=slot_at(made, 9, day=thursday), state="booked").exclude(resident_id="R5")
    assert set(again.values_list("resident_id", flat=True)) == {"R3", "R2"}
    assert WaitingEntry.objects.get(resident_id="R1").latest_on == tuesday + timedelta(days=14)


def test_a_day_closed_by_mistake_is_as_usual_again_and_who_was_displaced_gets_a_seat() -> None:
    made = opened(1, kind="lab")
    person("R1")
    booked(slot_at(made, 9), "R1")
    assert schedules.except_day(made, MONDAY, session=None, reason="误操作", by=user("desk"), at=NOW).waiting
    schedules.as_usual(made, MONDAY, by=user("desk"), at=NOW)
    assert slot_at(made, 9).closed_at is None
    assert Booking.objects.get(state="booked").resident_id == "R1"
    with pytest.raises(Refusal, match="没有临时安排"):
        schedules.as_usual(made, MONDAY, by=user("desk"), at=NOW)


def test_after_a_weekly_session_ends_its_free_seats_are_not_offered_and_who_is_booked_stays() -> None:
    made = opened(2, kind="lab", days=2)
    person("R1")
    tuesday = slot_at(made, 9, day=MONDAY + timedelta(days=1))
    booked(tuesday, "R1")
    assert schedules.end_template(made.templates.get(weekday=2), on=MONDAY, by=user("desk"), at=NOW) == 1
    assert [offer.slot_id for offer in api.search(sought(kind="lab"), at=NOW)] == [slot_at(made, 9).pk]
    assert Booking.objects.get().state == "booked"


def test_who_waits_is_given_a_reserved_seat_once_it_is_anybodys() -> None:
    made = opened(5, days=4)
    thursday = slot_at(made, 9, day=MONDAY + timedelta(days=3))
    for number in range(5):
        person(f"R{number}")
    for number in range(4):
        booked(thursday, f"R{number}")
    days = {"earliest": MONDAY + timedelta(days=3), "latest": MONDAY + timedelta(days=3)}
    waiting.wait(made, Wish("R4", api.Source.RESIDENT), **days, by=user("R4"), at=NOW, request_id="w")
    assert api.keep_up(at=thursday.shared_from - timedelta(minutes=1)).promoted == 0
    assert api.keep_up(at=thursday.shared_from).promoted == 1
    assert Booking.objects.get(resident_id="R4").seat.is_reserved


def test_a_day_that_is_over_is_not_rearranged() -> None:
    made = opened(1, kind="lab")
    with pytest.raises(Refusal, match="已经过去"):
        schedules.except_day(made, MONDAY - timedelta(days=1), session=None, reason="补记", by=user("desk"), at=NOW)


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
