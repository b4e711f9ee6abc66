"""The ledger's pages where people stop and ask why."""

import pytest

from ledger import papers
from yigongti.capabilities.ledger.models import PolicyDocument
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


def test_the_review_tells_what_was_left_unread_and_why_a_reading_is_what_it_is(bureau, client):
    (document,) = import_file(SIZED.encode(), name="方案.txt", by=bureau, at=clock.now())
    client.force_login(bureau)
    page = client.get(f"/ledger/documents/{document.pk}/review/").content.decode()
    assert "总投资6.8亿元" in page
    assert "没有读作目标" in page
    assert "有完成期限" in page
