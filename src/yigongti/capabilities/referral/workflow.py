"""Two-way referral as closed loops: up (or sideways) and back, down by the hospital, and out of the county (JD-5).

A referral up ends when the base-level doctor has taken the patient back, followed up and closed it; or on the way:
declined, cancelled, expired, not arrived, ended at the hospital.  Red flags enter by `alert` and have minutes, not
hours.  The three workflows share their states' names, so that a list of all of them reads as one.
"""

from collections.abc import Mapping

from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.kernel.workflow import Step, Workflow

PROPOSERS = frozenset({Role.VILLAGE_DOCTOR, Role.FAMILY_DOCTOR, Role.CLINICIAN})
"""Who sends a patient on."""
DESK = frozenset({Role.REFERRAL_DESK, Role.FAMILY_DOCTOR, Role.CLINICIAN})
"""Who answers for the receiver: the desk of a hospital, a doctor of a centre."""
HEALERS = frozenset({Role.CLINICIAN, Role.FAMILY_DOCTOR})
"""Who treats, and hands back with a discharge summary."""
BASE = frozenset({Role.FAMILY_DOCTOR, Role.CLINICIAN})
"""Who takes over at a centre; in a village the village doctor does, who has longer to visit."""

STATES: Mapping[str, str] = {
    "draft": "拟转诊", "emergency": "急转,待接收", "sent": "待接收", "queried": "待补充", "accepted": "已接收,待到诊",
    "certified": "已备案,待就医", "arrived": "已到诊,诊治中", "away": "县外就医中", "referred_on": "已继续上转",
    "returned": "已交回,待接手", "taken_over": "已接手,待随访", "village_care": "村医已接手,待随访",
    "followed_up": "已随访,待结案", "closed": "已结案", "declined": "未接收", "cancelled": "已取消",
    "expired": "已失效", "not_arrived": "未到诊", "ended": "在院终结",
}  # fmt: skip
"""Every state of a referral in whatever direction, in the order of a good course."""
CARE = {"taken_over", "village_care"}
"""States in which the base-level doctor owes the first follow-up."""

UP_REASONS: Mapping[str, str] = {
    "beyond_ability": "急危重症,本机构难以有效救治", "difficult": "疑难复杂,受条件限制不能诊治",
    "public_event": "突发公共卫生事件或重大伤亡", "equipment": "受技术、设备限制", "beyond_scope": "超出核准的诊疗科目",
    "diagnosis": "需进一步检查明确诊断", "chronic_uncontrolled": "慢性病控制不满意或出现并发症",
    "pregnancy_or_child": "孕产妇或儿童合并相关疾病", "other": "其他",
}  # fmt: skip
DOWN_REASONS: Mapping[str, str] = {
    "recovery": "病情平稳,转入康复", "stable_chronic": "诊断明确的慢性病,需长期治疗", "voluntary": "患者自愿转回",
    "nursing": "老年患者需长期护理", "common_disease": "一般常见病、多发病", "agreed": "双方商定的其他情形",
}  # fmt: skip
OUT_REASONS: Mapping[str, str] = {
    **{name: UP_REASONS[name] for name in ("beyond_ability", "difficult", "equipment", "beyond_scope")},
    "rehabilitation_elsewhere": "随异地居住的家属康复照护",
}  # fmt: skip
REASONS: Mapping[str, str] = {**UP_REASONS, **DOWN_REASONS, **OUT_REASONS}
"""Reason code → label; which of them a county accepts is a rule (`referral.criteria.*_reasons`)."""

DIRECTIONS: Mapping[str, str] = {"up": "上转", "lateral": "平转", "down": "下转", "out": "转往县外"}
CONSENT_FORMS: Mapping[str, str] = {
    "signed": "本人书面同意", "oral": "本人口头同意", "relative": "家属代为同意", "emergency": "急症不能表达,先行救治",
}  # fmt: skip
OUTCOMES: Mapping[str, str] = {
    "recovered": "痊愈或好转,转入常规管理", "managed": "病情稳定,纳入慢病管理", "readmitted": "病情反复,另行转诊",
    "deceased": "死亡", "lost": "失访",
}  # fmt: skip
ENDINGS: Mapping[str, str] = {"deceased": "死亡", "left": "自动离院", "moved": "转往其他机构", "other": "其他"}
FOLLOW_UP_MODES: Mapping[str, str] = {"clinic": "门诊", "home": "入户", "phone": "电话", "online": "网络"}

