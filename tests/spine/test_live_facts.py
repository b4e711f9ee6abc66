"""Facts that live work makes reach the lake once, as they stand, and again when they change."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.spine.county import account, draw_county, resident
from tests.spine.sterile import BOUND, STERILE_SUPPLY, in_use

from yigongti.analytics.lake import paths
from yigongti.kernel import clock
from yigongti.kernel.roles import Role
from yigongti.site.jobs import sync_live_facts
from yigongti.spine.cases import bindings, live_facts
from yigongti.spine.cases.bindings import Binding, Published
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.models import Case, LiveFact
from yigongti.spine.record.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
SENT = datetime(2025, 3, 1, 8, tzinfo=UTC)


def referral(**changed: Any) -> dict[str, Any]:
    row = {"referral_id": "F1", "resident_id": "R1", "direction": "up", "from_institution_id": "T1",
           "to_institution_id": "H1", "sent_at": SENT, "reserved": False}  # fmt: skip
    return {**row, **changed}


def in_lake() -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return [row for path in paths("referral") for row in pq.read_table(path).to_pylist()]


@pytest.fixture
def people() -> None:
    draw_county()
    resident("R1")


@pytest.mark.usefixtures("people")
def test_a_fact_reaches_the_lake_once_and_its_change_replaces_it() -> None:
    live_facts.publish("referral", referral())
    assert sync_live_facts() == 1
    assert sync_live_facts() == 0
    live_facts.publish("referral", referral(outcome="closed", closed_at=clock.now()))
    assert sync_live_facts() == 1
    assert [(row["referral_id"], row["outcome"]) for row in in_lake()] == [("F1", "closed")]
    assert Entry.objects.filter(resident_id="R1", table="referral").count() == 1


@pytest.mark.usefixtures("people")
def test_a_change_made_while_the_job_reads_still_waits() -> None:
    live_facts.publish("referral", referral())
    _rows, marks = live_facts.waiting("referral")
    live_facts.publish("referral", referral(outcome="closed"))
    live_facts.mark_synced(marks, at=clock.now())
    assert live_facts.waiting_tables() == ["referral"]


def test_a_column_that_the_dictionary_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        live_facts.publish("referral", referral(colour="red"))
    assert not LiveFact.objects.exists()


@pytest.mark.usefixtures("people")
def test_a_workflow_publishes_the_fact_that_its_case_stands_for_at_every_step() -> None:
    def row(case: Case) -> dict[str, Any] | None:
        if case.state == "requested":
            return None
        return referral(referral_id=case.pk, outcome=case.state)

    clinician = account("c", (Role.CLINICIAN, "institution", "T1"))
    technician = account("t", (Role.TECHNICIAN, "institution", "H1"))
    with in_use():
        bindings._bound.pop(STERILE_SUPPLY.id)
        bindings.bind(Binding(STERILE_SUPPLY, publishes=Published("referral", row), **BOUND))
        case = open_case(STERILE_SUPPLY.id, parties=Parties("T1", "H1"), by=clinician, at=clock.now(), request_id="1")
        assert not LiveFact.objects.exists()
        take(case, "collect", by=technician, at=clock.now(), request_id="2")
    assert [(fact.key, fact.row["outcome"]) for fact in LiveFact.objects.all()] == [(case.pk, "collected")]
