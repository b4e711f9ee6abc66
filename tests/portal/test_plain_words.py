"""What a value means, at the edges of the rules."""

from datetime import date

import pytest

from yigongti.capabilities.portal.decisions.plain import Meaning, blood_pressure, fasting_glucose
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook

RULES = RuleBook.load(DEFAULT_POLICY).on(date(2025, 3, 3))


@pytest.mark.parametrize(
    ("systolic", "diastolic", "age", "meaning"),
    [
        (139, 89, 50, Meaning.FINE), (140, 80, 50, Meaning.HIGH), (120, 90, 50, Meaning.HIGH),
        (149, 89, 65, Meaning.FINE), (150, 89, 65, Meaning.HIGH), (180, 80, 50, Meaning.DANGER),
        (120, 110, 50, Meaning.DANGER),
    ],
)  # fmt: skip
def test_a_blood_pressure_is_judged_by_the_rules_of_follow_up(
    systolic: float, diastolic: float, age: int, meaning: Meaning
) -> None:
    assert blood_pressure(systolic, diastolic, age=age, rules=RULES).meaning is meaning


@pytest.mark.parametrize(
    ("value", "meaning"),
    [(3.9, Meaning.LOW), (4.0, Meaning.FINE), (6.9, Meaning.FINE), (7.0, Meaning.HIGH), (16.7, Meaning.DANGER)],
)
def test_a_fasting_glucose_is_judged_by_the_rules_of_follow_up(value: float, meaning: Meaning) -> None:
    judged = fasting_glucose(value, rules=RULES)
    assert judged.meaning is meaning
    assert judged.rule_ids
