"""The pages of measuring: who sees whose numbers, what is said where there are none, what a click does."""

import re

import pytest
from django.urls import reverse

from yigongti.capabilities.measure.models import Acknowledgement, Assessment, EarlyWarning, Kind, Run

SHARE = "primary_visit_share"


@pytest.fixture(autouse=True)
def _jobs_at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def warn(run: Run) -> EarlyWarning:
    """Consortium B far below its target, as the run's judgement would find it."""
    about = {"indicator": SHARE, "level": "consortium", "group": "B", "kind": "missed_target", "severity": "red"}
    period = {"period_start": run.period_start, "period_end": run.period_end}
    return EarlyWarning.objects.create(run=run, **about, **period, value=0.2, text="低于目标", clause="条款")


@pytest.fixture
def warning(measured):
    EarlyWarning.objects.all().delete()
    return warn(measured)


def text_of(client, user, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def status_of(client, user, address: str) -> int:
    client.force_login(user)
    return client.get(address).status_code


def test_the_bureau_sees_the_county_and_every_consortium(client, measured, bureau):
    page = text_of(client, bureau, "/")
    assert "全县" in page
    assert "甲县人民医院医共体" in page
    assert status_of(client, bureau, "/?seat=consortium:B") == 200


def test_a_manager_of_a_consortium_sees_it_and_not_the_other(client, measured, somebody):
    manager = somebody("manager", at="H1", reach="consortium")
    assert "甲县人民医院医共体" in text_of(client, manager, "/")
    assert status_of(client, manager, "/?seat=consortium:B") == 404
    assert status_of(client, manager, f"/indicators/{SHARE}/?seat=institution:C3") == 404


def test_a_manager_of_one_institution_ranks_only_their_own_beside_the_county(client, measured, somebody):
    manager = somebody("manager", at="C1")
    page = text_of(client, manager, "/indicators/booked_visit_share/?rank=institution")
    assert "第1镇卫生院" in page
    assert "第3镇卫生院" not in page
    assert status_of(client, manager, "/?seat=county:") == 200


def test_without_results_every_page_says_what_to_do(client, db, bureau):
    for name in ("cockpit", "indicators", "warnings"):
        assert "还没有计算结果" in text_of(client, bureau, reverse(name))
    assert "还没有监测或评价" in text_of(client, bureau, reverse("evaluations"))
    assert status_of(client, bureau, reverse("indicator", args=[SHARE])) == 200


def test_an_indicator_that_does_not_exist_is_not_found(client, measured, bureau):
    assert status_of(client, bureau, "/indicators/nothing/") == 404
    assert status_of(client, bureau, f"/indicators/{SHARE}/?seat=galaxy:1") == 404


def test_an_indicator_shows_value_target_definition_and_why_a_value_is_missing(client, measured, bureau):
    page = text_of(client, bureau, f"/indicators/{SHARE}/")
    assert "40.0%" in page
    assert "≥65%" in page
    assert "未达标" in page
    assert "缺少“住院”数据" in text_of(client, bureau, "/indicators/inpatient_in_county_share/")


def test_the_source_of_a_number_is_worked_out_now_and_agrees(client, measured, bureau):
    page = text_of(client, bureau, f"/indicators/{SHARE}/source/?seat=consortium:A")
    assert "60.0%" in page
    assert "SELECT" in page


def test_rows_behind_a_number_name_nobody_and_an_export_is_audited(client, measured, bureau, somebody):
    from yigongti.spine.audit.models import AuditRecord

    page = text_of(client, bureau, f"/indicators/{SHARE}/rows/?seat=consortium:A")
    assert "居民编号" not in page.replace("不显示居民编号", "")
    client.get(f"/indicators/{SHARE}/rows/?seat=consortium:A&export=visit.csv")
    assert AuditRecord.objects.filter(action="export_rows", actor=bureau.username).exists()
    manager = somebody("manager", at="C1")
    assert status_of(client, manager, f"/indicators/{SHARE}/rows/?seat=county:") == 404


def test_the_list_is_filtered_by_state_and_words_and_exported(client, measured, bureau):
    page = text_of(client, bureau, "/indicators/?state=bad")
    assert "基层医疗卫生机构诊疗" in page
    assert "门诊预约" not in page
    assert "没有符合条件的指标" in text_of(client, bureau, "/indicators/?q=不存在的词")
    file = b"".join(client.get("/indicators/?export=indicators.csv").streaming_content).decode()
    assert SHARE in file
    assert "缺少“住院”数据" in file


def test_the_bureau_computes_freezes_and_reproduces_an_evaluation(client, facts, bureau):
    client.force_login(bureau)
    client.post(reverse("evaluation_compute"), {"kind": "annual", "period": "2025"})
    run = Run.objects.get(kind=Kind.ANNUAL)
    client.post(reverse("evaluation_freeze", args=[run.pk]))
    run.refresh_from_db()
    assert run.is_frozen
    assert client.post(reverse("evaluation_discard", args=[run.pk])).status_code == 409
    assert "已固化" in text_of(client, bureau, reverse("evaluation", args=[run.pk]))


def test_nobody_but_the_bureau_computes_or_freezes(client, measured, somebody):
    client.force_login(somebody("manager", at="H1", reach="consortium"))
    assert client.post(reverse("evaluation_compute"), {"kind": "annual", "period": "2025"}).status_code == 403
    assert not Run.objects.filter(kind=Kind.ANNUAL).exists()


def test_a_period_that_makes_no_sense_is_refused_with_what_to_write(client, facts, bureau):
    client.force_login(bureau)
    answer = client.post(reverse("evaluation_compute"), {"kind": "annual", "period": "去年"})
    assert answer.status_code == 409
    assert "无法识别的期间" in answer.content.decode()


def test_two_runs_are_compared_value_by_value(client, facts, bureau):
    from yigongti.capabilities.measure.services import runs

    first, second = runs.evaluate(Kind.ANNUAL, period="2024"), runs.evaluate(Kind.ANNUAL, period="2025")
    page = text_of(client, bureau, f"{reverse('evaluation', args=[second.pk])}?with={first.pk}")
    assert "对比值" in page
    assert "0.0%" in page


def test_a_warning_is_seen_by_whom_it_concerns_and_acknowledged_with_a_note(client, warning, somebody):
    mine, other = somebody("manager", at="H2", reach="consortium"), somebody("manager", at="H1", reach="consortium")
    address = reverse("warning", args=[warning.pk])
    assert "低于目标" in text_of(client, mine, address)
    client.post(reverse("warning_acknowledge", args=[warning.pk]), {"note": "下月起增派医师"})
    assert Acknowledgement.objects.get().by == mine
    assert "下月起增派医师" in text_of(client, mine, reverse("warnings"))
    assert status_of(client, other, address) == 404


def test_a_warning_is_not_acknowledged_without_saying_what_is_done(client, warning, bureau):
    client.force_login(bureau)
    assert client.post(reverse("warning_acknowledge", args=[warning.pk]), {"note": " "}).status_code == 409
    assert not Acknowledgement.objects.exists()


def test_an_acknowledgement_outlives_the_run_that_found_the_warning(client, warning, bureau):
    from yigongti.capabilities.measure.services import runs

    client.force_login(bureau)
    client.post(reverse("warning_acknowledge", args=[warning.pk]), {"note": "已约谈"})
    again = runs.refresh()
    EarlyWarning.objects.filter(run=again).delete()
    found = warn(again)
    assert "已约谈" in text_of(client, bureau, reverse("warning", args=[found.pk]))


def test_an_assessment_needs_evidence_and_enters_the_indicator_at_the_next_computation(client, measured, bureau):
    from yigongti.capabilities.measure.services import runs

    client.force_login(bureau)
    fields = {
        "consortium_id": "A", "indicator": "unified_management", "item": "人事统一管理", "grade": "implemented",
        "day": "2025-12-01",
    }  # fmt: skip
    assert client.post(reverse("assessment_add"), fields).status_code == 200
    assert not Assessment.objects.exists()
    client.post(reverse("assessment_add"), {**fields, "evidence": "县委编办文件"})
    run = runs.refresh()
    assert run.values.get(indicator="unified_management", level="consortium", group="A").value == 1.0


def test_the_cockpit_is_made_with_few_queries(client, measured, bureau, django_assert_max_num_queries):
    client.force_login(bureau)
    client.get("/")
    with django_assert_max_num_queries(20):
        client.get("/")
