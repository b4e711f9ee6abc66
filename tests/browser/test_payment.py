"""Settlement in a real browser: from the budget down to one stay, a supposition side by side, statements on paper."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, overflow


def followed(page, link):
    """Follow a link; returns the page's main text."""
    link.click()
    page.wait_for_load_state("networkidle")
    return page.locator("main").inner_text()


def test_a_budget_is_followed_down_to_one_stay_with_its_formula(visit):
    page = visit("insurer").open("/settlement/")
    assert page.locator(".badge", has_text="已清算").count() == 1
    assert "点值" in followed(page, page.locator(".pools tbody a").nth(2))
    assert "按组" in followed(page, page.locator("#table-lines tbody a").first)
    followed(page, page.locator("#table-groups tbody a").first)
    followed(page, page.locator("#table-cases tbody a").first)
    page.locator(".explained summary", has_text="点数金额").click()
    expect(page.locator(".explained details[open] .how")).to_contain_text("点值")
    page.locator(".explained summary").first.click()
    chip = page.locator(".explained details[open] .clause-chip").first
    chip.click()
    expect(page.locator("#sheet-body")).to_contain_text("payment.")


def test_a_supposition_is_shown_side_by_side_and_the_books_stay(visit):
    page = visit("insurer").open("/settlement/what-if/")
    page.fill("[name=surplus_share]", "50")
    page.click("main form[method=post] button.btn-primary")
    page.wait_for_selector("#table-beside table", timeout=120_000)
    assert page.locator(".tile").count() == 4
    page.goto("/settlement/")
    assert page.locator("#table-runs tbody tr").count() == 1


@pytest.mark.parametrize("kind", ["PDF", "XLSX"])
def test_a_statement_is_taken_away(visit, kind):
    page = visit("insurer").open("/settlement/")
    followed(page, page.locator("#table-runs tbody a").first)
    followed(page, page.locator("#table-lines tbody a").first)
    followed(page, page.locator("a", has_text="对账单"))
    with page.expect_download() as download:
        page.locator(".actions a", has_text=kind).click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")


def test_a_manager_sees_only_the_lines_of_his_institutions(visit):
    page = visit("manager").open("/settlement/")
    assert "清算合计" not in page.locator(".tiles").inner_text()
    followed(page, page.locator("#table-runs tbody a").first)
    assert page.locator("#table-lines tbody tr").count() >= 1
    assert page.locator("button", has_text="确认清算").count() == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_settlement_is_wider_than_a_phone(visit, language):
    visitor = visit("insurer", window=PHONE, language=language)
    page = visitor.open("/settlement/")
    run = re.sub(r"^https?://[^/]+", "", page.locator("#table-runs tbody a").first.get_attribute("href"))
    pool = page.locator(".pools tbody a").first.get_attribute("href")
    addresses = ["", "what-if/", "months/", "budgets/", "special/"]
    for address in [*(f"/settlement/{each}" for each in addresses), run, f"{run}difference/", pool]:
        assert overflow(visitor.open(address)) == 0, address
