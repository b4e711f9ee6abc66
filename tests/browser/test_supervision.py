"""Fund supervision in use: from the board to a lead, its evidence, its steps; at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, overflow

PAGES = ("/supervision/", "/supervision/leads/", "/supervision/recovery/", "/supervision/detectors/",
         "/supervision/detectors/upcoding/", "/supervision/rules/", "/supervision/inspections/")  # fmt: skip


def test_from_the_board_to_a_lead_and_its_first_step(visit):
    page = visit("insurer").open("/supervision/")
    page.click("main a:has-text('分解住院')")
    page.wait_for_url("**/supervision/detectors/split_admission/")
    expect(page.locator("dl.facts").first).to_contain_text("15 日")
    page.locator("main table tbody a").first.click()
    page.wait_for_url("**/work/**")
    expect(page.locator("main")).to_contain_text("疑点与证据")
    expect(page.locator("details.finding table").first).to_contain_text(re.compile(r"S\d{9}"))
    page.locator("details.step summary:has-text('分办')").click()
    page.select_option("[name=assign-inspector]", index=1)
    page.locator("details.step[open] form button").first.click()
    expect(page.locator(".headline")).to_contain_text("核查中")


def test_a_lot_is_drawn_and_proves_itself(visit):
    page = visit("bureau").open("/supervision/inspections/")
    page.fill("[name=title]", "年度联合检查")
    page.fill("[name=inspectors]", "甲\n乙\n丙")
    page.select_option("[name=kinds]", ["township_center"])
    page.click("form button:has-text('抽取')")
    page.wait_for_url(re.compile(r"inspections/\w{26}/"))
    expect(page.locator("main")).to_contain_text("结果一致")


@pytest.mark.parametrize("role", ["insurer", "auditor", "manager"])
def test_every_page_fits_a_phone_and_says_something(visit, role):
    visitor = visit(role, window=PHONE)
    for address in PAGES if role != "manager" else PAGES[:5]:
        page = visitor.open(address)
        assert overflow(page) <= 0, address
        expect(page.locator("h1")).not_to_be_empty()


def test_the_board_in_english_has_no_chinese_of_its_own(visit):
    page = visit("insurer", language="en").open("/supervision/")
    expect(page.locator("h1")).to_have_text("Fund supervision")
    headings = " ".join(page.locator("main h2, main th, main label, main h3, nav.levels a").all_inner_texts())
    assert not re.search(r"[\u4e00-\u9fff]", headings)
