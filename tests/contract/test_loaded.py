"""Contracts that files brought, beside those made here: who has a valid one, statements, and what is measured."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.contract import people
from tests.files.offices import brought, csv_file

from yigongti.analytics.runner import run
from yigongti.capabilities.contract import api
from yigongti.capabilities.contract.indicators import INDICATORS
from yigongti.capabilities.contract.models import DueItem, Team, ValidContract
from yigongti.capabilities.contract.selectors.statements import statements
from yigongti.capabilities.contract.selectors.teams import undescribed
from yigongti.capabilities.contract.services.items import Done, publish_overdue
from yigongti.capabilities.contract.services.planning import plan_loaded
from yigongti.capabilities.contract.services.saying import confirm, enter
from yigongti.capabilities.contract.services.standing import refresh
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.periods import parse
from yigongti.site.jobs import sync_live_facts
from yigongti.spine.access.records import basis_of
from yigongti.spine.cases.engine import take
from yigongti.spine.county_rules import county_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., None]:
    def come(rows: Sequence[dict[str, str]]) -> None:
        assert brought(csv_file(tmp_path / "contract.csv", rows)).quarantined == 0

    return come


def loaded(key="K1", resident="R1", **changed):
    return {"contract_id": key, "resident_id": resident, "institution_id": "T1", "team_id": "OLD-01",
            "start_on": "2026-01-01", "end_on": "2026-12-31", "package": "基础服务包", "paid": "0",
            **changed}  # fmt: skip


def test_a_loaded_contract_is_known_at_once_and_in_every_list_after_the_timer(doctor, bring):
    bring([loaded()])
    with pytest.raises(NotAllowed, match="已有签约"):
        people.proposed(doctor)
    assert basis_of(doctor, "R1").kind == "contract"
    assert refresh(today=clock.today()) is True
    assert ValidContract.objects.get(pk="R1").team_id == "OLD-01"
    assert [(each.team_id, each.people) for each in undescribed(doctor)] == [("OLD-01", 1)]
    assert api.valid("R1").package == "基础服务包"
    assert refresh(today=clock.today()) is False, "nothing new"


def test_of_two_loaded_contracts_that_overlap_the_later_counts_and_what_is_over_goes(doctor, bring):
    people.resident("R2")
    bring(
        [loaded("K1"), loaded("K2", start_on="2026-02-01", team_id="OLD-02"), loaded("K3", "R2", end_on="2026-03-02")]
    )
    refresh(today=clock.today())
    assert dict(ValidContract.objects.values_list("pk", "contract_id")) == {"R1": "K2", "R2": "K3"}
    refresh(today=date(2026, 3, 3))
    assert dict(ValidContract.objects.values_list("pk", "contract_id")) == {"R1": "K2"}


def test_a_contract_made_here_stands_whatever_a_file_says_and_comes_back_from_the_lake_as_itself(doctor, bring):
    contract = people.signed(doctor)
    bring([loaded()])
    refresh(today=clock.today())
    sync_live_facts()
    refresh(today=date(2026, 3, 3))
    row = ValidContract.objects.get(pk="R1")
    assert (row.contract_id, row.case_id) == (contract.pk, contract.pk)


def test_who_terminated_is_no_longer_bound_once_the_lake_knows(doctor, patient):
    contract = people.signed(doctor)
    sync_live_facts()
    assert basis_of(doctor, "R1") is not None
    with clock.at(date(2026, 3, 20)):
        take(contract, "terminate", by=patient, at=clock.now(), request_id="t", data={"reason": "搬家"})
        sync_live_facts()
    with clock.at(date(2026, 3, 21)):
        assert basis_of(doctor, "R1") is None


def test_a_statement_counts_every_contract_of_the_team_that_the_lake_knows(doctor, bring):
    people.resident("R2")
    bring([loaded("K2", "R2", team_id="A"), loaded("K9", "R9", team_id="A", package="别处的包")])
    people.signed(doctor)
    sync_live_facts()
    (found,) = statements(Team.objects.filter(pk="A"), year=2026)
    assert {line.name: line.contracts for line in found.lines} == {
        "基础服务包": 1,
        "高血压糖尿病服务包": 1,
        "别处的包": 1,
    }
    assert found.unpriced == 1
    assert found.quality.factor is None
    assert found.fee.price == 120_00 + 158_77, "the whole year, and 305 of 365 days of 190 yuan"
    assert sum(found.fee.by_source.values()) == found.fee.total == found.fee.prepaid
    assert found.shares.team + found.shares.institution == found.fee.total
    assert [line.amount for line in found.members] == [found.shares.team]


def test_fulfilment_and_what_residents_say_are_measured_from_the_published_items(doctor, patient, bring):
    from yigongti.analytics import lake

    contract = people.signed(doctor)
    first = {code: contract.items.filter(item=code).order_by("due_on")[0] for code in ("follow_up", "blood_pressure")}
    confirm(
        enter(first["follow_up"], Done(clock.today(), "单 1"), by=doctor, at=clock.now()), by=patient, at=clock.now()
    )
    publish_overdue(today=date(2026, 7, 1))
    assert DueItem.objects.filter(told=True).count() == 2
    sync_live_facts()
    bring([loaded("K5", "R5")])
    needed = {name for each in INDICATORS.values() for name in each.needs} | {"institution", "place", "resident"}
    tables = {name: lake.paths(name) for name in needed if lake.paths(name)}
    assert "contract_item" in tables
    results = run(INDICATORS.values(), tables=tables, period=parse("2026"), rules=county_rules())
    rows = {row["indicator"]: row for row in results.to_pylist()}
    assert (rows["contract_fulfilment"]["numerator"], rows["contract_fulfilment"]["denominator"]) == (1, 2)
    assert rows["contract_satisfaction"]["value"] == 1


def test_a_contract_signed_here_counts_in_the_coverage_of_the_county(bring, tmp_path, db):
    from tests.files.offices import institution, resident

    from yigongti.analytics import lake
    from yigongti.kernel.registry import REGISTRY
    from yigongti.spine.places.models import Institution

    places = [{"place_id": "P1", "name": "东寨村", "kind": "village", "parent_id": "", "population": "10"}]
    rows = {"place": places, "institution": [institution(1)], "resident": [resident(1), resident(2)]}
    for name, listed in rows.items():
        assert brought(csv_file(tmp_path / f"{name}.csv", listed)).quarantined == 0
    bring([loaded("K2", "R2", institution_id="I1")])
    Team.objects.create(team_id="A", institution_id="I1", name="A团队", opened_on=date(2020, 1, 1))
    people.join("A", "DA", "leader", "I1")
    assert Institution.objects.count() == 1
    people.signed(people.account("family_doctor", at="I1"), package="basic")
    sync_live_facts()
    wanted = [REGISTRY.indicators[name] for name in ("contract_coverage", "key_group_contract_coverage")]
    needed = {name for each in wanted for name in each.reads} | {"institution", "place", "resident"}
    tables = {name: lake.paths(name) for name in needed}
    found = run(wanted, tables=tables, period=parse("2026"), rules=county_rules()).to_pylist()
    assert {row["indicator"]: row["numerator"] for row in found} == {
        "contract_coverage": 2,
        "key_group_contract_coverage": 2,
    }


def follow_up(key, day):
    return {"follow_up_id": key, "resident_id": "R1", "programme": "hypertension", "institution_id": "T1", "day": day,
            "mode": "clinic", "result": "稳定", "next_due": ""}  # fmt: skip


def test_a_loaded_contract_has_the_items_of_its_package_and_what_the_record_proves_of_them(doctor, bring, tmp_path):
    bring([loaded(package="高血压糖尿病服务包", team_id="A")])
    assert brought(csv_file(tmp_path / "follow_up.csv", [follow_up("F1", "2026-01-20")])).quarantined == 0
    refresh(today=clock.today())
    assert plan_loaded(today=clock.today()) == 1
    rows = DueItem.objects.filter(number="K1", contract=None)
    assert rows.filter(item="follow_up").count() == 4
    assert set(rows.values_list("resident_id", "institution_id", "team_id")) == {("R1", "T1", "A")}
    assert rows.get(proof="follow_up F1").done_on == date(2026, 1, 20)
    assert plan_loaded(today=clock.today()) == 0, "once"
    publish_overdue(today=date(2026, 7, 1))
    sync_live_facts()
    assert api.items_of("K1", resident_id="R1", reader=people.account("resident", resident_id="R1"))


def test_a_loaded_contract_on_other_terms_is_scheduled_anew_and_one_that_is_over_asks_for_nothing_more(doctor, bring):
    bring([loaded(package="高血压糖尿病服务包", team_id="A")])
    refresh(today=clock.today())
    plan_loaded(today=clock.today())
    with clock.at(date(2026, 3, 3)):
        bring([loaded(package="基础服务包", team_id="A")])
        refresh(today=clock.today())
        assert plan_loaded(today=clock.today()) == 1
    assert not DueItem.objects.filter(number="K1", item="follow_up", due_on__gte=date(2026, 3, 3)).exists()
    with clock.at(date(2026, 3, 4)):
        bring([loaded(package="基础服务包", team_id="A", end_on="2026-03-02")])
        refresh(today=clock.today())
        plan_loaded(today=clock.today())
    assert not DueItem.objects.filter(number="K1", done_on=None, due_on__gte=date(2026, 3, 3)).exists()


def test_what_only_an_entry_proves_is_asked_for_from_the_day_on_which_the_contract_came(doctor, bring):
    bring([loaded(package="老年人服务包", team_id="A", start_on="2025-01-01", end_on="2026-12-31")])
    refresh(today=clock.today())
    plan_loaded(today=clock.today())
    entered = DueItem.objects.filter(number="K1", item="tcm")
    assert [row.due_on for row in entered] == [date(2026, 12, 31)], "that of 2025 could not be entered here"


def test_a_team_enters_what_it_did_for_a_loaded_contract_and_sees_it_on_its_own_page(doctor, bring, client):
    bring([loaded(package="高血压糖尿病服务包", team_id="A")])
    refresh(today=clock.today())
    plan_loaded(today=clock.today())
    client.force_login(doctor, backend="yigongti.spine.access.backend.Accounts")
    row = DueItem.objects.filter(number="K1", item="dispensing").order_by("due_on").first()
    assert "/contracts/held/K1/" in client.get("/contracts/").content.decode()
    assert "用药指导" in client.get("/contracts/due/").content.decode()
    answer = client.post(f"/contracts/items/{row.pk}/", {"on": "2026-03-02", "proof": "单 7"})
    assert answer["Location"] == "/contracts/held/K1/"
    assert "单 7" in client.get("/contracts/held/K1/").content.decode()
    client.force_login(people.account("family_doctor", at="T2"), backend="yigongti.spine.access.backend.Accounts")
    assert client.get("/contracts/held/K1/").status_code == 404
