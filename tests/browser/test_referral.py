"""Referral's pages at a desk and on a phone, in both languages: nothing too wide, nothing complained of."""

from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE, overflow

PAGES = (
    ("referral_desk", "/referrals/"), ("referral_desk", "/referrals/statistics/"), ("family_doctor", "/referrals/new/"),
    ("bureau", "/referrals/statistics/"),
)  # fmt: skip


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("role", "address"), PAGES, ids=lambda each: str(each).strip("/"))
def test_a_page_of_referral_fits_its_window(visit: Any, role: str, address: str, window: dict[str, int]) -> None:
    page = visit(role, window=window).open(address)
    expect(page.locator("h1")).to_be_visible()
    assert overflow(page) <= 0


def test_the_desk_sees_emergencies_first_and_what_is_free(visit: Any) -> None:
    page = visit("referral_desk").open("/referrals/")
    expect(page.locator("tbody tr").first).to_have_class("emergency")
    expect(page.locator("aside")).to_contain_text("预留")


def test_a_case_is_handed_back_from_its_own_page(visit: Any) -> None:
    page = visit("clinician").open("/referrals/?state=arrived")
    page.locator("tbody a").first.click()
    page.locator("details.step", has_text="交回").locator("summary").click()
    expect(page.locator("[name=return-discharge_summary]")).to_be_visible()


def test_referral_speaks_english(visit: Any) -> None:
    page = visit("referral_desk", language="en").open("/referrals/")
    expect(page.locator("h1")).to_have_text("Incoming referrals")
    assert "转诊" not in page.locator("main h1, main th, main nav").all_inner_texts()
