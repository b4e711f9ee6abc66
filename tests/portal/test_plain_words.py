"""What a value means, at the edges of the rules."""

import re
from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import gettext

from yigongti.capabilities.contract.decisions.packages import packages
from yigongti.capabilities.portal.decisions.plain import (
    FREQUENCIES,
    Meaning,
    blood_pressure,
    fasting_glucose,
    plain_name,
)
from yigongti.capabilities.portal.selectors.standing import WHAT_NOW
from yigongti.capabilities.referral.workflow import STATES
from yigongti.demo.catalogue import sheet
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook
from yigongti.pages.assets import PACKAGE, compile_translations

CHINESE = re.compile(r"[\u4e00-\u9fff]")
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


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("J06.900", "感冒(急性上呼吸道感染)"),
        ("I10.x00x002", "高血压"),
        ("C16.900", "胃癌"),
        ("C15.900", "其他恶性肿瘤"),
    ],
)
def test_a_diagnosis_is_called_what_people_call_it(code: str, name: str) -> None:
    assert plain_name(code, names=RULES["portal.plain_diagnoses"].codes) == name


def test_what_no_dictionary_holds_has_no_name() -> None:
    assert plain_name("Q99.900", names=RULES["portal.plain_diagnoses"].codes) is None
    assert plain_name("JY0105", names=None) is None


def test_every_plain_name_that_comes_with_the_product_is_told_in_english_too() -> None:
    compile_translations(PACKAGE)
    plain = {*RULES["portal.plain_diagnoses"].codes.groups, *FREQUENCIES.values()}
    offered = packages(RULES.book, on=RULES.day).values()
    contracts = {package.name for package in offered} | {item.name for package in offered for item in package.items}
    exams = sheet("items")
    demonstration = {name for name, kind in zip(exams.text("name"), exams.text("exam"), strict=True) if kind}
    demonstration |= {*sheet("procedures").text("name"), *sheet("conditions").text("department")}
    demonstration |= {
        word for name in ("dose_unit", "route") for word in sheet("drugs").text(name.removeprefix("dose_"))
    }
    with translation.override("en"):
        named = plain | contracts | demonstration
        assert [name for name in sorted(named) if CHINESE.search(name) and gettext(name) == name] == []


def test_every_state_of_a_referral_tells_the_patient_what_to_do() -> None:
    assert set(WHAT_NOW) == set(STATES)
