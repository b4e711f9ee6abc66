"""The pages of contracts: on an empty county, with people, and refused where somebody may not."""

from datetime import date
from typing import Any

import pytest
from tests.contract import people

from yigongti.capabilities.contract.models import Contract, DueItem, Team
from yigongti.kernel import clock
from yigongti.spine.access.models import User
from yigongti.spine.people.models import Identity
from yigongti.spine.record.models import Entry

pytestmark = pytest.mark.django_db
PAGES = ("", "due/", "costs/", "referred/", "teams/", "packages/", "packages/basic/", "fees/", "new/")


@pytest.fixture
def at(client: Any) -> Any:
    def signed_in(user: Any) -> Any:
        client.force_login(User.objects.get(pk=user.pk), backend="yigongti.spine.access.backend.Accounts")
        return client

    return signed_in


@pytest.fixture
def named(county: None) -> None:
    Identity.objects.create(resident_id="R1", name="张秀兰", id_number="500113195505010021", phone="13800000001")


def page(browser, path, **query):
    answer = browser.get(f"/contracts/{path}", query)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_every_page_says_what_to_do_where_there_is_nothing(db, at):
    somebody = people.User.objects.create_user("x", password="a long enough passphrase", display_name="x")
    people.Assignment.objects.create(user=somebody, role="family_doctor", reach="county")
    for path in PAGES:
        page(at(somebody), path)


def test_the_doctor_sees_who_is_at_risk_what_is_due_and_what_care_cost(doctor, named, at):
    people.signed(doctor)
    line = '["outpatient","内科",["I10"],false,12000,7000,5000,false]'
    Entry.objects.create(resident_id="R1", day=date(2026, 2, 1), table="visit", key="V1", institution_id="H", line=line)
    browser = at(doctor)
    listed = page(browser, "")
    assert "张秀兰" in listed
    assert "高血压糖尿病服务包" in listed
    assert "张秀兰" not in page(browser, "", risk="high")
    assert "慢病面对面随访" in page(browser, "due/")
    costs = page(browser, "costs/")
    assert "120.00" in costs
    assert "县内医院" in costs


def test_the_manager_of_another_centre_sees_nobody_and_the_bureau_sees_names_masked(doctor, named, at):
    people.signed(doctor)
    assert "张秀兰" not in page(at(people.account("manager", at="T2")), "", team="A")
    listed = page(at(people.account("bureau")), "", team="A")
    assert "张**" in listed
    assert "张秀兰" not in listed


def test_signing_somebody_up_from_the_identity_card_to_the_contract(doctor, named, at):
    browser = at(doctor)
    found = browser.post("/contracts/new/", {"q": "500113195505010021"}).content.decode()
    assert "张**" in found, "nothing binds them yet"
    assert "张秀兰" not in found
    assert "500113195505010021" not in found.replace('value="500113195505010021"', "")
    said = {"terms": "1", "resident": "R1", "team": "A", "package": "chronic", "start_on": "2026-03-02", "years": "1",
            "way": "paper", "paper": "纸-9", "request_id": "r1"}  # fmt: skip
    answer = browser.post("/contracts/new/", said)
    contract = Contract.objects.get()
    assert answer["Location"] == f"/work/{contract.pk}/"
    assert (contract.state, contract.paper) == ("in_force", "纸-9")
    case = browser.get(answer["Location"]).content.decode()
    assert "慢病面对面随访" in case
    assert "高血压糖尿病服务包" in case
    refused = browser.post("/contracts/new/", {**said, "request_id": "r2"}).content.decode()
    assert "同一时间每人只能有一份" in refused
    assert "张秀兰" in refused, "now they have a contract"


def test_signing_on_paper_needs_the_papers_number_and_a_family_is_all_or_none(doctor, named, at):
    browser = at(doctor)
    said = {"terms": "1", "resident": "R1", "team": "A", "package": "basic", "start_on": "2026-03-02", "years": "1",
            "way": "paper", "paper": ""}  # fmt: skip
    assert "请填写纸质协议的编号" in browser.post("/contracts/new/", said).content.decode()
    answer = browser.post("/contracts/new/", {**said, "paper": "1", "family": "R2"}).content.decode()
    assert "没有登记这样的居民" in answer
    assert not Contract.objects.exists()
    people.resident("R2")
    browser.post("/contracts/new/", {**said, "paper": "1", "family": "R2"})
    assert set(Contract.objects.values_list("resident_id", "state")) == {("R1", "in_force"), ("R2", "in_force")}