_FIELDS = (
    Column("question", "要求补充的内容", Kind.TEXT),
    Column("answer", "补充的内容", Kind.TEXT),
    Column("slot", "预约时段", Kind.INTEGER, refers="slot"),
    Column("arrangement", "就诊安排", Kind.TEXT),
    Column("finding", "随访情况", Kind.TEXT),
    Column("mode", "随访方式", Kind.CODE, choices=FOLLOW_UP_MODES),
    Column("ending", "终结情形", Kind.CODE, choices=ENDINGS),
)
_OPENING = ("direction", "reason_code", "summary", "diagnosis", "consent_form")
_HANDOVER = ("discharge_diagnosis", "discharge_summary", "plan", "follow_up_by")


def _aftercare() -> tuple[Step, ...]:
    """From handed back to closed: the same wherever the patient comes back from."""
    return (
        Step("take_over", "returned", "taken_over", by=BASE, at="sender", label="接手", effect="take_over",
             deadline="referral.take_over_within"),
        Step("take_over_in_village", "returned", "village_care", by=Role.VILLAGE_DOCTOR, at="sender", label="村医接手",
             effect="take_over"),
        *_following("sender"),
    )  # fmt: skip


def _following(at: str) -> tuple[Step, ...]:
    everybody = PROPOSERS | {SYSTEM}
    return (
        Step("follow_up", "taken_over", "followed_up", by=everybody, at=at, label="登记首次随访",
             needs=("mode", "finding"), effect="follow_up", deadline="referral.first_follow_up_within"),
        Step("follow_up", "village_care", "followed_up", by=everybody, at=at, label="登记首次随访",
             needs=("mode", "finding"), effect="follow_up", deadline="referral.village_first_follow_up_within"),
        Step("close", "followed_up", "closed", by=everybody, at=at, label="结案", needs=("outcome",), effect="end"),
    )  # fmt: skip


def _off_the_way(*waiting: str, unanswered: frozenset[str], at: str = "sender") -> tuple[Step, ...]:
    """How a referral ends before the patient has come."""
    return (
        Step("cancel", waiting, "cancelled", by=PROPOSERS, at=at, label="取消转诊", needs=("reason",), effect="end"),
        Step("expire", unanswered, "expired", by=SYSTEM, label="失效", needs=("reason",), effect="end"),
    )


REFERRAL = Workflow(
    "referral",
    label="转诊",
    states={name: STATES[name] for name in STATES if name not in ("certified", "away")},
    initial="draft",
    final={"closed", "declined", "cancelled", "expired", "not_arrived", "ended"},
    opened_by=PROPOSERS,
    opening=_OPENING,
    fields=_FIELDS,
    source="jiading-2020-1 5",
    steps=(
        Step("send", "draft", "sent", by=PROPOSERS, at="sender", label="发出", guard="criteria", effect="send"),
        Step("alert", "draft", "emergency", by=PROPOSERS, at="sender", label="急转", guard="red_flag", effect="send"),
        Step("accept", "sent", "accepted", by=DESK, at="receiver", label="接收", asks=("slot", "arrangement"),
             effect="accept_with_place", deadline="referral.accept_within"),
        Step("accept", "emergency", "accepted", by=DESK, at="receiver", label="接收", asks=("slot", "arrangement"),
             effect="accept_with_place", deadline="referral.emergency_accept_within"),
        Step("decline", {"sent", "emergency"}, "declined", by=DESK, at="receiver", label="不接收", needs=("reason",),
             effect="end"),
        Step("ask", "sent", "queried", by=DESK, at="receiver", label="要求补充", needs=("question",)),
        Step("supplement", "queried", "sent", by=PROPOSERS, at="sender", label="补充", needs=("answer",),
             deadline="referral.supplement_within"),
        Step("arrive", "accepted", "arrived", by=DESK, at="receiver", label="登记到诊", effect="arrive",
             deadline="referral.arrive_within"),
        Step("miss", "accepted", "not_arrived", by=DESK | {SYSTEM}, at="receiver", label="未到诊", needs=("reason",),
             effect="end"),
        Step("refer_on", "arrived", "referred_on", by=HEALERS, at="receiver", label="继续上转", guard="sent_on"),
        Step("resume", "referred_on", "arrived", by=HEALERS | {SYSTEM}, at="receiver", label="上转未成,继续诊治",
             needs=("reason",)),
        Step("return", {"arrived", "referred_on"}, "returned", by=HEALERS, at="receiver", label="交回", needs=_HANDOVER,
             asks=("drugs", "warning_signs"), effect="hand_back", deadline="referral.close_within"),
        Step("end", {"arrived", "referred_on"}, "ended", by=HEALERS | {SYSTEM}, at="receiver", label="在院终结",
             needs=("ending", "reason"), effect="end"),
        *_aftercare(),
        *_off_the_way("draft", "emergency", "sent", "queried", "accepted",
                      unanswered=frozenset({"draft", "emergency", "sent", "queried"})),
    ),
)  # fmt: skip

