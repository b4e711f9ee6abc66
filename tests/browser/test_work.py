"""A case in the hands of the people who work on it: by mouse, by keyboard, on a phone, in both languages."""

import pytest

from browser.conftest import PHONE, overflow


@pytest.fixture
def complaint(visit):
    """A resident's complaint about the county hospital: its address."""
    page = visit("resident").open("/work/new/complaint/")
    page.select_option("[name=counterpart]", label="云溪县人民医院")
    page.select_option("[name=about]", "waiting")
    page.fill("[name=told]", "挂号排队两个小时")
    page.fill("[name=title]", "排队时间太长")
    page.click("main form button.btn-primary")
    page.wait_for_selector(".alert-success")
    return page.url


def test_what_a_resident_opens_waits_for_the_manager_and_goes_back_and_forth(visit, complaint):
    page = visit("manager").open("/work/")
    page.locator("tbody a", has_text="排队时间太长").first.click()
    page.wait_for_selector("#steps")
    page.click("#steps button")
    page.wait_for_selector(".headline .value:has-text('已受理')")
    page.fill("[name=answer-answer]", "已加开两个窗口")
    page.click("#steps button.btn-primary")
    page.wait_for_selector(".headline .value:has-text('已答复')")
    mine = visit("resident").open(complaint)
    assert "已加开两个窗口" in mine.locator("main").inner_text()
    mine.on("dialog", lambda asked: asked.accept())
    mine.get_by_role("button", name="满意,办结").click()
    mine.wait_for_selector(".headline .value:has-text('已办结')")
    assert mine.locator(".timeline li").count() == 4


def test_a_list_is_walked_by_keyboard_and_searched_with_the_slash_key(visit, complaint):
    page = visit("manager").open("/work/?list=all")
    page.locator("tbody a").first.focus()
    page.keyboard.press("/")
    page.keyboard.type("排队")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("tbody tr").count() >= 1
    with page.expect_download() as taken:
        page.click(".exports a:has-text('XLSX')")
    assert taken.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_work_is_wider_than_a_phone(visit, complaint, language):
    visitor = visit("manager", window=PHONE, language=language)
    visitor.page.wait_for_load_state("networkidle")
    for address in ("/work/", "/work/?list=all", "/work/statistics/?workflow=complaint", complaint):
        assert overflow(visitor.open(address)) == 0, address