def test_entering_a_service_that_was_done(doctor, named, at):
    contract = people.signed(doctor)
    item = contract.items.filter(item="follow_up").first()
    browser = at(doctor)
    assert "登记履约" in page(browser, f"items/{item.pk}/")
    browser.post(f"/contracts/items/{item.pk}/", {"on": "2026-03-02", "proof": " "})
    assert DueItem.objects.get(pk=item.pk).done_on is None
    browser.post(f"/contracts/items/{item.pk}/", {"on": "2026-03-02", "proof": "随访单 12"})
    assert DueItem.objects.get(pk=item.pk).proof == "随访单 12"
    stranger = people.account("family_doctor", at="T2")
    assert at(stranger).get(f"/contracts/items/{item.pk}/").status_code == 404


def test_the_resident_finds_no_page_of_the_teams(patient, at):
    assert at(patient).get("/contracts/").status_code == 403


def test_keeping_a_team_through_its_pages(doctor, at):
    browser = at(doctor)
    made = browser.post("/contracts/teams/new/", {"institution": "T1", "name": "清潭二队", "opened_on": "2026-01-01"})
    team = Team.objects.get(name="清潭二队")
    assert made["Location"] == f"/contracts/teams/{team.pk}/"
    people.Staff.objects.create(staff_id="D7", institution_id="T1", profession="physician", general_practitioner=True)
    joined = {"staff_id": "D7", "name": "何医生", "duty": "leader", "since": "2026-01-01"}
    browser.post(f"/contracts/teams/{team.pk}/join/", joined)
    assert "何医生" in page(browser, f"teams/{team.pk}/")
    member = team.members.get()
    browser.post(f"/contracts/teams/{team.pk}/leave/", {"member": member.pk})
    browser.post(f"/contracts/teams/{team.pk}/close/")
    assert Team.objects.get(pk=team.pk).closed_on == clock.today()
    assert browser.post("/contracts/teams/B/close/").status_code == 404


def test_the_statement_is_on_the_page_and_in_a_workbook(doctor, at):
    browser = at(doctor)
    assert "没有测得,只计预拨" in page(browser, "fees/A/")
    workbook = browser.get("/contracts/fees/A/", {"export": "members.xlsx"})
    assert workbook["Content-Type"].startswith("application/vnd.openxmlformats")
    assert browser.get("/contracts/fees/B/").status_code == 404


def test_the_bureau_writes_a_package_and_others_may_not(doctor, at):
    import shutil

    from yigongti.capabilities.contract.decisions.packages import package
    from yigongti.spine.county_rules import county_rules
    from yigongti.spine.home import home

    assert at(doctor).get("/contracts/packages/basic/edit/").status_code == 403
    browser = at(people.account("bureau"))
    assert "签约服务费" in page(browser, "packages/basic/edit/")
    row = {"code": "sign_up", "name": "签约服务费", "by": "leader", "times": "1", "price": "150", "insurance": "100",
           "public_health": "50", "self": "0", "evidence": ""}  # fmt: skip
    said = {f"item-0-{name}": value for name, value in row.items()}
    said |= {"item-TOTAL_FORMS": "1", "item-INITIAL_FORMS": "0", "title": "通知", "number": "云卫〔2026〕1号",
             "clause": "2", "issued_on": "2026-02-01", "effective_from": "2026-03-02"}  # fmt: skip
    try:
        assert browser.post("/contracts/packages/basic/edit/", said)["Location"] == "/contracts/packages/basic/"
        assert package(county_rules(), "basic", on=clock.today()).price_fen == 150_00
    finally:
        shutil.rmtree(home().own_policy, ignore_errors=True)


def test_in_english(doctor, named, at):
    people.signed(doctor)
    browser = at(doctor)
    browser.post("/language/", {"language": "en"})
    said = {"": "My people", "due/": "To be done", "costs/": "Care and cost", "fees/A/": "Quality factor"}
    for path, text in said.items():
        assert text in page(browser, path)
