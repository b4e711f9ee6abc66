"""Groups in a real browser: from a number to its rules and rows, a bubble by keyboard, the coder's desk at work."""

import pytest

from browser.conftest import DESKTOP, PHONE, overflow

CASE = "I63.900\nJ96.000"


def test_a_tile_leads_to_its_definition_and_rules_and_a_case_to_the_coders_desk(visit):
    page = visit("insurer").open("/groups/")
    page.locator(".tile", has_text="CMI").click()
    page.wait_for_load_state("networkidle")
    assert "权重 = 组例均费用" in page.locator("main").inner_text()
    assert page.locator(".chips a").count() == 1
    page.go_back()
    page.locator("tbody tr:first-child td:nth-child(3) a").click()
    page.wait_for_load_state("networkidle")
    page.locator("tbody tr:first-child a").first.click()
    page.wait_for_selector("#answer .result .value")
    assert page.locator("textarea[name=dx]").input_value()


def test_a_bubble_is_a_link_that_the_keyboard_reaches(visit):
    page = visit("insurer").open("/groups/")
    bubble = page.locator("svg.bubbles a").first
    bubble.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").count("CMI") == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/groups/lines/**")


def test_drg_and_dip_are_changed_without_a_button(visit):
    page = visit("bureau").open("/groups/")
    page.select_option("select[name=method]", "dip")
    page.wait_for_url("**method=dip**")
    assert page.locator("select[name=scheme]").count() == 0
    assert page.locator("svg.bubbles circle").count() > 2


@pytest.mark.parametrize(("window", "language"), [(DESKTOP, "zh-hans"), (PHONE, "en")])
def test_a_case_is_tried_without_leaving_the_page_and_its_address_can_be_kept(visit, window, language):
    page = visit("clinician", window=window, language=language).open("/coding/")
    page.fill("textarea[name=dx]", CASE)
    page.select_option("select[name=sex]", "male")
    page.fill("input[name=age_years]", "66")
    page.evaluate("window.stayed = true")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("#answer .result .value")
    assert page.locator("#answer .result .value").inner_text() == "BR21"
    assert page.evaluate("window.stayed") is True
    assert page.locator("#answer tbody tr").count() >= 4
    assert overflow(page) <= 0
    page.reload()
    assert page.locator("#answer .result .value").inner_text() == "BR21"
