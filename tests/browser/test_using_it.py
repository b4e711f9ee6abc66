"""What people do on the pages of measuring, with the mouse, with the keyboard, on a phone."""

from browser.conftest import PHONE


def test_the_cockpit_shows_the_county_to_the_bureau_and_leads_to_definition_and_rows(visit):
    visitor = visit("bureau")
    page = visitor.open("/")
    assert page.locator(".tile").count() >= 8
    page.locator(".tile h3 a").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("details[hx-get] summary").click()
    page.wait_for_selector(".behind pre.code")
    page.locator(".behind a.btn").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("table").count() >= 1


def test_a_managers_cockpit_is_of_their_own_consortium_and_another_one_is_not_found(visit, county):
    visitor = visit("manager")
    page = visitor.open("/")
    assert "人民医院" in page.locator("main h1").inner_text()
    answer = visitor.context.request.get(f"{county.address}/?seat=consortium:YX-2")
    assert answer.status == 404


def test_the_list_of_indicators_is_searched_with_the_slash_key_and_filtered(visit):
    page = visit("bureau").open("/indicators/")
    every = page.locator("tbody tr").count()
    page.keyboard.press("/")
    page.keyboard.type("签约")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert 0 < page.locator("tbody tr").count() < every
    page.select_option("#state", index=1)
    page.wait_for_url("**state=*")
    assert page.locator("tbody tr").count() < every


def test_arrow_keys_walk_the_rows_of_a_table(visit):
    page = visit("bureau").open("/indicators/")
    page.locator("tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("tbody tr:nth-child(2) a").first
    assert page.evaluate("document.activeElement.href") == second.evaluate("link => link.href")


def test_a_table_is_sorted_and_turned_without_leaving_the_page(visit):
    page = visit("bureau").open("/indicators/inpatient_cost_per_stay/")
    page.locator("#table-ranking th a", has_text="数值").click()
    page.wait_for_selector("#table-ranking th[aria-sort=ascending]")
    assert "ranking-sort=value" in page.url


def test_an_indicator_has_its_trend_and_ranking_drawn_and_its_figures_as_text(visit):
    page = visit("bureau").open("/indicators/inpatient_cost_per_stay/")
    page.wait_for_selector("figure.chart canvas")
    assert page.locator("figure.chart canvas").count() == 2
    assert page.locator("figure.map path.leaflet-interactive").count() >= 5
    page.locator("figure.chart details summary").first.click()
    assert page.locator("figure.chart details table tbody tr").first.is_visible()


def test_a_chip_opens_the_clause_in_a_sheet_and_escape_closes_it(visit):
    page = visit("bureau").open("/indicators/primary_visit_share/")
    page.locator("a.clause-chip").first.click()
    page.wait_for_selector("dialog#sheet[open] h1, dialog#sheet[open] h2")
    page.keyboard.press("Escape")
    assert not page.locator("dialog#sheet").is_visible()


def test_a_ranking_is_taken_away_as_a_spreadsheet(visit):
    page = visit("bureau").open("/indicators/inpatient_cost_per_stay/")
    with page.expect_download() as download:
        page.locator("#table-ranking .exports a", has_text="XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_frozen_monitoring_can_be_looked_at_and_not_removed(visit):
    page = visit("bureau").open("/evaluations/")
    page.locator("tbody tr", has_text="2026H1").locator("a").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".badge", has_text="已固化").count() == 1
    assert page.locator("button", has_text="删除").count() == 0


def test_a_warning_is_acknowledged_with_what_is_done_about_it(visit):
    page = visit("bureau").open("/warnings/")
    page.locator("tbody a").first.click()
    page.fill("textarea[name=note]", "卫健局本周约谈,月底复核")
    page.locator("button", has_text="签收").click()
    page.wait_for_load_state("networkidle")
    assert "卫健局本周约谈" in page.locator("main").inner_text()


def test_on_a_phone_the_menu_opens_and_closes(visit):
    page = visit("village_doctor", window=PHONE).open("/")
    assert not page.locator("#side").is_visible()
    page.locator(".menu-button").click()
    assert page.locator("#side").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#side").is_visible()


def test_the_language_is_switched_and_kept(visit):
    visitor = visit("bureau", language="en")
    page = visitor.open("/indicators/")
    assert page.locator("main h1").inner_text() == "Indicators"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_first_tab_leads_to_the_content(visit):
    page = visit("bureau").open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
