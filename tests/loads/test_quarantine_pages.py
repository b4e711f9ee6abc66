"""Refused rows are told by reason, taken away and mended, or given up with a reason that is audited."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.browsing import page_of
from tests.files.offices import identity, in_lake, visit

from yigongti.exchange.files.models import Load, QuarantinedRow
from yigongti.spine.audit.models import AuditRecord

BAD = [
    visit(1),
    visit(2, day="2025-13-01"),
    visit(3, day="2025-13-02"),
    visit(4, self_fen="4001"),
]


@pytest.fixture
def refused(send):
    """Three bad rows of the bureau's file of visits."""
    send("bureau", visit=BAD)
    return list(QuarantinedRow.objects.order_by("pk"))


def states() -> list[str]:
    return list(QuarantinedRow.objects.order_by("pk").values_list("state", flat=True))


def test_a_load_tells_its_refusals_by_column_and_reason_with_examples(refused, office):
    page = page_of(office("bureau").get(f"/loads/{refused[0].load_id}/"))
    assert "就诊日期 · 类型" in page
    assert "总费用 · 金额合计" in page
    assert "2025-13-01" in page


def test_a_refused_file_says_why(office):
    file = SimpleUploadedFile("visit.csv", b"visit_id,nonsense\nV1,x\n")
    office("bureau").post("/loads/upload/", {"files": file})
    load = Load.objects.latest("pk")
    page = page_of(office("bureau").get(f"/loads/{load.pk}/"))
    assert load.error["what"] in page
    assert "整份拒收" in page


def test_the_quarantine_is_narrowed_by_table_and_rule_and_state(refused, office):
    browser = office("bureau")
    assert "2025-13-01" in page_of(browser.get("/quarantine/"))
    assert "2025-13-01" not in page_of(browser.get("/quarantine/?table=visit&rule=sum"))
    assert "这里没有隔离的行" in page_of(browser.get("/quarantine/?state=discarded"))
    assert "2025-13-01" in page_of(browser.get("/quarantine/?load=nonsense&state=nonsense"))


def test_a_row_is_shown_whole_with_every_problem(refused, office):
    page = page_of(office("bureau").get(f"/quarantine/{refused[0].pk}/"))
    assert "resident_id" in page
    assert "不是日期" in page


def test_rows_taken_away_and_mended_load_again_and_leave_the_quarantine(refused, office):
    browser = office("bureau")
    answer = browser.get("/quarantine/mend/?rule=kind")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["day"] for row in rows] == ["2025-13-01", "2025-13-02"]
    mended = io.StringIO()
    writer = csv.DictWriter(mended, rows[0].keys())
    writer.writeheader()
    writer.writerows({**row, "day": "2025-12-01"} for row in rows)
    browser.post(
        "/loads/upload/", {"files": SimpleUploadedFile(f"visit-{refused[0].pk}.csv", mended.getvalue().encode())}
    )
    assert states() == ["mended", "mended", "open"]
    assert len(in_lake("visit")) == 3


def test_picked_rows_are_given_up_with_a_reason_and_that_is_audited(refused, office):
    form = {"row": [str(refused[2].pk)], "decision": "discarded", "why": "医院确认是重复上报"}
    answer = office("bureau").post("/quarantine/settle/", form, follow=True)
    assert "已处理 1 行" in page_of(answer)
    assert states() == ["open", "open", "discarded"]
    settled = QuarantinedRow.objects.get(pk=refused[2].pk)
    assert (settled.settled_by, settled.settled_why) == ("bureau", "医院确认是重复上报")
    detail = json.loads(AuditRecord.objects.get(action="settle_quarantined_rows").detail)
    assert detail == {"decision": "discarded", "why": "医院确认是重复上报", "rows": [refused[2].pk]}


def test_all_rows_of_a_selection_are_settled_at_once(refused, office):
    form = {"all": "1", "rule": "kind", "decision": "mended", "why": "已在医院端改正"}
    office("bureau").post("/quarantine/settle/", form)
    assert states() == ["mended", "mended", "open"]


def test_nothing_is_settled_without_a_reason_or_for_a_made_up_state(refused, office):
    browser = office("bureau")
    for form in ({"all": "1", "decision": "discarded", "why": " "}, {"all": "1", "decision": "open", "why": "理由"}):
        browser.post("/quarantine/settle/", form)
    assert states() == ["open"] * 3


def test_nothing_picked_settles_nothing(refused, office):
    answer = office("bureau").post("/quarantine/settle/", {"decision": "discarded", "why": "理由"}, follow=True)
    assert "没有选中任何待处理的行" in page_of(answer)
    assert states() == ["open"] * 3


def test_a_row_that_is_settled_is_not_settled_again(refused, office):
    form = {"row": [str(refused[0].pk)], "decision": "discarded", "why": "理由"}
    office("bureau").post("/quarantine/settle/", form)
    office("bureau").post("/quarantine/settle/", {**form, "decision": "mended"})
    assert states()[0] == "discarded"


def test_nobody_sees_or_settles_rows_of_other_peoples_loads(refused, office):
    browser = office("manager")
    assert "这里没有隔离的行" in page_of(browser.get("/quarantine/"))
    assert browser.get(f"/quarantine/{refused[0].pk}/").status_code == 404
    browser.post("/quarantine/settle/", {"all": "1", "decision": "discarded", "why": "理由"})
    assert states() == ["open"] * 3
    assert browser.get("/quarantine/mend/").status_code == 409


def test_an_auditor_sees_the_rows_and_can_neither_take_nor_settle_them(refused, office):
    browser = office("auditor")
    assert "下载待改正的行" not in page_of(browser.get("/quarantine/"))
    assert browser.get("/quarantine/mend/").status_code == 403
    assert browser.post("/quarantine/settle/", {"all": "1"}).status_code == 403


def test_identities_are_never_on_a_page_and_their_download_is_audited(send, office):
    send("bureau", identity=[identity(1, name="")])
    row = QuarantinedRow.objects.get()
    page = page_of(office("bureau").get(f"/quarantine/{row.pk}/")) + page_of(office("bureau").get("/quarantine/"))
    assert "500113196005010021" not in page
    assert "已加密保存" in page
    assert "500113196005010021" in office("bureau").get("/quarantine/mend/").content.decode("utf-8-sig")
    assert AuditRecord.objects.filter(action="export_quarantined_rows").count() == 1
