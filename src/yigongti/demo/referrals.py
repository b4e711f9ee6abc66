"""Live referrals of the demonstration county, in every state that a desk, a doctor and an insurer meet.

Each is a story: who sends whom and why, and the steps that were taken since, by the demonstration's own accounts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.services.proposing import Handover, Proposal, propose
from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.access.records import visible_residents
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import Case
from yigongti.spine.places.models import Institution

DOCTOR, DESK, CLINICIAN = Role.FAMILY_DOCTOR.value, Role.REFERRAL_DESK.value, Role.CLINICIAN.value
SLOT = "slot"
"""What a step is given where the earliest free place is to be booked."""
BACK: Mapping[str, Any] = {
    "discharge_diagnosis": ["慢性心力衰竭,心功能Ⅱ级", "高血压3级"],
    "discharge_summary": "利尿、扩血管治疗后喘憋缓解,下肢水肿消退,体重下降3公斤,血压130/78mmHg。",
    "plan": "每日称体重并记录;两周后复查电解质和肾功能;低盐饮食;家庭医生每周随访一次,共四周。",
    "drugs": ["呋塞米 20mg 口服 每日一次", "沙库巴曲缬沙坦 50mg 口服 每日两次", "美托洛尔缓释片 23.75mg 口服 每日一次"],
    "warning_signs": "三天内体重增加2公斤以上、夜间不能平卧、胸痛持续不缓解。",
}
Step = tuple[str, str, float, Mapping[str, Any]]
"""Step, who takes it, how many hours ago, with what."""


@dataclass(frozen=True)
class Story:
    """One referral.  by: the account; hours_ago: when it was sent; the rest as a Proposal has it."""

    by: str
    hours_ago: float
    diagnosis: str
    reason: str
    summary: str
    direction: str = "up"
    findings: Mapping[str, float | bool] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


ARRIVED: tuple[Step, ...] = (("accept", DESK, 71, {"arrangement": "心内科病区,直接办理入院"}), ("arrive", DESK, 66, {}))
STORIES = (
    Story(DOCTOR, 0.1, "胸痛待查,急性冠脉综合征?", "beyond_ability", "胸骨后压榨样疼痛,含服硝酸甘油不缓解,大汗。",
          findings={"chest_pain_minutes": 40, "sbp": 96, "heart_rate": 108, "spo2": 95}),
    Story(DOCTOR, 3, "头晕待查", "diagnosis", "反复头晕两周,血压波动,拟查头颅CT排除后循环缺血。",
          findings={"sbp": 158, "dbp": 92}),
    Story(DOCTOR, 6, "2型糖尿病", "chronic_uncontrolled", "口服两种降糖药足量三月,空腹血糖仍在11以上,近一周下肢麻木。",
          findings={"glucose": 11.6, "hba1c": 9.8}),
    Story(DOCTOR, 20, "慢性阻塞性肺疾病", "equipment", "咳喘加重三天,本院无肺功能和CT。",
          steps=(("ask", DESK, 18, {"question": "请补充近期胸片和用药情况"}),)),
    Story(DOCTOR, 8, "胃溃疡?", "equipment", "上腹痛一月,大便隐血阳性,需胃镜检查。",
          steps=(("accept", DESK, 5, {SLOT: ""}),)),
    Story(DOCTOR, 72, "慢性心力衰竭急性加重", "beyond_ability", "喘憋、不能平卧两天,双下肢水肿。",
          findings={"sbp": 172, "dbp": 96},
          steps=ARRIVED),
    Story(DOCTOR, 72, "冠心病,不稳定型心绞痛", "difficult", "活动后胸闷加重一周。",
          steps=(*ARRIVED, ("return", CLINICIAN, 4, BACK))),
    Story(DOCTOR, 24 * 20, "慢性心力衰竭", "beyond_ability", "气促、水肿,门诊调整用药无效。", steps=(
        ("accept", DESK, 24 * 20 - 2, {"arrangement": "心内科病区"}), ("arrive", DESK, 24 * 19, {}),
        ("return", CLINICIAN, 24 * 10, BACK), ("take_over", DOCTOR, 24 * 10 - 5, {}),
        ("follow_up", DOCTOR, 24 * 8, {"mode": "home", "finding": "血压128/76,体重稳定,无水肿,按时服药。"}),
        ("close", DOCTOR, 24 * 7, {"outcome": "managed"}))),
    Story(DOCTOR, 30, "阑尾炎?", "beyond_scope", "右下腹痛一天。", steps=(
        ("decline", DESK, 29, {"reason": "外科床位已满,请就近转县中医院"}),)),
    Story(CLINICIAN, 5, "脑梗死恢复期", "recovery", "病情平稳,肌力恢复至Ⅳ级,转回卫生院继续康复。", direction="down",
          findings={"sbp": 134, "dbp": 80}),
    Story(CLINICIAN, 26, "主动脉夹层术后", "difficult", "需行二期腔内修复,本院不能开展。", direction="out"),
)  # fmt: skip
"""Every state once: emergency, waiting, supported by numbers, asked back, booked, in treatment, handed back, closed,
declined, coming down, to be certified."""


def fill_referrals() -> int:
    """Tell every story once a county, each with a patient of its own; returns how many were told.

    A story whose accounts, patient or institution the county has not is left out.
    """
    if Referral.objects.exists():
        return 0
    users = {user.username: user for user in User.objects.filter(username__in=(DOCTOR, DESK, CLINICIAN))}
    if len(users) < 3:
        return 0
    people = _people(users)
    return sum(_told(story, users, people) for story in STORIES)


def _people(users: Mapping[str, User]) -> dict[str, Iterator[str]]:
    """Patients whom a sender may send, no two the same: the clinician's are known below, too.

    Those with the last numbers, so that the first of a list are left for who tries it out.
    """
    known = visible_residents(users[DOCTOR]).filter(died_on__isnull=True).order_by("-pk")
    in_hospital = visible_residents(users[CLINICIAN]).values("pk")
    seen_above = list(known.filter(pk__in=in_hospital).values_list("pk", flat=True)[:4])
    others = known.exclude(pk__in=seen_above).values_list("pk", flat=True)[:20]
    return {DOCTOR: iter(list(others)), CLINICIAN: iter(seen_above)}


@transaction.atomic
def _told(story: Story, users: Mapping[str, User], people: Mapping[str, Iterator[str]]) -> bool:
    patient, now = next(people[story.by], None), clock.now()
    ways = _way(story, users)
    if patient is None or ways is None:
        return False
    sent = now - timedelta(hours=story.hours_ago)
    case: Case = propose(
        _proposal(story, patient, *ways, at=now), by=users[story.by], at=sent, request_id=new_id()
    )  # fmt: skip
    for name, who, hours_ago, data in story.steps:
        at = now - timedelta(hours=hours_ago)
        given = _completed(name, data, case, at=at)
        take(case, name, by=users[who], at=at, request_id=new_id(), data=given)
        case.refresh_from_db()
    return True


def _way(story: Story, users: Mapping[str, User]) -> tuple[str, str] | None:
    """(from, to): between the doctor's centre and the clinician's hospital, or out of the county."""
    centre, hospital = (users[name].assignments.get().institution_id for name in (DOCTOR, CLINICIAN))
    if story.direction == "up":
        return centre, hospital
    if story.direction == "down":
        return hospital, centre
    outside = Institution.objects.filter(in_county=False, kind="provincial_hospital").order_by("pk").first()
    return (hospital, outside.pk) if outside else None


def _proposal(story: Story, patient: str, sender: str, receiver: str, *, at: datetime) -> Proposal:
    due = {"follow_up_by": at.date() + timedelta(days=3)}
    return Proposal(
        resident_id=patient, from_institution_id=sender, to_institution_id=receiver, direction=story.direction,
        reason_code=story.reason, summary=story.summary, diagnosis=[story.diagnosis],
        consent_form="relative" if story.findings.get("chest_pain_minutes") else "signed", findings=story.findings,
        handover=Handover(**{**BACK, "discharge_diagnosis": [story.diagnosis], **due})
        if story.direction == "down" else None,
    )  # fmt: skip


def _completed(name: str, data: Mapping[str, Any], case: Case, *, at: datetime) -> dict[str, Any]:
    """The step's data with what depends on the day: the earliest free place, the day of the first follow-up."""
    given = dict(data)
    if name == "return":
        given["follow_up_by"] = at.date() + timedelta(days=3)
    if SLOT in given:
        given.pop(SLOT)
        given |= _place(case, at=at)
    return given


def _place(case: Case, *, at: datetime) -> dict[str, Any]:
    sought = booking.Sought("exam", booking.Source.REFERRAL, clock.now(), at + timedelta(hours=72), item="胃镜",
                            institution_id=case.counterpart_id or "")  # fmt: skip
    offers = booking.search(sought, at=clock.now(), limit=1)
    return {SLOT: offers[0].slot_id} if offers else {"arrangement": "消化内科门诊"}
