"""A year in 云溪: a villager with chest pain goes village → centre → hospital → back down → followed up.

In a real browser with four logins (the village doctor on a phone), with every deadline, notice, indicator and screen
on the way; and the hospital's file of the stay, which finds the referral by itself.
"""

import csv
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from browser.conftest import PHONE, overflow

CHINA = ZoneInfo("Asia/Shanghai")
PAIN, INFARCTION = "胸痛待查", "急性下壁心肌梗死?"
MEASURED = (
    "referral_closure_rate", "referral_handed_back_share", "referral_followed_up_in_time", "referral_arrival_rate",
    "reserved_referral_share",
)  # fmt: skip
HANDOVER = {
    "discharge_diagnosis": "急性下壁ST段抬高型心肌梗死",
    "discharge_summary": "急诊介入治疗,右冠植入支架一枚,术后无胸痛,心功能Ⅰ级。",
    "plan": "双联抗血小板一年;四周后复查心电图和心脏彩超;村医每周随访。",
    "drugs": "阿司匹林 100mg 口服 每日一次\n替格瑞洛 90mg 口服 每日两次\n阿托伐他汀 20mg 口服 每晚一次",
    "warning_signs": "再发胸痛超过15分钟、黑便、晕厥。",
}


def patient_of(page: Page) -> str:
    """The id of the first person whom the reader finds by where people live."""
    page.goto("/residents/")
    towns = page.locator("#place option", has_text="(全部)").evaluate_all("each => each.map(one => one.value)")
    for town in towns:
        page.goto(f"/residents/?place={town}")
        found = page.locator("tbody a[href^='/residents/']")
        if found.count():
            return str(found.first.get_attribute("href")).strip("/").split("/")[-1]
    raise AssertionError("the village doctor knows nobody")


def take(page: Page, step: str, **fields: str) -> None:
    """Take a step on the case's page with what its form asks for."""
    form = page.locator(f"form[action$='/steps/{step}/']")
    around = page.locator("details.step", has=form)
    if around.count() and around.get_attribute("open") is None:
        around.locator("summary").click()
    for name, value in fields.items():
        control = form.locator(f"[name='{step}-{name}']")
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    form.locator("button").click()
    page.wait_for_load_state("networkidle")


