"""财务运行与定性评判:由几笔账、几条评判手算出的指标值(金额以元计)。"""

import pytest

from hand_drawn import measured, value

BOOKS = """
    机构编号 | 月份 | 科目 | 金额
    县医院 | 2025-11 | income.medical.service | 300
    县医院 | 2025-11 | income.medical.drug     | 200
    县医院 | 2025-11 | income.medical.exam     | 100
    县医院 | 2025-11 | income.subsidy          | 200
    县医院 | 2025-11 | cost.staff              | 315
    县医院 | 2025-11 | cost.material           | 100
    县医院 | 2025-11 | cost.other              | 285
    县医院 | 2025-11 | cash.balance            | 500
    县医院 | 2025-12 | income.medical.service  | 200
    县医院 | 2025-12 | cost.other              | 100
    县医院 | 2025-12 | cash.balance            | 1200
    县医院 | 2025-12 | debt.balance            | 600
"""


def test_service_income_is_500_of_800_yuan_of_medical_income():
    assert value("medical_service_income_share", finance=BOOKS) == pytest.approx(500 / 800)


def test_staff_cost_is_315_of_800_yuan():
    assert value("staff_cost_share", finance=BOOKS) == pytest.approx(315 / 800)


def test_drug_income_is_200_of_800_yuan():
    assert value("drug_income_share", finance=BOOKS) == pytest.approx(200 / 800)


def test_100_yuan_of_material_for_600_yuan_of_medical_income_without_drugs():
    assert value("material_cost_per_100_income", finance=BOOKS) == pytest.approx(100 / 6)


def test_1000_yuan_in_and_800_out_leave_a_fifth():
    row = measured("operating_margin", finance=BOOKS)
    assert (row["value"], row["met"]) == (pytest.approx(0.2), True)


def test_the_last_months_1200_yuan_of_cash_cover_three_months_of_400():
    assert value("cash_months", finance=BOOKS) == pytest.approx(3)


def test_debt_of_600_yuan_to_a_yearly_income_of_6000():
    assert value("debt_to_income", finance=BOOKS) == pytest.approx(600 / 6000)


def test_an_account_never_posted_to_is_unknown_and_not_zero():
    row = measured("debt_to_income", over="2025-11", finance=BOOKS)
    assert (row["value"], row["why_null"]) == (None, "no_account:debt.balance")


GRADES = """
    医共体编号 | 指标 | 要点 | 等级 | 评判日期
    甲 | unified_management | 人事 | 有明确制度安排且已组织实施 | 2025-05-01
    甲 | unified_management | 财务 | 有制度未实施 | 2025-05-01
    甲 | unified_management | 财务 | 有明确制度安排且已组织实施 | 2025-11-01
    甲 | unified_management | 药品 | 无制度 | 2025-05-01
    甲 | democratic_decision | 章程 | 有明确制度安排且已组织实施 | 2025-05-01
    甲 | service_coordination | 转诊 | 有明确制度安排且已组织实施 | 2025-05-01
    甲 | service_coordination | 远程 | 有制度未实施 | 2025-05-01
"""


def grades(text):
    """“指标” is the indicator's id."""
    return text.replace("指标", "indicator").replace("要点", "item")


def test_two_of_three_items_of_unified_management_are_carried_out_by_the_latest_grades_so_it_is_not_met():
    row = measured("unified_management", assessment=grades(GRADES))
    assert (row["numerator"], row["denominator"], row["met"]) == (2, 3, False)


def test_in_the_middle_of_the_year_only_one_was():
    assert value("unified_management", over="2025H1", assessment=grades(GRADES)) == pytest.approx(1 / 3)


def test_democratic_decision_is_met_when_every_item_is_carried_out():
    assert measured("democratic_decision", assessment=grades(GRADES))["met"] is True


def test_a_rule_on_paper_alone_is_not_enough_for_coordination_of_services():
    assert value("service_coordination", assessment=grades(GRADES)) == pytest.approx(1 / 2)


def test_without_an_assessment_there_is_no_value():
    row = measured("unified_management")
    assert (row["value"], row["why_null"]) == (None, "missing_fact:assessment")
