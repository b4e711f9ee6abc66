"""The ledger's pages where people stop and ask why."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ledger import papers
from yigongti.capabilities.ledger.models import Clause, PolicyDocument, Target, Verdict
from yigongti.capabilities.ledger.services.importing import import_file
from yigongti.kernel import clock

pytestmark = pytest.mark.django_db

SIZED = """甲县医疗卫生项目建设实施方案
甲府办〔2024〕10号
一、主要任务
(一)加快项目建设。推进县医院迁建,总投资6.8亿元,2026年底前建成。到2027年,县域内住院人次占比达到82%。责任单位:县卫生健康局。
"""


def test_a_confirmation_that_has_to_wait_comes_back_to_the_review_with_its_reason(bureau, client):
    document = papers.taken_in(bureau)
    client.force_login(bureau)
    answer = client.post(f"/ledger/documents/{document.pk}/step/", {"step": "confirm"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/ledger/documents/{document.pk}/review/"
    assert "没有核对" in answer.content.decode()
    assert PolicyDocument.objects.get().state == "draft"


def test_who_may_not_confirm_at_all_is_refused(bureau, somebody, client):
    document = papers.taken_in(bureau)
    client.force_login(somebody("manager"))
    answer = client.post(f"/ledger/documents/{document.pk}/step/", {"step": "confirm"})
    assert answer.status_code in (403, 404)


def test_the_review_tells_what_is_doubtful_and_why_a_reading_is_what_it_is(bureau, client):
    (document,) = import_file(SIZED.encode(), name="方案.txt", by=bureau, at=clock.now())
    client.force_login(bureau)
    page = client.get(f"/ledger/documents/{document.pk}/review/").content.decode()
    assert "总投资6.8亿元" in page
    assert "存疑" in page
    assert "有完成期限" in page


def test_the_review_tells_what_was_left_unread(bureau, client):
    document = papers.taken_in(bureau)
    document.file.reading["documents"][0]["notes"] = ["一处表格没有表头"]
    document.file.save()
    client.force_login(bureau)
    page = client.get(f"/ledger/documents/{document.pk}/review/").content.decode()
    assert "没有读作目标" in page
    assert "一处表格没有表头" in page


def target_of(document: PolicyDocument) -> Target:
    return Target.objects.filter(clause__document=document, unit="%").get()


def test_enter_in_a_field_confirms_because_that_button_stands_first(bureau, client):
    document = papers.taken_in(bureau)
    client.force_login(bureau)
    page = client.get(f"/ledger/documents/{document.pk}/review/").content.decode()
    assert 0 < page.index('name="do" value="confirm"') < page.index('name="do" value="reject"')


def test_the_second_of_two_officers_is_shown_what_the_first_made_of_a_reading(bureau, client):
    target = target_of(papers.taken_in(bureau))
    client.force_login(bureau)
    client.post(f"/ledger/targets/{target.pk}/", {"do": "reject", "seen": ""})
    answer = client.post(f"/ledger/targets/{target.pk}/", {"do": "confirm", "seen": ""}).content.decode()
    target.refresh_from_db()
    assert target.verdict == Verdict.REJECTED
    assert f"刚由{bureau.display_name}定为“不采用”" in answer


def test_the_second_of_two_officers_does_not_overwrite_the_units_of_a_clause(bureau, client):
    clause = Clause.objects.filter(document=papers.taken_in(bureau), is_task=True).first()
    client.force_login(bureau)
    first = {
        "do": "confirm",
        "seen": "",
        "is_task": "on",
        "lead": "县医保局,县财政局",
        "support": "",
        "responsible": "",
    }
    client.post(f"/ledger/clauses/{clause.pk}/", first)
    client.post(f"/ledger/clauses/{clause.pk}/", first | {"lead": "县教育局"})
    assert [unit.name for unit in clause.units.all()] == ["县医保局", "县财政局"]


def test_a_corrected_reading_says_what_the_machine_read_and_is_marked_anew(bureau, client):
    target = target_of(papers.taken_in(bureau))
    client.force_login(bureau)
    names = ("phrase", "kind", "comparator", "value", "unit", "due", "quote")
    said = {name: getattr(target, name) for name in names} | {"do": "confirm", "seen": "", "value": 82}
    answer = client.post(f"/ledger/targets/{target.pk}/", said).content.decode()
    assert "机器读作" in answer
    assert f'id="text-{target.clause_id}" hx-swap-oob="true"' in answer


def test_a_report_that_is_refused_comes_back_as_it_was_written(bureau, client):
    task = papers.task_of(papers.enforced(bureau), "(三)")
    papers.move(task, "start", by=bureau, plan="会商")
    client.force_login(bureau)
    said = {"step": "report", "report-progress": "已会商一次", "report-papers": SimpleUploadedFile("a.exe", b"MZ\x90")}
    answer = client.post(f"/ledger/tasks/{task.pk}/step/", said).content.decode()
    assert "这是程序文件" in answer
    assert "已会商一次" in answer


def test_of_several_files_those_that_can_be_read_are_taken_in_and_the_others_named(bureau, client):
    client.force_login(bureau)
    files = [SimpleUploadedFile("a.txt", papers.PLAN.encode()), SimpleUploadedFile("b.txt", "今天天气很好。".encode())]
    answer = client.post("/ledger/documents/import/", {"file": files}).content.decode()
    assert PolicyDocument.objects.count() == 1
    assert "已读入 1 份文件" in answer
    assert "b.txt" in answer
    assert "没有读到政策文件" in answer
