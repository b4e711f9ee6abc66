"""Rules, documents and requirements can be read, searched and followed from one to the other."""

import pytest
from tests.browsing import page_of
from tests.spine.county import account

from yigongti.kernel.roles import Role
from yigongti.kernel.rules import DEFAULT_POLICY, read_coverage
from yigongti.spine.county_rules import county_rules


@pytest.fixture
def browser(client, db):
    user = account("bureau", (Role.BUREAU, "county", None))
    client.force_login(user, backend="yigongti.spine.access.backend.Accounts")
    return client


def test_rules_are_searched_by_words_capability_and_confidence(browser):
    everything = page_of(browser.get("/rules/"))
    found = page_of(browser.get("/rules/?q=签约覆盖率&capability=measure"))
    assert "家庭医生签约覆盖率目标" in found
    assert len(found) < len(everything)
    assert "没有符合条件的规则" in page_of(browser.get("/rules/?q=没有这样的规则"))
    assert "工作默认值" not in page_of(browser.get("/rules/?confidence=stated")).split("<tbody>")[1]


def test_a_rule_shows_its_value_its_history_its_clause_and_who_uses_it(browser):
    page = page_of(browser.get("/rules/measure.target.contract_coverage/"))
    assert "≥75%" in page
    assert "沿革" in page
    assert "家庭医生签约覆盖率" in page.split("谁在用")[1]


def test_every_rule_of_the_county_has_a_page_that_opens(browser):
    for rule_id in county_rules().rules:
        assert browser.get(f"/rules/{rule_id}/").status_code == 200, rule_id


def test_every_document_has_a_page_that_opens_clause_by_clause(browser):
    for doc, document in county_rules().documents.items():
        page = page_of(browser.get(f"/documents/{doc}/"))
        assert all(f'id="clause-{clause}"' in page for clause in document.clauses), doc


def test_every_requirement_has_a_page_and_stands_in_the_list(browser):
    listed = page_of(browser.get("/coverage/")) + page_of(browser.get("/coverage/?coverage-page=2"))
    for name in read_coverage(DEFAULT_POLICY):
        assert f"/coverage/{name}/" in listed, name
        assert browser.get(f"/coverage/{name}/").status_code == 200, name


def test_the_list_of_requirements_is_narrowed_by_state(browser):
    assert "已承接" not in page_of(browser.get("/coverage/?state=planned")).split("<tbody>")[1]


@pytest.mark.parametrize("address", ["/rules/no.such.rule/", "/documents/none/", "/coverage/ZZ-1/"])
def test_what_is_not_there_is_not_found(browser, address):
    assert browser.get(address).status_code == 404


def test_a_page_opens_in_a_sheet_as_well(browser):
    answer = browser.get("/rules/measure.target.contract_coverage/", headers={"HX-Request": "true"})
    assert 'id="content"' in page_of(answer)
