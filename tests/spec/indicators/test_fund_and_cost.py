"""医保基金、费用、质量与效率:由几笔费用手算出的指标值(金额以元计)。"""

import pytest

from hand_drawn import measured, value

VISITS = """
    居民编号 | 机构编号 | 就诊方式 | 就诊日期   | 总费用 | 基金支付 | 个人负担
    张三 | 卫生院   | 门诊   | 2025-03-01 | 100 | 60 | 40
    李四 | 县医院   | 急诊   | 2025-04-01 | 300 | 40 | 260
    王五 | 县医院   | 体检   | 2025-04-02 | 900 | 0  | 900
    赵六 | 市医院   | 门诊   | 2025-05-01 | 500 | 100 | 400
    张三 | 药店     | 门诊   | 2025-05-01 | 80  | 80 | 0
    张三 | 卫生院   | 门诊   | 2024-03-01 | 120 | 60 | 60
    李四 | 县医院   | 门诊   | 2024-04-01 | 200 | 60 | 140
"""
STAYS = """
    居民编号 | 机构编号 | 参保类型 | 入院日期   | 出院日期   | 离院方式 | 总费用 | 基金支付 | 个人负担
    张三 | 县医院 | 居民医保 | 2025-02-01 | 2025-02-11 | 医嘱离院 | 6000 | 4000 | 2000
    张三 | 县医院 | 居民医保 | 2025-03-13 | 2025-03-13 | 医嘱离院 | 3000 | 2000 | 1000
    张三 | 县医院 | 居民医保 | 2025-05-13 | 2025-05-20 | 死亡     | 6000 | 4000 | 2000
    李四 | 卫生院 | 职工医保 | 2025-03-01 | 2025-03-03 | 医嘱离院 | 1000 | 900  | 100
    王五 | 县医院 | 未参保   | 2025-03-01 | 2025-03-06 | 医嘱离院 | 9000 | 0    | 9000
    赵六 | 市医院 | 职工医保 | 2025-03-01 | 2025-03-09 | 医嘱离院 | 9000 | 5000 | 4000
    李四 | 县医院 | 居民医保 | 2024-06-01 | 2024-06-09 | 医嘱离院 | 3200 | 2000 | 1200
"""


def test_of_16100_yuan_paid_by_the_fund_11000_stay_in_the_county():
    row = measured("fund_in_county_share", visit=VISITS, stay=STAYS)
    assert (row["numerator"], row["denominator"], row["value"]) == (11000, 16100, pytest.approx(11000 / 16100))


def test_of_11000_yuan_paid_in_the_county_960_go_to_base_level():
    assert value("primary_fund_share", visit=VISITS, stay=STAYS) == pytest.approx(960 / 11000)


def test_four_insured_in_county_stays_cost_16000_yuan_or_4000_each():
    row = measured("inpatient_cost_per_stay", stay=STAYS)
    assert (row["numerator"], row["denominator"], row["value"]) == (16000, 4, 4000)


def test_a_stay_costs_4000_yuan_after_3200_a_year_before_which_is_a_growth_of_a_quarter():
    row = measured("inpatient_cost_growth", stay=STAYS)
    assert (row["numerator"], row["denominator"], row["value"], row["met"]) == (4000, 3200, pytest.approx(0.25), False)


def test_growth_is_unknown_where_the_year_before_has_no_facts():
    row = measured("inpatient_cost_growth", over="2024", stay=STAYS)
    assert (row["value"], row["why_null"]) == (None, "no_year_before:stay")


def test_an_outpatient_or_emergency_visit_costs_200_yuan_and_check_ups_do_not_count():
    assert value("outpatient_cost_per_visit", visit=VISITS) == 200


def test_a_visit_costs_200_yuan_after_160_a_year_before():
    assert value("outpatient_cost_growth", visit=VISITS) == pytest.approx(0.25)


def test_the_fund_pays_10900_of_16000_yuan_for_insured_in_county_stays():
    assert value("inpatient_reimbursement_ratio", stay=STAYS) == pytest.approx(10900 / 16000)


def test_patients_bear_5100_of_16000_yuan():
    assert value("inpatient_out_of_pocket_share", stay=STAYS) == pytest.approx(5100 / 16000)


def test_one_of_five_in_county_stays_began_thirty_days_after_the_last_discharge_and_one_sixty_one_days_after():
    assert value("readmission_30d_rate", stay=STAYS) == pytest.approx(1 / 5)


def test_five_in_county_stays_took_10_and_1_and_7_and_2_and_5_days():
    assert value("average_length_of_stay", stay=STAYS) == pytest.approx(25 / 5)


def test_one_of_five_in_county_stays_ended_in_death():
    assert value("inpatient_mortality", stay=STAYS) == pytest.approx(1 / 5)


def test_25_bed_days_of_170_beds_over_365_days():
    assert value("bed_occupancy", stay=STAYS) == pytest.approx(25 / (170 * 365))


def test_four_visits_for_one_physician_and_250_working_days():
    staff = """
        人员编号 | 机构编号 | 专业类别
        医生 | 县医院 | 执业医师
        护士 | 县医院 | 注册护士
        村医 | 村卫生室 | 执业医师
    """
    assert value("visits_per_physician_day", visit=VISITS, staff=staff) == pytest.approx(3 / 250)
