"""The demonstration's family doctors go the same way as any others, and leave no page empty."""

from pathlib import Path

import pytest
from tests.contract import people
from tests.files.offices import brought, csv_file

from yigongti.capabilities.contract.models import Contract, DueItem, Member, Team, ValidContract
from yigongti.demo.contracts import fill_contracts
from yigongti.spine.people.models import Staff

pytestmark = pytest.mark.django_db
PEOPLE = 12


def test_teams_of_the_files_are_described_and_people_without_a_contract_signed_up(doctor, tmp_path: Path):
    Team.objects.all().delete()
    Staff.objects.create(staff_id="N1", institution_id="T1", profession="nurse", general_practitioner=False)
    for number in range(2, PEOPLE + 1):
        people.resident(f"R{number}")
    loaded = {"contract_id": "K1", "resident_id": "R1", "institution_id": "T1", "team_id": "TEAM-1-01",
              "start_on": "2025-01-01", "end_on": "2026-12-31", "package": "基础服务包", "paid": "0"}  # fmt: skip
    assert brought(csv_file(tmp_path / "contract.csv", [loaded])).quarantined == 0
    made = fill_contracts(people.account("bureau"), doctor=doctor)
    assert made == PEOPLE - 1 == Contract.objects.count()
    assert set(Contract.objects.values_list("state", flat=True)) == {"in_force", "proposed"}
    assert set(Member.objects.values_list("duty", flat=True)) == {"leader", "nurse"}
    assert ValidContract.objects.filter(team_id="TEAM-1-01", case__isnull=True).count() == 1
    assert DueItem.objects.filter(how="entry").exists()
    assert DueItem.objects.filter(done_on=None, told=True).exists(), "some are overdue"
