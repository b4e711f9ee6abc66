"""The pages: what stands on them, and that nobody sees another institution's leads."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from supervision.test_rule_base import ROW, SEX, workbook
from supervision.test_sweeps import charges, swept
from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.models import Inspection, Lead, RuleEdition
from yigongti.capabilities.supervision.workflow import SUPERVISION_LEAD
from yigongti.spine.audit.models import AuditRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(places):
    """A split admission at H1 and a month of double charges at H2."""
    elsewhere = [{**row, "institution_id": "H2"} for row in charges("2025-01-05")]
    return swept(charge=elsewhere)


def opened(client, user, name, *arguments, **query):
    client.force_login(user, backend="yigongti.spine.access.backend.Accounts")
    return client.get(reverse(name, args=arguments), query)


def test_an_empty_county_is_told_what_to_do(client, insurer):
    page = opened(client, insurer, "supervision").content.decode()
    assert "还没有筛查过" in page
    assert "yigongti supervise" in page


def test_the_board_adds_up_by_detector_institution_and_doctor(client, insurer, found):
    page = opened(client, insurer, "supervision").content.decode()
    for said in ("分解住院", "重复收费", "H1机构", "H2机构", "D1", "3,006.00"):
        assert said in page
    narrowed = opened(client, insurer, "supervision", detector="repeated_charge").content.decode()
    assert "3,000.00" not in narrowed


def test_a_lead_shows_its_clause_parameters_and_rows(client, insurer, found):
    lead = Lead.objects.get(detector="split_admission")
    page = opened(client, insurer, "work_case", lead.pk).content.decode()
    for said in ("为什么是线索", "国家医疗保障局令第7号", "supervision.split.interval", "S1", "2025-03-08", "3,000.00"):
        assert said in page
    assert AuditRecord.objects.filter(action="read_lead", resident_id="R1").exists()


def test_a_manager_sees_the_own_institutions_leads_alone(client, somebody, found):
    manager = somebody("manager", at="H1")
    page = opened(client, manager, "leads").content.decode()
    assert "H1机构" in page
    assert "H2机构" not in page
    assert "H2机构" not in opened(client, manager, "supervision").content.decode()
    assert "H2机构" not in opened(client, manager, "detector", "repeated_charge").content.decode()
    other = Lead.objects.get(counterpart_id="H2")
    assert opened(client, manager, "work_case", other.pk).status_code == 404


def test_a_detector_that_does_not_exist_is_not_found(client, insurer):
    assert opened(client, insurer, "detector", "nothing").status_code == 404


def test_a_workbook_is_imported_and_a_changed_one_refused_with_the_place(client, insurer):
    client.force_login(insurer, backend="yigongti.spine.access.backend.Accounts")
    sent = SimpleUploadedFile("甲.xlsx", workbook(SEX, ROW))
    assert client.post(reverse("rule_base_import"), {"files": sent}).status_code == 302
    assert RuleEdition.objects.get().counts == {"sex": 1}
    changed = SimpleUploadedFile("乙.xlsx", workbook(SEX[:-1], ROW[:-1]))
    answer = client.post(reverse("rule_base_import"), {"files": changed})
    assert answer.status_code == 409
    assert "缺列 限定对象" in answer.content.decode()
    assert RuleEdition.objects.count() == 1


def test_an_inspection_is_drawn_kept_and_drawn_again(client, insurer, places):
    client.force_login(insurer, backend="yigongti.spine.access.backend.Accounts")
    said = {"title": "联合检查", "kinds": ["township_center"], "count": 2, "inspectors": "甲\n乙\n丙", "seed": "7"}
    assert client.post(reverse("inspection_draw"), said).status_code == 302
    kept = Inspection.objects.get()
    assert {each.institution_id for each in kept.drawn.all()} == {"H2", "H3"}
    page = opened(client, insurer, "inspection", kept.pk).content.decode()
    assert "结果一致" in page
    kept.drawn.filter(place=0).update(inspectors=["丁", "戊"])
    assert "结果不一致" in opened(client, insurer, "inspection", kept.pk).content.decode()
    few = client.post(reverse("inspection_draw"), {**said, "count": 9})
    assert few.status_code == 409


def test_detectors_states_and_steps_have_their_english():
    with translation.override("en"):
        assert DETECTORS["split_admission"].label != gettext(DETECTORS["split_admission"].label) == "Split admission"
        lacking = [each.id for each in DETECTORS.values() if gettext(each.definition) == each.definition]
        labels = (*SUPERVISION_LEAD.states.values(), *(step.title for step in SUPERVISION_LEAD.steps))
        lacking += [label for label in labels if gettext(label) == label]
    assert not lacking
