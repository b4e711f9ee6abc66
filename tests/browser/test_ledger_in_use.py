"""The ledger in use: a file in, its readings reviewed by keyboard, its tasks followed; at a desk, on a phone."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, overflow

PLAN = """甲县基层医疗卫生服务能力提升实施方案
甲府办〔2024〕9号
甲县人民政府办公室
2024年6月1日
一、主要任务
(一)健全家庭医生制度。规范签约服务流程。到2027年,家庭医生签约服务重点人群覆盖率达到80%。牵头单位:县卫生健康局;配合单位:县医保局。
(二)扩充精神卫生力量。到2028年,每10万常住人口精神科执业(助理)医师数达到9名。责任单位:县卫生健康局、县人力社保局。
(三)加强组织领导。各单位要明确分工,定期会商,确保任务落实。责任单位:县卫生健康局。
"""


@pytest.fixture(scope="module")
def in_force(browser: Any, county: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The plan taken through import, review by keyboard and both steps, once; the address of its page."""
    from browser.conftest import DESKTOP, Visitor

    visitor = Visitor(browser, county, role="bureau", window=DESKTOP, language="zh-hans")
    file = Path(tmp_path_factory.mktemp("policy")) / "plan.txt"
    file.write_text(PLAN, encoding="utf-8")
    page = visitor.open("/ledger/documents/")
    page.set_input_files("[name=file]", file)
    page.click("form.import button")
    page.wait_for_url("**/review/")
    review_by_keyboard(page)
    page.click("button:has-text('确认全文')")
    page.locator("details.step:has(input[value=enforce]) form button").click()
    page.wait_for_load_state("networkidle")
    address = re.sub(r"^https?://[^/]+", "", page.url)
    assert visitor.complaints == []
    visitor.context.close()
    return address


def review_by_keyboard(page: Any) -> None:
    """Edit one reading with e and leave it; correct its deadline with Enter in the field; confirm the rest."""
    page.wait_for_selector(".reading.current")
    while "target" not in page.locator(".reading.current form").get_attribute("hx-post"):
        page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".reading.current [name=phrase]")).to_be_focused()
    page.fill(".reading.current [name=value]", "82")
    page.keyboard.press("Escape")
    assert page.locator(".reading.current [name=phrase]").count() == 0
    page.keyboard.press("e")
    page.fill(".reading.current [name=due]", "2029")
    page.press(".reading.current [name=due]", "Enter")
    expect(page.locator(".reading[data-verdict=confirmed]", has_text="机器读作")).to_have_count(1)
    while int(page.locator("#left").inner_text()):
        left = int(page.locator("#left").inner_text())
        page.keyboard.press("Enter")
        expect(page.locator("#left")).to_have_text(str(left - 1))


def ours(page: Any) -> Any:
    """The links to the plan's tasks on a board grouped by document; the demonstration has documents of its own."""
    return page.locator(".ledger-group:has(h2:has-text('甲县')) tbody a")


def test_what_was_left_with_escape_is_not_kept(visit, in_force):
    page = visit("bureau").open(in_force)
    assert page.locator(".figure-line", has_text="80%").count() == 1
    assert page.locator(".figure-line", has_text="82%").count() == 0
    assert page.locator(".figure-line", has_text="2029").count() == 1


def test_the_board_groups_and_filters_tasks_and_leads_to_one(visit, in_force):
    page = visit("bureau").open("/ledger/")
    assert page.locator(".ledger-group tbody tr").count() >= 3
    page.select_option("#by", "unit")
    page.wait_for_url("**by=unit*")
    assert page.locator(".ledger-group h2", has_text="县人力社保局").count() == 1
    page.locator(".ledger-group tbody a").first.click()
    page.wait_for_url("**/ledger/tasks/**")


def test_a_measured_target_is_drawn_against_its_path_and_time(visit, in_force):
    page = visit("bureau").open("/ledger/?q=家庭医生")
    ours(page).first.click()
    page.wait_for_selector("figure.chart canvas")
    assert page.locator(".headline .value").inner_text() in ("红灯", "黄灯", "绿灯")


def test_a_task_is_started_and_progress_reported_with_evidence(visit, in_force, tmp_path):
    page = visit("bureau").open("/ledger/?q=组织领导")
    ours(page).first.click()
    page.fill("[name=start-plan]", "每季度会商")
    page.locator("details.step:has(input[value=start]) form button").click()
    page.wait_for_selector("[name=report-progress]")
    paper = tmp_path / "纪要.txt"
    paper.write_text("会议纪要", encoding="utf-8")
    page.fill("[name=report-progress]", "已会商一次")
    page.set_input_files("[name=report-papers]", paper)
    page.locator("details.step:has(input[value=report]) form button").click()
    page.wait_for_selector("a:has-text('纪要.txt')")
    assert "待核查" in page.locator(".headline").inner_text()


def test_a_target_becomes_a_rule_with_its_clause(visit, in_force):
    page = visit("bureau").open(in_force)
    page.locator(".to-rule summary").first.click()
    page.locator(".to-rule form button").first.click()
    page.wait_for_selector(".alert-success")
    page.goto(page.url.split("/ledger/")[0] + "/rules/measure.target.key_group_contract_coverage/")
    assert "甲府办〔2024〕9号" in page.locator("main").inner_text()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_the_ledger_is_wider_than_a_phone(visit, in_force, language):
    visitor = visit("bureau", window=PHONE, language=language)
    visitor.page.wait_for_load_state("networkidle")
    pages = ["", "calendar/", "overdue/", "unit/", "differences/", "documents/"]
    for address in [*(f"/ledger/{each}" for each in pages), in_force, f"{in_force}coverage/", f"{in_force}report/"]:
        assert overflow(visitor.open(address)) == 0, address


def test_the_report_is_taken_away_as_pdf_and_docx(visit, in_force):
    page = visit("bureau").open(f"{in_force}report/?period=2026")
    for kind in ("DOCX", "PDF"):
        with page.expect_download() as taken:
            page.click(f"a:has-text('{kind}')")
        assert taken.value.suggested_filename.endswith(f".{kind.lower()}")


def test_a_file_that_is_no_policy_is_refused_beside_the_form(visit, county, tmp_path):
    page = visit("bureau").open("/ledger/documents/")
    file = tmp_path / "news.txt"
    file.write_text("今天天气很好。", encoding="utf-8")
    page.set_input_files("[name=file]", file)
    page.click("form.import button")
    assert "没有读到政策文件" in page.locator("[role=alert]").inner_text()
