"""What a team is paid for a year: measured of its own people, issued once the year is over, final, corrected by a
statement that follows."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from tests.contract import people
from tests.files.offices import brought, csv_file

from yigongti.capabilities.contract.models import IssuedStatement, Team, TeamMark
from yigongti.capabilities.contract.selectors.sheets import compared, digest
from yigongti.capabilities.contract.selectors.statements import statements
from yigongti.capabilities.contract.services.issuing import correct, issue
from yigongti.capabilities.contract.services.measuring import keep_up, measure
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path: Path, county: None) -> Callable[..., None]:
    def come(table: str, rows: Sequence[dict[str, str]]) -> None:
        assert brought(csv_file(tmp_path / f"{table}.csv", rows)).quarantined == 0

    return come


@pytest.fixture
def bureau(county: None):
    return people.account("bureau")


def contract(key, resident, team, **changed):
    centre = {"A": "T1", "B": "T2", "A2": "T1"}[team]
    return {"contract_id": key, "resident_id": resident, "institution_id": centre, "team_id": team,
            "start_on": "2025-01-01", "end_on": "2025-12-31", "package": "基础服务包", "paid": "0",
            **changed}  # fmt: skip


def item(key, resident, team, **changed):
    return {"contract_id": key, "item": "health_check", "due_on": "2025-06-30", "resident_id": resident,
            "institution_id": "T1", "team_id": team, "done_on": "2025-06-01", "said": "", **changed}  # fmt: skip


def test_a_teams_quality_is_that_of_its_own_people_though_another_team_works_at_the_same_centre(bring):
    Team.objects.create(team_id="A2", institution_id="T1", name="A2团队", opened_on=date(2020, 1, 1))
    bring("contract", [contract("K1", "R1", "A"), contract("K2", "R2", "A2")])
    bring("contract_item", [item("K1", "R1", "A"), item("K2", "R2", "A2", done_on="")])
    measure(2025, today=clock.today())
    marks = TeamMark.objects.filter(indicator="contract_fulfilment")
    assert {mark.team_id: (mark.numerator, mark.denominator) for mark in marks} == {"A": (1, 1), "A2": (0, 1)}
    first, second = statements(Team.objects.filter(pk__in=["A", "A2"]).order_by("pk"), year=2025)
    assert first.quality.factor > second.quality.factor
    assert first.fee.total == 120_00 > second.fee.total


def test_control_of_pressure_counts_for_the_team_with_which_the_person_had_a_contract_last(bring):
    moved = [contract("K1", "R1", "A", end_on="2025-05-31"), contract("K2", "R1", "B", start_on="2025-06-01")]
    bring("resident", [{"resident_id": "R1", "sex": "female", "birth_date": "1955-05-01", "place_id": "P",
                        "insured_as": "resident", "key_groups": "hypertension", "registered_on": "2020-01-01",
                        "died_on": ""}])  # fmt: skip
    bring("contract", moved)
    bring("enrolment", [{"enrolment_id": "E1", "resident_id": "R1", "programme": "hypertension",
                         "institution_id": "T1", "start_on": "2024-01-01", "end_on": ""}])  # fmt: skip
    taken = {"resident_id": "R1", "at": "2025-10-01T08:00:00+08:00", "institution_id": "T1", "unit": "mmHg",
             "source": "clinic"}  # fmt: skip
    bring("measurement", [{**taken, "code": "sbp", "value": "130"}, {**taken, "code": "dbp", "value": "80"}])
    measure(2025, today=clock.today())
    mark = TeamMark.objects.get(indicator="hypertension_control_rate")
    assert (mark.team_id, mark.value) == ("B", 1)
    assert "followup.systolic_below" in mark.rule_versions


def test_what_was_measured_is_renewed_only_where_facts_have_arrived(bring):
    bring("contract", [contract("K1", "R1", "A")])
    bring("contract_item", [item("K1", "R1", "A")])
    assert keep_up(today=clock.today()) > 0
    assert keep_up(today=clock.today()) == 0


def test_an_issued_statement_stays_when_facts_change_and_the_correction_tells_the_difference(bring, bureau):
    bring("contract", [contract("K1", "R1", "A")])
    bring("contract_item", [item("K1", "R1", "A")])
    (first,) = issue(2025, by=bureau, at=clock.now())
    assert (first.total_fen, first.number, first.difference_fen) == (120_00, 1, 120_00)
    assert first.digest == digest(first.sheet)
    with pytest.raises(Refusal, match="依据没有变化"):
        correct(first, reason="再算一次", by=bureau, at=clock.now())
    bring("contract", [contract("K1", "R1", "A"), contract("K2", "R2", "A")])
    first.refresh_from_db()
    assert first.total_fen == 120_00
    second = correct(first, reason="补传一份签约", by=bureau, at=clock.now())
    assert (second.number, second.total_fen, second.difference_fen) == (2, 240_00, 120_00)
    assert sum(each.fen for each in compared(second.sheet, first.sheet) if each.what == "source") == 120_00
    assert sum(each.fen for each in compared(second.sheet, first.sheet) if each.what != "source") == 120_00
    with pytest.raises(NotAllowed, match="已经更正过"):
        correct(first, reason="又来", by=bureau, at=clock.now())


@pytest.mark.store
def test_the_database_refuses_to_change_or_remove_an_issued_statement(bring, bureau):
    bring("contract", [contract("K1", "R1", "A")])
    (first,) = issue(2025, by=bureau, at=clock.now())
    for change in (lambda rows: rows.update(total_fen=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="issued statement"), transaction.atomic():
            change(IssuedStatement.objects.filter(pk=first.pk))


def test_a_statement_is_issued_by_the_bureau_after_the_year_and_once(bring, bureau, doctor):
    bring("contract", [contract("K1", "R1", "A"), contract("K2", "R2", "A", start_on="2026-01-01",
                                                            end_on="2026-12-31")])  # fmt: skip
    with pytest.raises(NotAllowed, match="卫生健康局"):
        issue(2025, by=doctor, at=clock.now())
    with pytest.raises(Refusal, match="还没有结束"):
        issue(2026, by=bureau, at=clock.now())
    issue(2025, by=bureau, at=clock.now())
    with pytest.raises(Refusal, match="没有待定稿"):
        issue(2025, by=bureau, at=clock.now())
    with pytest.raises(NotAllowed, match="更正原因"):
        correct(IssuedStatement.objects.get(), reason=" ", by=bureau, at=clock.now())


def test_on_the_page_the_issued_statement_is_shown_with_what_has_changed_since(bring, bureau, doctor, client):
    bring("contract", [contract("K1", "R1", "A")])
    client.force_login(bureau, backend="yigongti.spine.access.backend.Accounts")
    assert "草算" in client.get("/contracts/fees/A/?year=2025").content.decode()
    assert "定稿 1 个团队" in client.get("/contracts/fees/?year=2025").content.decode()
    client.post("/contracts/fees/issue/", {"year": "2025"})
    key = IssuedStatement.objects.get().pk
    bring("contract", [contract("K1", "R1", "A"), contract("K2", "R2", "A")])
    shown = client.get("/contracts/fees/A/?year=2025").content.decode()
    assert "第 1 号结算单" in shown
    assert "定稿之后数据有变化" in shown
    client.post(f"/contracts/fees/correct/{key}/", {"reason": "补传一份"})
    shown = client.get("/contracts/fees/A/?year=2025").content.decode()
    assert "与上一号的差额" in shown
    assert "更正原因:补传一份" in shown
    assert "第 1 号" in client.get("/contracts/fees/A/?year=2025&number=1").content.decode()
    client.force_login(doctor, backend="yigongti.spine.access.backend.Accounts")
    assert client.post("/contracts/fees/issue/", {"year": "2025"}).status_code == 403
