"""Whether a patient is to be sent up, down or out of the county, and whether a red flag leaves no time.

Every limit is a rule (`referral.red_flag.*`, `referral.criteria.*`, and the danger limits of `followup.*`); how a
finding compares with it is the rule's own comparator.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from yigongti.capabilities.referral.workflow import REASONS
from yigongti.kernel.decisions import Decision, Reason, because, refuse
from yigongti.kernel.facts.columns import Column, Kind
from yigongti.kernel.rules import RuleVersion

Rules = Mapping[str, RuleVersion]
Findings = Mapping[str, float | bool]

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
REASONS_OF = {
    "up": "referral.criteria.up_reasons", "lateral": "referral.criteria.up_reasons",
    "down": "referral.criteria.down_reasons", "out": "referral.criteria.out_reasons",
}  # fmt: skip
JUDGED = "referral.criteria.judged_reasons"
UNCONTROLLED = "referral.criteria.uncontrolled_follow_ups"
ELDERLY_FROM_AGE = "followup.elderly_from_age"


@dataclass(frozen=True)
class Limit:
    """A finding and the rule it is held against.  said: how it is told, with {value} and {limit}; only_with: a sign
    without which the number means nothing; share: the finding is given in percent, the rule as a ratio."""

    rule_id: str
    finding: str
    said: str
    only_with: str = ""
    share: bool = False

    def reached(self, findings: Findings, *, rules: Rules) -> Reason | None:
        """The reason, where the finding was made and passes the rule's limit."""
        value, rule = findings.get(self.finding), rules[self.rule_id]
        if value is None or (self.only_with and not findings.get(self.only_with)):
            return None
        if not _COMPARE[rule.comparator or ">="](float(value) / (100 if self.share else 1), float(rule.exact)):
            return None
        limit = f"界限 {rule.comparator}{rule.text.lstrip('≥≤<>')}"
        return because(rule, f"{self.said.format(value=f'{float(value):g}')}({limit})")


RED_FLAGS = (
    Limit("referral.red_flag.chest_pain_longer_than", "chest_pain_minutes", "胸痛持续 {value} 分钟不缓解"),
    Limit("referral.red_flag.stroke_onset_within", "stroke_hours", "疑似卒中,发病 {value} 小时,在救治时间窗内"),
    Limit("referral.red_flag.gcs_up_to", "gcs", "意识障碍,GCS {value} 分"),
    Limit("referral.red_flag.respiration_above", "respiration", "呼吸 {value} 次/分"),
    Limit("referral.red_flag.spo2_below", "spo2", "血氧饱和度 {value}%", share=True),
    Limit("referral.red_flag.haemoptysis_above", "haemoptysis_ml", "24 小时咯血 {value} 毫升"),
    Limit("referral.red_flag.gi_bleeding_systolic_below", "sbp", "消化道出血,收缩压 {value} mmHg", "gi_bleeding"),
    Limit("referral.red_flag.injury_severity_from", "injury_severity", "创伤 ISS {value} 分"),
    Limit("referral.red_flag.convulsion_temperature_above", "temperature", "抽搐,体温 {value} ℃", "convulsion"),
)
"""What cannot wait, in the order in which it is told."""

CHRONIC_DANGER = (
    Limit("followup.systolic_danger_from", "sbp", "收缩压 {value} mmHg"),
    Limit("followup.diastolic_danger_from", "dbp", "舒张压 {value} mmHg"),
    Limit("followup.glucose_danger_from", "glucose", "血糖 {value} mmol/L 伴酮症", "ketosis"),
    Limit("followup.glucose_danger_up_to", "glucose", "低血糖,血糖 {value} mmol/L"),
    Limit("referral.criteria.glycated_haemoglobin_from", "hba1c", "糖化血红蛋白 {value}%", share=True),
)
CONTROL = {
    "sbp": "followup.systolic_below",
    "dbp": "followup.diastolic_below",
    "glucose": "followup.fasting_glucose_below",
}
"""What must lie below its rule in someone who goes down as stable."""
ELDERLY_CONTROL = {**CONTROL, "sbp": "followup.systolic_below_elderly"}
_SAID = {"sbp": "收缩压", "dbp": "舒张压", "glucose": "血糖"}


FINDINGS = (
    Column("sbp", "收缩压 mmHg", Kind.NUMBER, low=30, high=300),
    Column("dbp", "舒张压 mmHg", Kind.NUMBER, low=20, high=200),
    Column("heart_rate", "心率 次/分", Kind.NUMBER, low=10, high=300),
    Column("respiration", "呼吸 次/分", Kind.NUMBER, low=2, high=100),
    Column("spo2", "血氧饱和度 %", Kind.NUMBER, low=30, high=100),
    Column("temperature", "体温 ℃", Kind.NUMBER, low=25, high=45),
    Column("gcs", "意识 GCS 分", Kind.NUMBER, low=3, high=15),
    Column("chest_pain_minutes", "胸痛持续 分钟", Kind.NUMBER, low=0, high=20000),
    Column("stroke_hours", "疑似卒中,发病 小时", Kind.NUMBER, low=0, high=500),
    Column("glucose", "血糖 mmol/L", Kind.NUMBER, low=0.5, high=80),
    Column("hba1c", "糖化血红蛋白 %", Kind.NUMBER, low=2, high=25),
    Column("haemoptysis_ml", "24 小时咯血 毫升", Kind.NUMBER, low=0, high=5000),
    Column("injury_severity", "创伤 ISS 分", Kind.NUMBER, low=0, high=75),
    Column("gi_bleeding", "消化道出血", Kind.FLAG), Column("convulsion", "抽搐", Kind.FLAG),
    Column("ketosis", "酮症或酮症酸中毒", Kind.FLAG), Column("new_complication", "新发并发症", Kind.FLAG),
)  # fmt: skip
"""What is found in a patient that the criteria look at, in the order in which it is asked; bounds: what can be."""


