"""A family doctor at work: people by risk, what is due, signing somebody up, a statement; at a desk and on a phone."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, overflow

PAGES = ("", "due/", "costs/", "referred/", "teams/", "packages/", "packages/chronic/", "fees/", "new/")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(visit: Any, path: str) -> None:
    assert overflow(visit("family_doctor", window=PHONE).open(f"/contracts/{path}")) <= 0


def test_the_doctor_goes_from_a_person_at_risk_to_what_is_due_and_enters_it(visit: Any) -> None:
    page = visit("family_doctor").open("/contracts/")
    page.click("a.tile:has-text('待履约')")
    page.wait_for_url("**/contracts/due/**")
    link = page.locator("#table-due tbody a[href*='/contracts/items/']").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    page.fill("[name=proof]", "服务记录单 2026-11")
    page.click("main button:has-text('登记')")
    page.wait_for_url(re.compile(r"/(work|contracts/held)/[^/]+/$"))
    expect(page.locator("main")).to_contain_text("服务记录单 2026-11")


def test_a_team_proposes_a_contract_ahead_of_the_end_of_the_present_one_and_an_overlap_is_refused(visit: Any) -> None:
    page = visit("family_doctor").open("/contracts/")
    row = page.locator("#table-people tbody tr").filter(has_not=page.locator("a[href*='/work/']")).first
    resident = re.search(r"/residents/([^/]+)/", row.locator("a").first.get_attribute("href"))[1]
    end = date.fromisoformat(re.search(r"\d{4}-\d{2}-\d{2}", row.inner_text())[0])
    page.goto(page.url.split("/contracts/")[0] + "/contracts/new/")
    page.fill("[name=q]", resident)
    page.click("main button:has-text('查找')")
    expect(page.locator("[name=start_on]")).to_have_value(f"{end + timedelta(days=1)}")
    page.fill("[name=start_on]", f"{end}")
    page.select_option("[name=way]", "phone")
    page.click("main button:has-text('提交')")
    expect(page.locator("[role=alert]").first).to_contain_text("同一时间每人只能有一份有效签约")
    page.fill("[name=start_on]", f"{end + timedelta(days=1)}")
    page.click("main button:has-text('提交')")
    page.wait_for_url(re.compile(r"/work/\w+/$"))
    expect(page.locator("main")).to_contain_text("待确认")


def test_a_statement_says_where_every_fen_comes_from_and_goes(visit: Any) -> None:
    page = visit("family_doctor", language="en").open("/contracts/fees/")
    page.click("#table-fees tbody a")
    expect(page.locator("main")).to_contain_text("Quality factor")
    expect(page.locator("main")).to_contain_text("Leader (family doctor)")
    with page.expect_download() as download:
        page.click("#table-members a:has-text('XLSX')")
    assert download.value.suggested_filename.endswith(".xlsx")
