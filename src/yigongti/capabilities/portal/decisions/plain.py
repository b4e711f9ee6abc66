"""What a measured value means, in a word that a layperson understands; the limits are the follow-up rules'.

A value is judged only where a rule says how: nothing is called good or bad by default.
"""

from dataclasses import dataclass
from enum import StrEnum

from yigongti.kernel.rules import Rules

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
