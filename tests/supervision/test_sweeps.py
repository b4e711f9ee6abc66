"""A sweep keeps what it finds once: the same facts swept again open nothing."""

from datetime import datetime

import pytest

from supervision.scene import BOOK, YEAR, rows_of
from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.facts.tables import LIMIT
from yigongti.capabilities.supervision.models import Finding, Lead, Sweep
from yigongti.capabilities.supervision.services.screening import screen
from yigongti.capabilities.supervision.services.sweeping import chosen, keep, supposed
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.cases.models import CaseEvent, CaseStepFact
from yigongti.spine.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.store]

WANTED = ("split_admission", "repeated_charge")
STAYS = [
    {"stay_id": "S1", "admitted_on": "2025-03-01", "discharged_on": "2025-03-08"},
    {"stay_id": "S2", "admitted_on": "2025-03-11", "discharged_on": "2025-03-16"},
]


def charges(*days):
    return [
        {"charge_id": f"{day}-{number}", "item_code": "X", "item_name": "血常规", "day": day, "encounter_id": day}
        for day in days
        for number in (1, 2)
    ]


def swept(*, at="2026-01-10", stay=STAYS, charge=(), wanted=WANTED):
    sources = {"stay": rows_of(COUNTY["stay"], stay), "charge": rows_of(COUNTY["charge"], charge)}
    found = screen([DETECTORS[name] for name in wanted], period=YEAR, sources=sources, book=BOOK,
                   limits=rows_of(LIMIT, []), threads=1)  # fmt: skip
    return keep(found, seconds=1.0, at=datetime.fromisoformat(f"{at}T08:00:00+08:00"))


def test_a_hit_becomes_a_finding_and_a_lead_with_its_rows_and_rules(places, insurer):
    result = swept()
    assert (result.new_findings, result.new_leads) == (1, 1)
    finding, lead = Finding.objects.get(), Lead.objects.get()
    assert [each["name"] for each in finding.evidence] == ["stay:S1", "stay:S2"]
    assert finding.evidence[0]["row"]["discharged_on"] == "2025-03-08"
    assert finding.rules["supervision.split.interval"].startswith("national@")
    assert (lead.state, lead.detector, lead.counterpart_id, lead.amount_fen) == (
        "found",
        "split_admission",
        "H1",
        300_000,
    )
    assert lead.due_at > lead.opened_at


def test_what_a_lead_leaves_behind_is_what_any_opened_case_leaves(places, insurer):
    swept()
    event, fact = CaseEvent.objects.get(), CaseStepFact.objects.get()
    assert (event.step, event.version, event.to_state, event.role) == ("open", 1, "found", "system")
    assert (fact.step, fact.workflow, fact.case_id) == ("open", "supervision_lead", event.case_id)
    assert AuditRecord.objects.filter(action="open_cases").count() == 1


def test_those_who_hand_leads_out_are_told_once_a_sweep(places, insurer, somebody):
    manager = somebody("manager", at="H1")
    swept(charge=charges("2025-01-05", "2025-02-05", "2025-03-05"))
    assert Lead.objects.count() == 4
    assert Notice.objects.filter(user=insurer).count() == 1
    assert not Notice.objects.filter(user=manager).exists()


def test_the_same_sweep_again_finds_nothing_new(places):
    first = swept(charge=charges("2025-01-05"))
    again = swept(charge=charges("2025-01-05"), at="2026-01-11")
    assert first.new_findings == 2
    assert (again.new_findings, again.new_leads) == (0, 0)
    assert Finding.objects.count() == Lead.objects.count() == 2
    assert list(Sweep.objects.order_by("at").values_list("hits", "new")) == [(2, 2), (2, 0)]


def test_hits_of_an_institutions_month_gather_in_one_lead_while_it_waits(places):
    swept(charge=charges("2025-01-05"), wanted=("repeated_charge",))
    swept(charge=charges("2025-01-05", "2025-01-09"), wanted=("repeated_charge",), at="2026-01-11")
    lead = Lead.objects.get()
    assert lead.findings.count() == 2
    assert lead.amount_fen == 1_200


def test_once_a_lead_is_handed_out_what_is_found_later_makes_another(places, insurer):
    from yigongti.spine.cases.engine import take

    swept(charge=charges("2025-01-05"), wanted=("repeated_charge",))
    take(Lead.objects.get(), "assign", by=insurer, at=clock.now(), request_id="r1", data={"inspector": "张三"})
    swept(charge=charges("2025-01-05", "2025-01-09"), wanted=("repeated_charge",), at="2026-01-11")
    assert Lead.objects.count() == 2


def test_a_hit_at_an_institution_that_the_store_does_not_know_is_left_out(places):
    elsewhere = [{**row, "institution_id": "nowhere"} for row in STAYS]
    assert swept(stay=elsewhere).new_findings == 0


def test_an_unknown_detector_and_an_unknown_parameter_are_refused():
    with pytest.raises(Refusal, match="没有筛查规则“nothing”"):
        chosen(["nothing"])
    with pytest.raises(Refusal, match="没有参数“gap”"):
        supposed(BOOK, ["split_admission.gap=3"])
    with pytest.raises(Refusal, match="没有写值"):
        supposed(BOOK, ["split_admission.interval"])
    changed = supposed(BOOK, ["split_admission.interval=3"])
    assert changed.find("supervision.split.interval", on=YEAR.end).days == 3
