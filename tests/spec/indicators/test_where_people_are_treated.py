"""就医格局与中医药:由几次就诊、几次住院手算出的指标值。"""

import pytest

from hand_drawn import measured, value

VISITS = """
    居民编号 | 机构编号 | 就诊方式 | 是否中医 | 是否预约
    张三 | 卫生院   | 门诊   | 是 | 否
    张三 | 村卫生室 | 巡诊   | 否 | 否
    李四 | 社区中心 | 门诊   | 否 | 是
    李四 | 县医院   | 门诊   | 否 | 是
    王五 | 县医院   | 互联网 | 否 | 是
    王五 | 药店     | 门诊   | 否 | 否
    赵六 | 市医院   | 门诊   | 否 | 是
"""


def test_three_of_five_in_county_visits_are_at_base_level_and_the_pharmacy_never_counts():
    row = measured("primary_visit_share", visit=VISITS)
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 5, pytest.approx(0.6))


def test_five_of_six_visits_stay_in_the_county():
    assert value("visit_in_county_share", visit=VISITS) == pytest.approx(5 / 6)


def test_without_any_visit_outside_the_county_the_in_county_share_is_unknown_and_not_one_hundred_percent():
    row = measured("visit_in_county_share", visit="""
        居民编号 | 机构编号
        张三 | 卫生院
        李四 | 县医院
    """)  # fmt: skip
    assert (row["value"], row["met"], row["why_null"]) == (None, None, "no_out_of_county_facts")


def test_one_of_five_in_county_visits_is_over_the_internet():
    assert value("internet_visit_share", visit=VISITS) == pytest.approx(1 / 5)


def test_two_of_three_in_county_outpatient_visits_were_booked():
    assert value("booked_visit_share", visit=VISITS) == pytest.approx(2 / 3)


def test_one_of_five_in_county_visits_is_traditional_medicine():
    assert value("tcm_visit_share", visit=VISITS) == pytest.approx(1 / 5)


def test_the_only_visit_at_the_township_centre_is_traditional_medicine():
    assert value("township_tcm_visit_share", visit=VISITS) == 1


def test_one_of_the_two_centres_gives_traditional_medicine():
    assert value("tcm_room_coverage", visit=VISITS) == pytest.approx(1 / 2)


def test_two_of_three_prescriptions_at_the_tcm_hospital_hold_traditional_medicine():
    assert value("tcm_hospital_tcm_prescription_share", prescription_line="""
        处方编号 | 行号 | 机构编号 | 药品类别
        甲 | 1 | 中医院 | 中药饮片
        甲 | 2 | 中医院 | 西药
        乙 | 1 | 中医院 | 中成药
        丙 | 1 | 中医院 | 西药
        丁 | 1 | 县医院 | 中药饮片
    """) == pytest.approx(2 / 3)  # fmt: skip


STAYS = """
    居民编号 | 机构编号 | 参保类型 | 手术级别 | 转诊编号
    张三 | 县医院 | 居民医保 | 4 |
    李四 | 县医院 | 居民医保 | 3 |
    王五 | 县医院 | 职工医保 | 1 |
    赵六 | 县医院 | 未参保   |   |
    钱七 | 中医院 | 居民医保 | 4 |
    孙八 | 市医院 | 居民医保 | 4 | 转1
    周九 | 市医院 | 职工医保 |   |
"""


def test_four_of_six_stays_of_insured_people_are_in_the_county_and_the_uninsured_one_does_not_count():
    row = measured("inpatient_in_county_share", stay=STAYS)
    assert (row["numerator"], row["denominator"], row["value"]) == (4, 6, pytest.approx(2 / 3))


def test_two_of_three_graded_operations_at_the_lead_hospital_are_of_grade_three_or_four():
    assert value("level34_operation_share", stay=STAYS) == pytest.approx(2 / 3)


def test_one_of_two_stays_outside_the_county_went_there_by_referral():
    assert value("orderly_referral_share", stay=STAYS) == pytest.approx(1 / 2)


def test_the_share_at_home_follows_where_the_patient_lives():
    rows = measured("visit_in_county_share", by=("town",), visit=VISITS)
    assert {row["town"]: (row["numerator"], row["denominator"]) for row in rows} == {
        "东坪镇": (5, 5),
        "城关街道": (0, 1),
    }
