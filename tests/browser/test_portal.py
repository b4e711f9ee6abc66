"""The resident's page at a phone: signed in by the code, every page light and inside the window, installed, offline."""

import re
from typing import Any

import pytest

from browser.conftest import PHONE, overflow

LIGHT = 100 * 1024
PAGES = (
    "", "booking/?kind=exam", "bookings/", "record/", "record/results/", "record/readers/", "contract/",
    "contract/apply/", "referrals/", "rate/", "complaints/", "complaints/new/", "family/", "more/", "messages/",
)  # fmt: skip


@pytest.fixture
def resident(visit: Any) -> Any:
    """Somebody at a phone, at their own page."""
    visitor = visit("resident", window=PHONE)
    visitor.open("/")
    assert visitor.page.url.endswith("/my/")
    return visitor


def test_the_code_that_the_demonstration_shows_opens_the_page(visit: Any) -> None:
    page = visit("", window=PHONE).open("/my/sign-in/")
    card = re.search(r"\d{17}[\dX]", page.inner_text("main"))
    assert card is not None
    page.fill("[name=id_number]", card.group())
    page.click("main button.btn-primary")
    assert "演示" in page.inner_text(".shown")
    page.fill("[name=code]", page.inner_text(".shown b"))
    page.click("main button.btn-primary")
    page.wait_for_url("**/my/")
    assert overflow(page) == 0


def test_every_page_fits_a_phone_also_in_large_type_and_in_english(resident: Any) -> None:
    assert {address: overflow(resident.open(f"/my/{address}")) for address in PAGES} == dict.fromkeys(PAGES, 0)
    resident.page.click("header button[aria-label]")
    resident.page.click("header button[name=language]")
    resident.page.wait_for_load_state("networkidle")
    assert resident.page.get_attribute("html", "class") == "large"
    assert {address: overflow(resident.open(f"/my/{address}")) for address in PAGES} == dict.fromkeys(PAGES, 0)
    assert "Bookings" in resident.page.inner_text("nav.tabs")


def test_every_page_takes_less_than_100_kb_over_the_line_with_nothing_kept_before(resident: Any) -> None:
    line = resident.context.new_cdp_session(resident.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.setBypassServiceWorker", {"bypass": True})
    taken: list[float] = []
    line.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
    weights = {}
    for address in PAGES:
        taken.clear()
        resident.open(f"/my/{address}")
        weights[address] = sum(taken)
    assert min(weights.values()) > 1024  # measured at all
    assert {address: weight for address, weight in weights.items() if weight >= LIGHT} == {}
    print({address: round(weight / 1024, 1) for address, weight in weights.items()})


def test_a_slot_is_booked_moved_and_given_up_by_thumb(resident: Any) -> None:
    page = resident.open("/my/booking/?kind=lab")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("main .times button:visible").last.click()
    page.wait_for_url("**/my/bookings/")
    card = page.locator("section.card.next", has_text="采血中心").first
    card.get_by_text("改期").click()
    page.locator("main .list button").last.click()
    page.wait_for_url("**/my/bookings/")
    page.locator("section.card.next", has_text="采血中心").first.get_by_role("button", name="取消").click()
    page.wait_for_load_state("networkidle")
    assert "已取消" in page.inner_text("main")
    assert "已改期" in page.inner_text("main")


def test_a_complaint_is_written_and_taken_back(resident: Any) -> None:
    page = resident.open("/my/complaints/new/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.select_option("[name=institution]", index=1)
    page.select_option("[name=about]", index=1)
    page.fill("[name=told]", "等候时间太长")
    page.click("main button.btn-primary")
    page.wait_for_url(lambda address: not address.endswith("/new/"))
    assert "已提交" in page.inner_text("main")
    page.get_by_role("button", name="撤回").click()
    page.wait_for_load_state("networkidle")
    assert "已撤回" in page.inner_text("main")


def test_it_is_installable_and_without_a_line_says_so(resident: Any) -> None:
    page = resident.open("/my/")
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.scope)")
    problems = resident.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in problems if each["errorId"] != "in-incognito"] == []
    page.reload()  # from now on the service worker has the page
    resident.context.set_offline(True)
    page.goto("/my/bookings/")
    assert "没有网络" in page.inner_text("main")
    resident.context.set_offline(False)
    resident.complaints.clear()  # that nothing could be fetched is what was wanted
