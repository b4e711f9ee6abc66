"""What people do with records, institutions, files, rules and notices: with mouse and keyboard, on a phone too."""

import csv
import io
from pathlib import Path

from browser.conftest import PHONE, overflow

FIRST_PERSON = "table tbody tr:first-child a"
VISIT = (
    "visit_id,resident_id,institution_id,day,kind,dx,tcm,total_fen,fund_fen,self_fen,booked\n"
    "BROWSER-1,R00000001,I-TC-01,2026-05-04,outpatient,I10,0,5000,3000,2000,0\n"
    "BROWSER-2,R00000001,I-TC-01,2026-05-44,outpatient,I10,0,5000,3000,2000,0\n"
)


def listed_people(visitor):
    """The people of the town where this visitor's institution is, as far as they may see them."""
    page = visitor.open("/residents/")
    own = page.locator("details.account summary").inner_text()
    towns = page.eval_on_selector_all(
        "#place optgroup", "groups => groups.map(each => [each.label, each.querySelector('option').value])"
    )
    page = visitor.open(f"/residents/?place={next(place for town, place in towns if town in own)}")
    assert page.locator(FIRST_PERSON).count()
    return page


def opened_record(visitor):
    page = listed_people(visitor)
    page.locator(FIRST_PERSON).first.click()
    page.wait_for_load_state("networkidle")
    return page


def test_a_family_doctor_finds_a_person_by_where_they_live_and_reads_the_record(visit):
    page = opened_record(visit("family_doctor"))
    assert page.locator("#timeline .list > li").count() >= 1
    assert "已记录" in page.locator(".heading").inner_text()
    assert "*" in page.locator("#identity").inner_text()


def test_a_person_is_found_by_resident_id_which_stays_out_of_the_address(visit):
    visitor = visit("family_doctor")
    page = listed_people(visitor)
    resident_id = page.locator("tbody tr:first-child td:last-child").inner_text()
    page = visitor.open("/residents/")
    page.keyboard.press("/")
    page.keyboard.type(resident_id)
    page.keyboard.press("Enter")
    page.wait_for_selector(FIRST_PERSON)
    assert resident_id not in page.url
    assert page.locator("tbody tr").count() == 1


def test_the_timeline_is_filtered_by_kind_and_goes_on_without_leaving_the_page(visit):
    page = opened_record(visit("family_doctor"))
    page.locator("#timeline nav.chips").first.locator("a", has_text="门急诊就诊").click()
    page.wait_for_url("**kind=visit**")
    labels = set(page.locator("#timeline .list > li > .text > strong").all_inner_texts())
    assert labels == {"门急诊就诊"}


def test_the_charges_of_a_visit_are_opened_on_demand(visit):
    page = opened_record(visit("family_doctor"))
    page.locator("#timeline nav.chips").first.locator("a", has_text="门急诊就诊").click()
    page.wait_for_url("**kind=visit**")
    page.locator("summary", has_text="费用明细").first.click()
    page.wait_for_selector(".charges table tfoot, .charges p.text-secondary")


def test_the_whole_identity_is_shown_on_request_and_the_record_says_who_looked(visit):
    page = opened_record(visit("family_doctor"))
    page.locator("#identity button").click()
    page.wait_for_selector("#identity dt:has-text('姓名')")
    assert "*" not in page.locator("#identity").inner_text()
    page.locator("summary", has_text="谁看过这份档案").click()
    page.wait_for_selector("#readers ul li")
    assert "身份信息" in page.locator("#readers").inner_text()


def test_residents_read_their_own_record_on_a_phone(visit):
    visitor = visit("resident", window=PHONE)
    page = visitor.open("/my/record/")
    address = page.eval_on_selector_all("a[href^='/residents/']", "links => links.map(link => link.pathname)")
    page = visitor.open(address[0])
    assert page.locator("#timeline").is_visible()
    assert overflow(page) <= 0


