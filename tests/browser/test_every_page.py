"""Every page that somebody finds in the menu, and the first thing it lists, opens without a complaint."""

import pytest

from browser.conftest import DESKTOP, PHONE, overflow, without_query

VISITS = [
    ("bureau", DESKTOP, "zh-hans"),
    ("bureau", PHONE, "en"),
    ("manager", DESKTOP, "en"),
    ("insurer", DESKTOP, "zh-hans"),
    ("village_doctor", PHONE, "zh-hans"),
    ("auditor", DESKTOP, "zh-hans"),
    ("admin", DESKTOP, "zh-hans"),
    ("resident", PHONE, "zh-hans"),
]


@pytest.mark.parametrize(("role", "window", "language"), VISITS)
def test_every_page_of_the_menu_and_what_it_lists_first_opens(visit, role, window, language):
    visitor = visit(role, window=window, language=language)
    page = visitor.open("/")
    menu = [link.get_attribute("href") for link in page.query_selector_all(".side li a")]
    for address in menu:
        page = visitor.open(address)
        assert page.query_selector("main h1"), f"{address} has no heading"
        assert overflow(page) <= 0, f"{address} is wider than the window"
        for inner in _first_links(page):
            visitor.open(inner)
            assert overflow(page) <= 0, f"{inner} is wider than the window"


def test_who_is_not_signed_in_is_led_to_the_login(visit):
    page = visit("").open("/indicators/")
    assert "/login/" in page.url


def _first_links(page) -> list[str]:
    """The first link of every table, list and tile of a page, to a page of this county."""
    found = page.eval_on_selector_all(
        "main table tbody tr:first-child a, main ul.list li:first-child a, main .tile:first-child a",
        "links => links.map(link => link.getAttribute('href'))",
    )
    inside = [address for address in found if address and address.startswith("/") and "export=" not in address]
    return list({without_query(address): address for address in inside}.values())[:4]
