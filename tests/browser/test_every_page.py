"""Every page that somebody finds in the menu, and what it lists first, opens without a complaint; no link leads to a
page that its reader may not open."""

import re

import pytest

from browser.conftest import DESKTOP, PHONE, overflow, without_query
from yigongti.kernel.roles import Role

VISITS = [
    ("bureau", DESKTOP, "zh-hans"),
    ("bureau", PHONE, "en"),
    ("manager", DESKTOP, "en"),
    ("insurer", PHONE, "zh-hans"),
    ("village_doctor", PHONE, "zh-hans"),
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


@pytest.mark.parametrize(
    "role", [Role.VILLAGE_DOCTOR, Role.CLINICIAN, Role.PHARMACIST, Role.MANAGER, Role.INSURER, Role.AUDITOR, Role.ADMIN]
)
def test_no_link_of_a_page_in_the_menu_leads_where_its_reader_may_not_go(visit, role):
    visitor = visit(role)
    menu = [link.get_attribute("href") for link in visitor.page.query_selector_all(".side li a")]
    seen, dead = set(menu), []
    for address in menu:
        for link in _one_of_each_kind(visitor.context.request.get(address).text()):
            if link not in seen:
                seen.add(link)
                status = visitor.context.request.get(link, max_redirects=0).status
                dead += [f"{status}: {link} on {address}"] if status >= 400 else []
    assert not dead


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


def _one_of_each_kind(html: str) -> list[str]:
    """The links of a page to pages of this county, one of those that differ in a key or a value only."""
    links = [address.replace("&amp;", "&") for address in re.findall(r'href="(/[^"#]*)', html)]
    pages = [address for address in links if not re.match("/static/|/logout/", address) and "export=" not in address]
    return list({re.sub(r"[\dA-Z]\w{5,}|\d+|=[^&]*", "*", address): address for address in reversed(pages)}.values())
