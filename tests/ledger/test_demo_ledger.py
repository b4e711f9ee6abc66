"""The demonstration's ledger goes the same way as any other, and shows what a ledger can show."""

import pytest

from yigongti.capabilities.ledger.models import Evidence, PolicyDocument, PolicyTask
from yigongti.capabilities.ledger.selectors import documents, tasks
from yigongti.demo.ledger import fill_ledger

pytestmark = pytest.mark.django_db


def test_two_invented_documents_stand_in_force_with_tasks_evidence_and_differing_targets(bureau, hospital, somebody):
    assert fill_ledger(bureau) == PolicyTask.objects.count() >= 15
    assert set(PolicyDocument.objects.values_list("state", "level")) == {("in_force", "county"), ("in_force", "city")}
    assert set(PolicyTask.objects.values_list("state", flat=True)) == {"planned", "under_way", "reported"}
    assert Evidence.objects.count() == 1
    assert "key_group_contract_coverage" in {each.indicator for each in documents.different()}
    assert tasks.tasks(somebody("manager", at="H1")).count() == 1