def stands(page: Page, state: str, *, due_in: timedelta | None = None) -> None:
    """The case is in a state, and its next step is due then, give or take two minutes."""
    expect(page.locator(".headline .value")).to_have_text(state)
    if due_in is not None:
        shown = page.locator("dt:has-text('应办时间') + dd").inner_text()
        due = datetime.strptime(shown, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
        assert abs(due - datetime.now(CHINA) - due_in) < timedelta(minutes=2), (state, shown)


def from_inbox(page: Page, diagnosis: str, state: str) -> None:
    """Open the referral of which the inbox says that it has come into a state."""
    page.goto("/inbox/")
    page.locator(".list button", has_text=re.compile(f"{re.escape(diagnosis)}.*现为“{state}”")).first.click()
    page.wait_for_load_state("networkidle")


def send(page: Page, *, to: str, diagnosis: str, summary: str, findings: dict[str, str], answer: str) -> str:
    """Fill in a referral, see the criteria's answer, send it; returns the address of its page."""
    page.locator("[name=to_institution]").select_option(label=to)
    page.select_option("[name=reason_code]", "diagnosis")
    page.fill("[name=diagnosis]", diagnosis)
    page.fill("[name=summary]", summary)
    for name, value in findings.items():
        page.fill(f"[name=finding_{name}]", value)
    page.locator("[name=consent_form][value=oral]").check()
    papers = page.locator("[name=papers]")
    if papers.count():
        papers.first.check()
    expect(page.locator("#answer")).to_contain_text(answer)
    page.wait_for_timeout(1000)  # the criteria are asked again after every change: let the last answer come in
    assert overflow(page) <= 0
    page.click("button:has-text('发出转诊')")
    page.wait_for_url("**/work/**")
    return re.sub(r"^https?://[^/]+", "", page.url)


def figures(county: Any) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of the indicators of referral, of referrals sent today."""
    today = f"{datetime.now(CHINA):%Y-%m-%d}"
    asked = [part for name in MEASURED for part in ("--indicator", name)]
    told = county.run("measure", "--from", today, "--to", today, *asked, "--format", "json")
    return {row["indicator"]: (row["numerator"] or 0, row["denominator"] or 0) for row in json.loads(told)}


def stay_file(path: Path, *, resident_id: str, hospital: str, on: date) -> Path:
    """What the hospital's front-page export says of the stay: nothing of a referral."""
    row = {
        "stay_id": "YX-2026-0001", "resident_id": resident_id, "institution_id": hospital, "admitted_on": str(on),
        "discharged_on": str(on), "department": "心内科", "discharge_way": "1", "dx": "I21.1", "procedures": "36.0700",
        "age_years": "60", "sex": "male", "tcm": "0", "total_fen": "4200000", "fund_fen": "2900000",
        "self_fen": "1300000", "deductible_fen": "50000", "drug_fen": "400000", "material_fen": "2000000",
        "exam_fen": "300000", "lab_fen": "200000", "service_fen": "1300000", "insured_as": "resident",
        "referral_id": "",
    }  # fmt: skip
    file = path / "stay.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, row)
        writer.writeheader()
        writer.writerow(row)
    return file


@dataclass
class Story:
    """Who takes part, in their own browsers, and what later parts must know of earlier ones.

    first, second: addresses of the leg from the village to the centre, and from there to the hospital.
    """

    county: Any
    village: Any
    doctor: Any
    desk: Any
    clinician: Any
    patient: str = ""
    first: str = ""
    second: str = ""
    hospital_id: str = ""


def test_a_villager_with_chest_pain_goes_up_and_comes_home(visit: Any, county: Any, tmp_path: Path) -> None:
    county.run("jobs")
    before = figures(county)
    story = Story(county, visit("village_doctor", window=PHONE), visit("family_doctor"), visit("referral_desk"),
                  visit("clinician"))  # fmt: skip
    the_village_doctor_sends_to_the_centre(story)
    the_centre_receives_and_a_red_flag_takes_the_emergencys_way(story)
    the_hospitals_desk_accepts_with_a_reserved_bed(story)
    the_clinician_hands_back(story)
    the_centre_takes_over_and_hands_on_to_the_village(story)
    the_village_doctor_follows_up_and_closes_both_legs(story)
    the_hospitals_file_of_the_stay_finds_the_referral(story, tmp_path)
    every_indicator_moved_and_no_step_was_late(story, before)
    the_bureau_sees_it(visit("bureau"))


def the_village_doctor_sends_to_the_centre(story: Story) -> None:
    """On a phone: the record, the criteria, sent."""
    story.patient = patient_of(story.village.page)
    home = story.village.open(f"/residents/{story.patient}/")
    home.click("a:has-text('发起转诊')")
    home.wait_for_load_state("networkidle")
    centre = home.locator("[name=to_institution] optgroup[label=上转] option", has_text="卫生院").first.inner_text()
    findings = {"sbp": "138", "dbp": "86", "heart_rate": "92", "chest_pain_minutes": "10"}
    story.first = send(home, to=centre, diagnosis=PAIN, summary="晨起干活时胸闷胸痛,休息后稍缓解", findings=findings,
                       answer="符合转诊标准")  # fmt: skip
    stands(home, "待接收", due_in=timedelta(hours=24))


def the_centre_receives_and_a_red_flag_takes_the_emergencys_way(story: Story) -> None:
    """Told by the inbox, accepts, receives; the ECG tells more."""
    page = story.doctor.page
    from_inbox(page, PAIN, "待接收")
    take(page, "accept", arrangement="请即到全科门诊,先做心电图")
    stands(page, "已接收,待到诊", due_in=timedelta(hours=72))
    take(page, "arrive")
    stands(page, "已到诊,诊治中", due_in=timedelta(days=30))
    page.click("a:has-text('继续上转')")
    page.wait_for_load_state("networkidle")
    offered = page.locator("[name=to_institution] option", has_text="县人民医院").first
    hospital, story.hospital_id = offered.inner_text(), str(offered.get_attribute("value"))
    findings = {"chest_pain_minutes": "45", "sbp": "98", "spo2": "93"}
    story.second = send(page, to=hospital, diagnosis=INFARCTION, summary="心电图Ⅱ、Ⅲ、aVF导联ST段抬高,胸痛持续不缓解",
                        findings=findings, answer="急症红线")  # fmt: skip
    stands(page, "急转,待接收", due_in=timedelta(minutes=15))
    expect(story.doctor.open(story.first).locator(".headline .value")).to_have_text("已继续上转")


def the_hospitals_desk_accepts_with_a_reserved_bed(story: Story) -> None:
    """First in the queue; a reserved bed, and the way there."""
    queue = story.desk.open("/referrals/")
    in_order = queue.locator("tbody tr").evaluate_all("each => each.map(row => row.className)")
    assert in_order == sorted(in_order, reverse=True), "emergencies stand first"
    expect(queue.locator("tbody tr.emergency", has_text=INFARCTION)).to_be_visible()
    queue.locator("tbody tr", has_text=INFARCTION).locator("a").click()
    queue.wait_for_load_state("networkidle")
    expect(queue.locator("main")).to_contain_text("胸痛持续 45 分钟不缓解(界限 >15 分钟)")
    queue.locator("details.step", has_text="接收").first.locator("summary").click()
    beds = queue.locator("[name=accept-slot] optgroup[label*=床位] option", has_text="预留 ")
    take(queue, "accept", slot=str(beds.first.get_attribute("value")), arrangement="绕行急诊,直达导管室")
    stands(queue, "已接收,待到诊", due_in=timedelta(hours=72))
    expect(queue.locator("main")).to_contain_text("预留资源")
    take(queue, "arrive")
    stands(queue, "已到诊,诊治中")


def the_clinician_hands_back(story: Story) -> None:
    """Summary, plan, drugs; and a sheet to print."""
    page = story.clinician.page
    from_inbox(page, INFARCTION, "已到诊,诊治中")
    take(page, "return", **HANDOVER)
    stands(page, "已交回,待接手", due_in=timedelta(hours=24))
    page.click("a:has-text('打印')")
    expect(page.locator(".sheet")).to_contain_text(HANDOVER["plan"])


def the_centre_takes_over_and_hands_on_to_the_village(story: Story) -> None:
    """What the hospital wrote is there already when the centre hands on."""
    page = story.doctor.page
    from_inbox(page, INFARCTION, "已交回,待接手")
    expect(page.locator("main")).to_contain_text("替格瑞洛 90mg 口服 每日两次")
    take(page, "take_over")
    stands(page, "已接手,待随访", due_in=timedelta(hours=72))
    page = story.doctor.open(story.first)
    expect(page.locator("[name=return-discharge_summary]")).to_have_value(HANDOVER["discharge_summary"])
    take(page, "return")
    stands(page, "已交回,待接手")


def the_village_doctor_follows_up_and_closes_both_legs(story: Story) -> None:
    """On the phone again."""
    home = story.village.page
    from_inbox(home, PAIN, "已交回,待接手")
    take(home, "take_over_in_village")
    stands(home, "村医已接手,待随访", due_in=timedelta(days=7))
    take(home, "follow_up", mode="home", finding="无胸痛,按时服药,血压126/78")
    take(home, "close", outcome="recovered")
    stands(home, "已结案")
    assert overflow(home) <= 0
    expect(story.doctor.open(story.second).locator(".headline .value")).to_have_text("已结案")


def the_hospitals_file_of_the_stay_finds_the_referral(story: Story, folder: Path) -> None:
    """The file names no referral; the link is found, and the family doctor sees it."""
    today = datetime.now(CHINA).date()
    file = stay_file(folder, resident_id=story.patient, hospital=story.hospital_id, on=today)
    story.county.run("load", str(file))
    assert "住院关联转诊 1 次" in story.county.run("jobs")
    shown = story.doctor.open(story.second).locator("main")
    expect(shown).to_contain_text("对应住院 YX-2026-0001(按时间)")
    expect(shown).to_contain_text("心内科")


def every_indicator_moved_and_no_step_was_late(story: Story, before: dict[str, tuple[float, float]]) -> None:
    """By these two referrals, and by nothing else."""
    grown = {name: (now[0] - before[name][0], now[1] - before[name][1]) for name, now in figures(story.county).items()}
    assert grown == {
        "referral_closure_rate": (2, 2), "referral_handed_back_share": (2, 2), "referral_followed_up_in_time": (2, 2),
        "referral_arrival_rate": (2, 2), "reserved_referral_share": (1, 2),
    }  # fmt: skip
    timeline = story.doctor.open(story.first).locator(".timeline")
    expect(timeline).to_contain_text("登记首次随访")
    assert "办理超时" not in timeline.inner_text()


def the_bureau_sees_it(bureau: Any) -> None:
    """The indicator with its definition, and referral's own statistics."""
    shown = bureau.open("/indicators/referral_followed_up_in_time/")
    expect(shown.locator("main")).to_contain_text("接手后首次随访及时率")
    expect(bureau.open("/referrals/statistics/").locator(".tile", has_text="上转").first).to_be_visible()
