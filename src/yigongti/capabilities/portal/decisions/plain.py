"""What a measured value means and what a code stands for, in words that a layperson understands; the limits are the
follow-up rules', the names the portal's.

A value is judged only where a rule says how: nothing is called good or bad by default.
"""

from dataclasses import dataclass
from enum import StrEnum

from yigongti.kernel.rules import Rules
from yigongti.kernel.rules.values import CodeSet

ELDERLY = "followup.elderly_from_age"


class Meaning(StrEnum):
    """danger: seek a doctor now; high: above the aim of care; fine: within it; low: dangerously low."""

    DANGER = "danger"
    HIGH = "high"
    FINE = "fine"
    LOW = "low"


@dataclass(frozen=True)
class Judged:
    """The meaning, and the rules that say so."""

    meaning: Meaning
    rule_ids: tuple[str, ...]


def blood_pressure(systolic: float, diastolic: float, *, age: int, rules: Rules) -> Judged:
    """mmHg, both of one sitting; the elderly have a systolic limit of their own."""
    danger = ("followup.systolic_danger_from", "followup.diastolic_danger_from")
    if systolic >= rules[danger[0]].number or diastolic >= rules[danger[1]].number:
        return Judged(Meaning.DANGER, danger)
    is_elderly = age >= rules[ELDERLY].number
    aims = ("followup.systolic_below_elderly" if is_elderly else "followup.systolic_below", "followup.diastolic_below")
    fine = systolic < rules[aims[0]].number and diastolic < rules[aims[1]].number
    return Judged(Meaning.FINE if fine else Meaning.HIGH, aims)


def fasting_glucose(value: float, *, rules: Rules) -> Judged:
    """mmol/L."""
    low, high, aim = "followup.glucose_danger_up_to", "followup.glucose_danger_from", "followup.fasting_glucose_below"
    if value <= rules[low].number:
        return Judged(Meaning.LOW, (low,))
    if value >= rules[high].number:
        return Judged(Meaning.DANGER, (high,))
    return Judged(Meaning.FINE if value < rules[aim].number else Meaning.HIGH, (aim,))


FREQUENCIES = {
    "qd": "每天1次", "bid": "每天2次", "tid": "每天3次", "qid": "每天4次", "qn": "每晚1次", "qod": "隔天1次",
    "qw": "每周1次", "biw": "每周2次", "tiw": "每周3次", "q4h": "每4小时1次", "q6h": "每6小时1次",
    "q8h": "每8小时1次", "q12h": "每12小时1次", "st": "立即用1次", "prn": "需要时用", "hs": "睡前用",
}  # fmt: skip
"""How often a drug is taken: the abbreviations of prescriptions and what they say."""


def plain_name(code: str, *, names: CodeSet | None) -> str | None:
    """What a code stands for: the name of the first group of a dictionary that holds it; None where none does."""
    return names.group_of(code) if names is not None else None