@dataclass(frozen=True)
class Presentation:
    """What is known of a patient to be referred.

    direction: up, lateral, down or out; findings: name → number or sign (mmHg, mmol/L, percent, minutes, …);
    uncontrolled_follow_ups: how many of the latest follow-ups in a row were not satisfactory.
    """

    direction: str
    reason_code: str
    age_years: int
    key_groups: frozenset[str] = frozenset()
    findings: Findings = field(default_factory=dict)
    uncontrolled_follow_ups: int = 0


@dataclass(frozen=True)
class Judgement:
    """decision: allow (criteria met), refer (the receiver is to judge) or refuse; red_flags: why it cannot wait."""

    decision: Decision
    red_flags: tuple[Reason, ...] = ()

    @property
    def is_emergency(self) -> bool:
        return bool(self.red_flags) and self.decision.allowed


def red_flags(findings: Findings, *, rules: Rules) -> tuple[Reason, ...]:
    """Every red flag that the findings show."""
    return tuple(reason for flag in RED_FLAGS if (reason := flag.reached(findings, rules=rules)))


def judge(patient: Presentation, *, rules: Rules) -> Judgement:
    """Hold a patient against the criteria.  Source: two-way referral, JD-5, YN-5; the limits name theirs."""
    accepted = rules[REASONS_OF[patient.direction]]
    if patient.reason_code not in accepted.codes:
        label = REASONS.get(patient.reason_code, patient.reason_code)
        return Judgement(refuse(f"“{label}”不在本地可用的转诊理由之内", by=accepted))
    flags = red_flags(patient.findings, rules=rules)
    if patient.direction == "down":
        return _down(patient, flags, rules)
    if flags:
        return Judgement(Decision("allow", flags), flags)
    return Judgement(_up(patient, rules))


def _up(patient: Presentation, rules: Rules) -> Decision:
    accepted = rules[REASONS_OF[patient.direction]]
    if patient.reason_code == "chronic_uncontrolled":
        return _supported(tuple(_chronic(patient, rules)), accepted, "没有见到支持“控制不满意”的数值或随访")
    if patient.reason_code == "pregnancy_or_child":
        known = patient.key_groups & {"pregnant", "child"}
        found = (because(accepted, "孕产妇或儿童"),) if known else ()
        return _supported(found, accepted, "档案中不属于孕产妇或 0—6 岁儿童")
    if patient.reason_code in rules[JUDGED].codes:
        return Decision("refer", (because(rules[JUDGED], "理由为“其他”,请接收方判断"),))
    return Decision("allow", (because(accepted, f"{REASONS[patient.reason_code]}(转出医生判断)"),))


def _supported(found: tuple[Reason, ...], accepted: RuleVersion, otherwise: str) -> Decision:
    if found:
        return Decision("allow", found)
    return Decision("refer", (because(accepted, f"{otherwise},请接收方判断"),))


def _chronic(patient: Presentation, rules: Rules) -> Iterator[Reason]:
    yield from (reason for limit in CHRONIC_DANGER if (reason := limit.reached(patient.findings, rules=rules)))
    times = rules[UNCONTROLLED]
    if patient.uncontrolled_follow_ups >= times.number:
        yield because(times, f"连续 {patient.uncontrolled_follow_ups} 次随访控制不满意")
    if patient.findings.get("new_complication"):
        yield because(rules[REASONS_OF["up"]], "出现新的并发症或原有并发症加重")


def _down(patient: Presentation, flags: tuple[Reason, ...], rules: Rules) -> Judgement:
    if flags:
        told = tuple(Reason(flag.rule_id, flag.version, f"仍有急症指征,不宜下转:{flag.text}") for flag in flags)
        return Judgement(Decision("refuse", told), flags)
    accepted = rules[REASONS_OF["down"]]
    if patient.reason_code == "stable_chronic" and (above := tuple(_above_control(patient, rules))):
        return Judgement(Decision("refer", above))
    return Judgement(Decision("allow", (because(accepted, REASONS[patient.reason_code]),)))


def _above_control(patient: Presentation, rules: Rules) -> Iterator[Reason]:
    is_elderly = patient.age_years >= rules[ELDERLY_FROM_AGE].number
    for finding, rule_id in (ELDERLY_CONTROL if is_elderly else CONTROL).items():
        value, limit = patient.findings.get(finding), rules[rule_id]
        if value is not None and float(value) >= limit.number:
            yield because(limit, f"{_SAID[finding]} {float(value):g},尚未达到控制界限 {limit.text},请接收方判断")
