"""转诊标准:谁该上转、谁该急转、谁可以下转,每个判断都说出所依据的规则。"""

import pytest

from hand_drawn import BOOK
from yigongti.capabilities.referral.decisions.criteria import Presentation, judge
from yigongti.capabilities.referral.decisions.parties import Party, may_refer
from yigongti.kernel.periods import parse

DAY = parse("2025-03").start
RULES = BOOK.on(DAY)


def patient(reason="diagnosis", direction="up", *, age=66, groups=(), uncontrolled=0, **findings):
    return judge(Presentation(direction, reason, age, frozenset(groups), findings, uncontrolled), rules=RULES)


def rules_of(found):
    return [reason.rule_id.removeprefix("referral.") for reason in found.decision.reasons]


@pytest.mark.parametrize(
    ("findings", "rule"),
    [
        ({"gcs": 12}, "red_flag.gcs_up_to"),
        ({"chest_pain_minutes": 16}, "red_flag.chest_pain_longer_than"),
        ({"respiration": 31}, "red_flag.respiration_above"),
        ({"spo2": 89}, "red_flag.spo2_below"),
        ({"stroke_hours": 4.5}, "red_flag.stroke_onset_within"),
        ({"haemoptysis_ml": 501}, "red_flag.haemoptysis_above"),
        ({"gi_bleeding": True, "sbp": 89}, "red_flag.gi_bleeding_systolic_below"),
        ({"injury_severity": 16}, "red_flag.injury_severity_from"),
        ({"convulsion": True, "temperature": 39.6}, "red_flag.convulsion_temperature_above"),
    ],
)
def test_a_red_flag_makes_an_emergency_and_names_its_rule(findings, rule):
    found = patient(**findings)
    assert found.is_emergency
    assert rules_of(found) == [rule]


@pytest.mark.parametrize(
    "findings",
    [
        {"gcs": 13}, {"chest_pain_minutes": 15}, {"respiration": 30}, {"spo2": 90}, {"stroke_hours": 4.6},
        {"haemoptysis_ml": 500}, {"sbp": 89}, {"gi_bleeding": True, "sbp": 90}, {"injury_severity": 15},
        {"temperature": 39.6}, {"convulsion": True, "temperature": 39.5},
    ],
)  # fmt: skip
def test_just_short_of_a_red_flag_the_ordinary_way_is_open(findings):
    found = patient(**findings)
    assert not found.is_emergency
    assert found.decision.allowed


def test_the_reason_says_the_value_found_and_the_limit():
    (reason,) = patient(chest_pain_minutes=40).decision.reasons
    assert reason.text == "胸痛持续 40 分钟不缓解(界限 >15 分钟)"
    assert reason.version == "national@2010-01-01"


@pytest.mark.parametrize(
    ("findings", "rule"),
    [
        ({"sbp": 180}, "followup.systolic_danger_from"),
        ({"dbp": 110}, "followup.diastolic_danger_from"),
        ({"glucose": 16.7, "ketosis": True}, "followup.glucose_danger_from"),
        ({"glucose": 3.9}, "followup.glucose_danger_up_to"),
        ({"hba1c": 9}, "criteria.glycated_haemoglobin_from"),
        ({"new_complication": True}, "criteria.up_reasons"),
    ],
)
def test_a_chronic_disease_out_of_control_is_supported_by_its_numbers(findings, rule):
    found = patient("chronic_uncontrolled", **findings)
    assert found.decision.allowed
    assert rules_of(found) == [rule]


def test_two_unsatisfactory_follow_ups_in_a_row_support_it_too_and_one_does_not():
    assert rules_of(patient("chronic_uncontrolled", uncontrolled=2)) == ["criteria.uncontrolled_follow_ups"]
    assert patient("chronic_uncontrolled", uncontrolled=1).decision.outcome == "refer"


def test_what_the_numbers_do_not_support_is_left_to_the_receiver_and_not_refused():
    found = patient("chronic_uncontrolled", sbp=150, dbp=90)
    assert found.decision.outcome == "refer"
    assert "请接收方判断" in found.decision.reasons[0].text


def test_pregnancy_or_childhood_must_be_known_from_the_record():
    assert patient("pregnancy_or_child", groups=["pregnant"]).decision.allowed
    assert patient("pregnancy_or_child").decision.outcome == "refer"


def test_another_reason_is_judged_by_the_receiver():
    assert patient("other").decision.outcome == "refer"


def test_a_reason_that_the_county_does_not_accept_is_refused_with_its_rule():
    found = patient("recovery")
    assert found.decision.refused
    assert rules_of(found) == ["criteria.up_reasons"]


def test_nobody_goes_down_with_a_red_flag():
    found = patient("recovery", "down", spo2=88)
    assert found.decision.refused
    assert found.decision.reasons[0].text.startswith("仍有急症指征,不宜下转:血氧饱和度 88%")


def test_who_recovers_goes_down():
    assert patient("recovery", "down", sbp=128).decision.allowed


def test_a_chronic_patient_goes_down_once_controlled_by_the_limits_for_the_age():
    assert patient("stable_chronic", "down", age=60, sbp=145).decision.outcome == "refer"
    assert patient("stable_chronic", "down", age=70, sbp=145).decision.allowed


VILLAGE = Party("V", "东寨村卫生室", "village_room", in_county=True)
CENTRE = Party("T", "云溪镇卫生院", "township_center", in_county=True)
HOSPITAL = Party("H", "县医院", "county_hospital", in_county=True)
OTHER = Party("C", "中医院", "tcm_hospital", in_county=True)
OUTSIDE = Party("X", "省医院", "provincial_hospital", in_county=False)
SHOP = Party("P", "药店", "retail_pharmacy", in_county=True)


@pytest.mark.parametrize(
    ("direction", "sender", "receiver", "is_possible"),
    [
        ("up", VILLAGE, CENTRE, True), ("up", VILLAGE, HOSPITAL, True), ("up", CENTRE, HOSPITAL, True),
        ("up", CENTRE, VILLAGE, False), ("up", HOSPITAL, OTHER, False), ("lateral", HOSPITAL, OTHER, True),
        ("lateral", CENTRE, HOSPITAL, False), ("down", HOSPITAL, CENTRE, True), ("down", CENTRE, HOSPITAL, False),
        ("up", HOSPITAL, OUTSIDE, False), ("out", HOSPITAL, OUTSIDE, True), ("out", CENTRE, HOSPITAL, False),
        ("up", VILLAGE, SHOP, False),
    ],
)  # fmt: skip
def test_a_direction_fits_the_levels_of_both_institutions(direction, sender, receiver, is_possible):
    found = may_refer(direction, sender=sender, receiver=receiver, died_on=None, on=DAY, rules=RULES)
    assert found.allowed == is_possible
    assert all(reason.rule_id == "referral.tier" for reason in found.reasons)


def test_every_reason_against_is_told_at_once():
    shut = Party("H", "县医院", "county_hospital", in_county=True, closed_on=DAY)
    found = may_refer("up", sender=shut, receiver=CENTRE, died_on=DAY, on=DAY, rules=RULES)
    assert len(found.reasons) == 3
