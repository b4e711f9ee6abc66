"""The consortium's money in use: from the overview down to a member's line, at a desk and on a phone."""

from browser.conftest import PHONE, overflow


def test_the_overview_leads_to_a_sharing_and_its_lines_to_a_statement(visit):
    page = visit("bureau").open("/finance/")
    assert page.locator(".tile", has_text="资金池余额").count() == 1
    page.locator("a", has_text="共享中心成本分摊").first.click()
    page.wait_for_load_state("networkidle")
    assert "÷" in page.locator("table tbody").first.inner_text()
    page.locator("table tbody a").first.click()
    page.wait_for_load_state("networkidle")
    assert "/finance/statements/" in page.url
    assert page.locator(".tile", has_text="净额").count() == 1


def test_a_reckoning_that_cannot_be_made_says_why_on_the_form(visit):
    page = visit("manager").open("/finance/sharings/new/")
    page.select_option("[name=kind]", "distribution")
    page.fill("[name=period]", "2031")
    page.fill("[name=total_fen]", "1000")
    page.click("main form button.btn-primary")
    page.wait_for_load_state("networkidle")
    assert "还没有固化" in page.locator("main").inner_text()


def test_the_pool_and_a_statement_fit_a_phone(visit):
    visitor = visit("bureau", window=PHONE)
    for address in ("/finance/", "/finance/pool/", "/finance/statements/I-TC-01/"):
        assert overflow(visitor.open(address)) == 0, address
