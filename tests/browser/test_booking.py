"""Booking in a real browser: the earliest CT nearby is found, booked, moved and given up; who waits gets the seat."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE, overflow
from yigongti.kernel import clock

ITEM = "骨代谢"
KNOWN = (
    "from yigongti.spine.access.models import User; from yigongti.spine.access.records import visible_residents; "
    "known = visible_residents(User.objects.get(username='family_doctor')).filter(died_on__isnull=True); "
    "print('known', *known.order_by('-pk').values_list('pk', flat=True)[:3])"
)


@pytest.fixture(scope="module")
def people(county: Any) -> list[str]:
    """Three residents whose doctor the family doctor is; none of them the demonstration's own resident."""
    told: str = county.run("manage", "shell", "-v", "0", "-c", KNOWN)
    return told.split("known", 1)[1].split()


def fits(page: Page) -> None:
    """No page is wider than its window."""
    page.wait_for_load_state("networkidle")
    assert overflow(page) == 0, page.url


def sought(page: Page, **wanted: str) -> None:
    """Fill in the search and look."""
    for name, value in wanted.items():
        field = page.locator(f"[name={name}]")
        field.fill(value) if name in ("item", "first", "last") else field.select_option(value)
    page.click("form.filters button.btn-primary")
    fits(page)


def give_up(page: Page, reason: str) -> None:
    """Cancel the booking whose page is open."""
    page.locator("details.step", has_text="取消").locator("summary").click()
    page.locator("details.step", has_text="取消").locator("[name=reason]").fill(reason)
    page.locator("details.step", has_text="取消").locator("form button").click()
    expect(page.locator(".heading .sub")).to_contain_text("已取消")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_earliest_ct_within_ten_kilometres_is_booked_moved_and_given_up(
    visit: Any, people: list[str], window: dict[str, int]
) -> None:
    page = visit("family_doctor", window=window).open("/booking/")
    near = page.locator("[name=near] option", has_text="云溪县人民医院").first.get_attribute("value") or ""
    sought(page, kind="exam", item="CT", near=near, within="10")
    told = page.locator(".offers li").all_inner_texts()
    away = [float(found[1]) for line in told if (found := re.search(r"([\d.]+) km", line))]
    assert told
    assert len(away) == len(told)
    assert max(away) <= 10
    begins = [at.get_attribute("datetime") for at in page.locator(".offers time").all()]
    assert begins == sorted(begins, key=str)
    page.locator(".offers a.btn").last.click()
    fits(page)
    page.fill("[name=person]", people[0])
    page.click("main form button.btn-primary")
    expect(page.locator(".heading .sub")).to_contain_text("已预约")
    fits(page)
    assert "签到" not in page.inner_text("main")  # that is for the hospital to do
    page.get_by_role("link", name="改期").click()
    fits(page)
    page.locator(".offers form button").last.click()
    expect(page.locator(".heading .sub")).to_contain_text("已预约")
    give_up(page, "本人不去了")
    fits(page)


def one_seat(page: Page, day: str) -> None:
    """A new resource with a single seat on a single day."""
    page.select_option("[name=kind]", "lab")
    page.fill("[name=item]", ITEM)
    page.fill("[name=name]", "骨代谢检验")
    page.locator("[name=institution]").select_option(index=1)
    page.click("main form button.btn-primary")
    page.locator("summary", has_text="停诊或改时间").click()
    otherwise = page.locator("form", has=page.locator("[name=form][value=otherwise]"))
    values = {"day": day, "reason": "加开", "begins": "09:00", "ends": "09:30", "minutes": "30", "seats": "1"}
    for name, value in values.items():
        otherwise.locator(f"[name={name}]").fill(value)
    otherwise.locator("button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("今后已开放 1 个时段")
    fits(page)


def test_who_waits_is_given_the_seat_that_is_given_up_at_the_desk_and_on_the_phone(
    visit: Any, people: list[str]
) -> None:
    day = (clock.today() + timedelta(days=3)).isoformat()
    one_seat(visit("clinician").open("/booking/resources/new/"), day)

    page = visit("family_doctor").open("/booking/")
    sought(page, kind="lab", item=ITEM)
    page.locator(".offers a.btn").click()
    page.fill("[name=person]", people[1])
    page.click("main form button.btn-primary")
    expect(page.locator(".heading .sub")).to_contain_text("已预约")
    booking = page.url

    page.goto("/booking/")
    sought(page, kind="lab", item=ITEM)
    expect(page.locator("main")).to_contain_text("没有可约的时段")
    page.locator(".offers a.btn").click()
    page.fill("[name=person]", people[2])
    page.click("main form button.btn-primary")
    expect(page.locator("main")).to_contain_text("第 1 位")
    place = page.url
    page.goto("/booking/waiting/")
    expect(page.locator("main")).to_contain_text("骨代谢检验")

    phone = visit("resident", window=PHONE).open(f"/my/booking/?kind=lab&item={ITEM}")
    phone.locator("main").get_by_role("button", name="候补").click()
    phone.wait_for_url("**/my/bookings/")
    assert "骨代谢检验" in phone.inner_text("main")

    page.goto(booking)
    give_up(page, "本人改日再来")
    page.goto(place)
    expect(page.locator(".heading .sub")).to_contain_text("已递补")
    page.get_by_role("link", name="打开预约").click()
    give_up(page, "已在别处检验")

    phone.goto("/my/bookings/")
    mine = phone.locator("section.card.next", has_text="骨代谢检验")
    expect(mine).to_contain_text("已预约")
    phone.goto("/my/messages/")
    expect(phone.locator("main")).to_contain_text("已为您预约:骨代谢检验")
    phone.goto("/my/bookings/")
    phone.on("dialog", lambda dialog: dialog.accept())
    mine.get_by_role("button", name="取消").click()
    expect(phone.locator("main")).to_contain_text("已取消")


def test_booking_reads_in_english_too(visit: Any) -> None:
    visitor = visit("clinician", language="en")
    for address in ("/booking/?kind=exam&item=CT", "/booking/day/", "/booking/waiting/", "/booking/resources/"):
        page = visitor.open(address)
        assert "Booking" in page.inner_text("main h1")
        assert overflow(page) == 0