def test_a_record_outside_is_opened_in_an_emergency_with_a_reason_and_the_auditor_is_told(visit):
    listed = listed_people(visit("family_doctor"))
    resident_id = listed.locator("tbody tr:first-child td:last-child").inner_text()
    page = visit("clinician").open("/residents/emergency/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("[name=identifier]", resident_id)
    page.fill("[name=reason]", "昏迷送医,需查过敏史")
    page.locator("main button.btn-danger").click()
    page.wait_for_url(f"**/residents/{resident_id}/")
    page.wait_for_load_state("networkidle")
    assert "已记录" in page.locator(".heading").inner_text()
    page = visit("auditor").open("/inbox/?show=unread")
    page.locator(".list button", has_text="昏迷送医").first.click()
    page.wait_for_url(f"**/audit/?resident_id={resident_id}")


def test_the_map_shows_how_villages_are_served_and_the_list_what_to_do(visit):
    page = visit("bureau").open("/villages/")
    page.wait_for_selector("figure.map path.leaflet-interactive")
    assert page.locator("figure.map path.leaflet-interactive").count() >= 200
    blank = page.locator("#table-blank tbody tr", has_text="空白点")
    assert blank.count() == int(page.locator(".tones .key", has_text="空白点").locator("strong").inner_text())


def test_a_point_of_the_map_leads_to_its_institution_by_keyboard(visit):
    page = visit("bureau").open("/villages/")
    page.wait_for_selector("figure.map path[tabindex='0']")
    page.locator("figure.map path[tabindex='0']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/institutions/*/")
    assert page.locator("main h1").inner_text()


def test_institutions_are_searched_and_one_shows_its_people_and_numbers(visit):
    page = visit("bureau").open("/institutions/?kind=county_hospital")
    page.locator("tbody a").first.click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="人员", exact=True).count() == 1
    assert page.locator("section", has_text="最近的指标").locator("tbody tr").count() >= 10


def test_a_file_is_loaded_in_the_browser_mended_and_loaded_again(visit, tmp_path: Path):
    file = tmp_path / "visit-browser.csv"
    file.write_text(VISIT, encoding="utf-8")
    visitor = visit("bureau")
    page = visitor.open("/loads/")
    page.set_input_files("[name=files]", file)
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("h1:has-text('装载结果')")
    assert "隔离区" in page.locator(".alert").inner_text()
    page.locator("tbody a").first.click()
    page.wait_for_load_state("networkidle")
    with page.expect_download() as download:
        page.locator(".actions a[download]").click()
    mended = tmp_path / "visit-mended.csv"
    mended.write_text(_mended(Path(download.value.path()).read_text("utf-8-sig")), encoding="utf-8")
    page = visitor.open("/loads/")
    page.set_input_files("[name=files]", mended)
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("h1:has-text('装载结果')")
    assert "全部装载" in page.locator(".alert").inner_text()


def test_a_quarantined_row_is_given_up_with_a_reason(visit, tmp_path: Path):
    file = tmp_path / "visit-faulty.csv"
    file.write_text(VISIT.replace("BROWSER-", "FAULTY-"), encoding="utf-8")
    visitor = visit("bureau")
    page = visitor.open("/loads/")
    page.set_input_files("[name=files]", file)
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("h1:has-text('装载结果')")
    page = visitor.open("/quarantine/?table=visit")
    page.locator("tbody input[type=checkbox]").last.check()
    page.fill("[name=why]", "医院确认不应上报")
    page.locator("button", has_text="处理选中的行").click()
    page.wait_for_selector(".alert:has-text('已处理 1 行')")


def test_the_template_to_fill_in_is_taken_away(visit):
    page = visit("manager").open("/loads/")
    with page.expect_download() as download:
        page.locator("a[download]", has_text="下载模板").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_clause_leads_to_its_rule_and_back_to_its_document(visit):
    page = visit("bureau").open("/coverage/BN-1/")
    page.locator("a.clause-chip[href^='/rules/']").first.click()
    page.wait_for_load_state("networkidle")
    page.locator(".facts a.clause-chip").first.click()
    page.wait_for_selector("dialog#sheet[open] h2")
    assert page.locator("dialog#sheet h2").count() >= 1


def test_rules_are_searched_with_the_slash_key(visit):
    page = visit("bureau").open("/rules/")
    page.keyboard.press("/")
    page.keyboard.type("签约覆盖率")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert 0 < page.locator("tbody tr").count() < 10


def _mended(text: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows({**row, "day": "2026-05-24"} for row in rows)
    return out.getvalue()