REFERRAL_DOWN = Workflow(
    "referral_down",
    label="下转",
    states={name: STATES[name] for name in ("draft", "sent", "accepted", "taken_over", "village_care", "followed_up",
                                            "closed", "declined", "cancelled", "expired", "not_arrived")},
    initial="draft",
    final={"closed", "declined", "cancelled", "expired", "not_arrived"},
    opened_by=DESK,
    opening=(*_OPENING, *_HANDOVER),
    fields=_FIELDS,
    source="yunnan-2024-17 5",
    steps=(
        Step("send", "draft", "sent", by=DESK, at="sender", label="发出", guard="criteria", effect="send"),
        Step("accept", "sent", "accepted", by=BASE | {Role.VILLAGE_DOCTOR}, at="receiver", label="接收",
             effect="accept", deadline="referral.accept_within"),
        Step("decline", "sent", "declined", by=BASE | {Role.VILLAGE_DOCTOR}, at="receiver", label="不接收",
             needs=("reason",), effect="end"),
        Step("take_over", "accepted", "taken_over", by=BASE, at="receiver", label="患者已到,接手", effect="take_over",
             deadline="referral.arrive_within"),
        Step("take_over_in_village", "accepted", "village_care", by=Role.VILLAGE_DOCTOR, at="receiver",
             label="村医接手", effect="take_over"),
        Step("miss", "accepted", "not_arrived", by=PROPOSERS | {SYSTEM}, at="receiver", label="患者未到",
             needs=("reason",), effect="end"),
        *_following("receiver"),
        Step("cancel", {"draft", "sent", "accepted"}, "cancelled", by=DESK, at="sender", label="取消下转",
             needs=("reason",), effect="end"),
        Step("expire", {"draft", "sent"}, "expired", by=SYSTEM, label="失效", needs=("reason",), effect="end"),
    ),
)  # fmt: skip

REFERRAL_OUT = Workflow(
    "referral_out",
    label="县外转诊",
    states={name: STATES[name] for name in ("draft", "sent", "certified", "away", "returned", "taken_over",
                                            "village_care", "followed_up", "closed", "declined", "cancelled",
                                            "expired", "not_arrived", "ended")},
    initial="draft",
    final={"closed", "declined", "cancelled", "expired", "not_arrived", "ended"},
    opened_by=PROPOSERS,
    opening=_OPENING,
    fields=_FIELDS,
    source="yunnan-2024-17 13",
    steps=(
        Step("send", "draft", "sent", by=PROPOSERS, at="sender", label="申请备案", guard="criteria", effect="send"),
        Step("certify", "sent", "certified", by=Role.INSURER, at="county", label="备案", needs=("certificate_number",),
             effect="accept", deadline="referral.certify_within"),
        Step("decline", "sent", "declined", by=Role.INSURER, at="county", label="不予备案", needs=("reason",),
             effect="end"),
        Step("depart", "certified", "away", by=PROPOSERS | {Role.RESIDENT}, at="sender", label="登记到诊",
             effect="arrive", deadline="referral.arrive_within"),
        Step("miss", "certified", "not_arrived", by=PROPOSERS | {SYSTEM}, at="sender", label="未就医",
             needs=("reason",), effect="end"),
        Step("return", "away", "returned", by=PROPOSERS, at="sender", label="登记县外出院资料", needs=_HANDOVER,
             asks=("drugs", "warning_signs"), effect="hand_back", deadline="referral.away_at_most"),
        Step("end", "away", "ended", by=PROPOSERS, at="sender", label="在外终结", needs=("ending", "reason"),
             effect="end"),
        *_aftercare(),
        *_off_the_way("draft", "sent", "certified", unanswered=frozenset({"draft", "sent"})),
    ),
)  # fmt: skip
WORKFLOWS = (REFERRAL, REFERRAL_DOWN, REFERRAL_OUT)
