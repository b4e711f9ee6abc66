"""Files sent by a browser load as from the command line, within what the sender may load."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.browsing import page_of
from tests.files.offices import csv_file, identity, in_lake, institution, resident, visit

from yigongti.exchange.files.models import Load, QuarantinedRow
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.home import home


def test_a_file_loads_and_the_page_says_what_became_of_it(send):
    page = page_of(send("bureau", visit=[visit(1), visit(2), visit(3, day="2025-13-01")]))
    assert "已装载;有误的行原样放进了隔离区" in page
    load = Load.objects.get(table="visit")
    assert (load.rows, load.loaded, load.quarantined, load.by) == (3, 2, 1, "bureau")
    assert len(in_lake("visit")) == 2


def test_sending_the_same_file_again_changes_nothing(send):
    send("bureau", visit=[visit(1)])
    assert "全部装载。" in page_of(send("bureau", visit=[visit(1)]))
    again = Load.objects.filter(table="visit").first()
    assert (again.loaded, again.unchanged) == (0, 1)


def test_every_loading_is_audited_and_no_file_is_left_lying_about(send):
    send("bureau", visit=[visit(1)])
    assert '"file":"visit.csv"' in AuditRecord.objects.get(action="load_files").detail
    assert not list((home().path / "uploads").iterdir())


def test_a_file_that_is_no_fact_file_is_refused_with_what_to_do(office):
    page = page_of(office("bureau").post("/loads/upload/", {"files": SimpleUploadedFile("notes.docx", b"hello")}))
    assert "有文件没有装载" in page
    assert "请另存为" in page
    assert "uploads/" not in page


def test_one_refused_file_does_not_keep_the_others_out(office, tmp_path):
    good = csv_file(tmp_path / "visit.csv", [visit(1)])
    with good.open("rb") as handle:
        files = [SimpleUploadedFile("stay.csv", b"\xff\xfe\x00\x00broken"), handle]
        page = page_of(office("bureau").post("/loads/upload/", {"files": files}))
    assert "有文件没有装载" in page
    assert Load.objects.filter(table="visit", loaded=1).exists()


def test_no_file_and_an_empty_file_are_told_at_the_form(office):
    assert "请先选择文件" in page_of(office("bureau").post("/loads/upload/", {}))
    empty = SimpleUploadedFile("visit.csv", b"")
    assert "文件是空的" in page_of(office("bureau").post("/loads/upload/", {"files": empty}))


def test_more_than_the_settings_allow_is_refused_before_anything_is_loaded(office, settings):
    settings.UPLOAD_LARGEST, settings.UPLOAD_MOST = 10, 1
    one, two = (SimpleUploadedFile(f"visit{n}.csv", b"visit_id,resident_id\n") for n in (1, 2))
    assert "合计超过" in page_of(office("bureau").post("/loads/upload/", {"files": one}))
    assert "一次最多 1 个文件" in page_of(office("bureau").post("/loads/upload/", {"files": [one, two]}))
    assert not Load.objects.exclude(table="institution").exists()


class TestWhoMayLoadWhat:
    def test_a_manager_loads_the_rows_of_their_own_institution(self, send):
        assert "全部装载。" in page_of(send("manager", visit=[visit(1)]))

    def test_a_managers_file_with_another_institutions_row_is_refused_whole(self, send):
        page = page_of(send("manager", visit=[visit(1), visit(2, institution_id="I2")]))
        assert "不在您管辖范围内的机构“I2”" in page
        assert "第 3 行" in page
        assert in_lake("visit") == []

    def test_an_institution_that_nobody_knows_goes_to_the_quarantine_as_always(self, send):
        send("manager", visit=[visit(1), visit(2, institution_id="typo")])
        assert QuarantinedRow.objects.get().value == "typo"

    @pytest.mark.parametrize("table", ["resident", "identity", "institution"])
    def test_master_data_are_the_bureaus_to_load(self, send, table):
        rows = {"resident": [resident(1)], "identity": [identity(1)], "institution": [institution(3)]}
        assert "您的岗位不能装载" in page_of(send("manager", **{table: rows[table]}))

    def test_the_insurance_office_loads_settlements_of_any_institution_and_nothing_else(self, send):
        assert "全部装载。" in page_of(send("insurer", visit=[visit(1), visit(2, institution_id="I2")]))
        assert "您的岗位不能装载" in page_of(send("insurer", resident=[resident(1)]))

    def test_the_template_with_its_empty_sheets_harms_nobody(self, office, offices):
        browser = office("manager")
        workbook = b"".join(browser.get("/loads/template/").streaming_content)
        page = page_of(browser.post("/loads/upload/", {"files": SimpleUploadedFile("模板.xlsx", workbook)}))
        assert "您的岗位不能装载" not in page

    def test_an_auditor_looks_on(self, office):
        browser = office("auditor")
        assert browser.get("/loads/").status_code == 200
        assert browser.get("/loads/upload/").status_code == 403
        assert "选择文件" not in browser.get("/loads/").content.decode()


class TestWhoSeesWhichLoads:
    def test_a_manager_sees_what_they_loaded_themselves(self, send, office):
        send("manager", visit=[visit(1)])
        send("bureau", stay=[{"stay_id": "S1"}])
        page = page_of(office("manager").get("/loads/"))
        assert "visit.csv" in page
        assert "stay.csv" not in page
        other = Load.objects.exclude(by="manager").first()
        assert office("manager").get(f"/loads/{other.pk}/").status_code == 404

    def test_the_insurance_office_sees_the_settlements_of_everybody(self, send, office):
        send("manager", visit=[visit(1)])
        page = page_of(office("insurer").get("/loads/"))
        assert "visit.csv" in page
        assert "institution.csv" not in page
