"""慢病与重点人群:由几位在管患者手算出的指标值。"""

import pytest

from hand_drawn import measured, value

ENROLLED = """
    居民编号 | 项目 | 机构编号 | 开始日期 | 结束日期
    张三 | 高血压 | 卫生院   | 2020-01-01 |
    李四 | 高血压 | 卫生院   | 2025-07-01 |
    王五 | 高血压 | 社区中心 | 2020-01-01 | 2024-12-31
    张三 | 糖尿病 | 卫生院   | 2020-01-01 |
    赵六 | 糖尿病 | 社区中心 | 2020-01-01 |
    吴十 | 严重精神障碍 | 社区中心 | 2020-01-01 |
"""
FOLLOW_UPS = """
    居民编号 | 项目 | 随访日期 | 方式
    张三 | 高血压 | 2025-02-01 | 门诊
    张三 | 高血压 | 2025-05-01 | 家庭
    张三 | 高血压 | 2025-08-01 | 门诊
    张三 | 高血压 | 2025-11-01 | 电话
    李四 | 高血压 | 2025-08-01 | 门诊
    李四 | 高血压 | 2025-10-01 | 门诊
    赵六 | 糖尿病 | 2025-02-01 | 门诊
    吴十 | 严重精神障碍 | 2025-01-01 | 家庭
    吴十 | 严重精神障碍 | 2025-04-01 | 家庭
    吴十 | 严重精神障碍 | 2025-07-01 | 家庭
    吴十 | 严重精神障碍 | 2025-10-01 | 家庭
"""


def test_of_three_people_managed_in_the_year_one_was_admitted_and_two_programmes_make_no_second_person():
    row = measured("managed_chronic_admission_rate", enrolment=ENROLLED, stay="""
        居民编号 | 机构编号 | 出院日期
        张三 | 市医院 | 2025-03-01
        张三 | 县医院 | 2025-06-01
        李四 | 县医院 | 2024-06-01
        王五 | 县医院 | 2025-06-01
    """)  # fmt: skip
    assert (row["numerator"], row["denominator"]) == (1, 3)


def test_a_phone_call_is_no_follow_up_face_to_face_and_half_a_year_asks_for_two():
    row = measured("hypertension_standard_management_rate", enrolment=ENROLLED, follow_up=FOLLOW_UPS)
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_no_diabetes_patient_had_four_follow_ups():
    row = measured("diabetes_standard_management_rate", enrolment=ENROLLED, follow_up=FOLLOW_UPS)
    assert (row["numerator"], row["denominator"], row["value"]) == (0, 2, 0)


def test_the_patient_with_severe_mental_disorder_had_all_four_visits():
    assert value("severe_mental_follow_up_rate", enrolment=ENROLLED, follow_up=FOLLOW_UPS) == 1


MEASURED = """
    居民编号 | 项目 | 测量时间 | 数值
    张三 | 收缩压 | 2025-03-01 08:00 | 170
    张三 | 舒张压 | 2025-03-01 08:00 | 100
    张三 | 收缩压 | 2025-09-01 08:00 | 148
    张三 | 舒张压 | 2025-09-01 08:00 | 85
    李四 | 收缩压 | 2025-09-01 08:00 | 148
    李四 | 舒张压 | 2025-09-01 08:00 | 85
    赵六 | 空腹血糖 | 2025-03-01 08:00 | 6.1
    赵六 | 空腹血糖 | 2025-09-01 08:00 | 7.0
    张三 | 空腹血糖 | 2025-09-01 08:00 | 6.9
"""


def test_148_over_85_is_controlled_at_seventy_five_and_not_at_forty_five():
    row = measured("hypertension_control_rate", enrolment=ENROLLED, measurement=MEASURED)
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_the_latest_fasting_glucose_counts_and_seven_is_no_longer_below_the_limit():
    row = measured("diabetes_control_rate", enrolment=ENROLLED, measurement=MEASURED)
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_of_two_residents_of_sixty_five_and_over_one_had_a_check_up():
    row = measured("elderly_health_management_rate", resident="""
        居民编号 | 出生日期 | 死亡日期
        张三 | 1950-01-01 |
        李四 | 1960-12-31 |
        王五 | 1961-01-01 |
        赵六 | 1940-01-01 | 2025-03-01
    """, visit="""
        居民编号 | 就诊方式 | 就诊日期
        张三 | 体检 | 2025-05-01
        王五 | 体检 | 2025-05-01
    """, follow_up="""
        居民编号 | 项目 | 随访日期
        张三 | 老年人 | 2025-05-01
    """)  # fmt: skip
    assert (row["numerator"], row["denominator"]) == (1, 2)


EIGHT_PEOPLE = """
    居民编号 | 出生日期
    三十一 | 1994-01-01
    三十六 | 1989-01-01
    四十一 | 1984-01-01
    四十六 | 1979-01-01
    五十一 | 1974-01-01
    五十六 | 1969-01-01
    六十一 | 1964-01-01
    六十六 | 1959-01-01
"""


def test_one_cancer_death_among_two_people_of_sixty_five_gives_a_probability_of_ten_ninths_of_the_five_year_risk():
    """M = 1 ÷ 1 人年,5q = 5×1 ÷ (1 + 2.5×1) = 10/7;其余年龄组无死亡。"""
    row = measured("premature_mortality_4ncd", resident=EIGHT_PEOPLE, death="""
        居民编号 | 死亡日期 | 根本死因 | 死亡年龄
        甲 | 2025-05-01 | C34.900 | 67
        乙 | 2025-05-01 | V89.000 | 67
        丙 | 2025-05-01 | I21.900 | 70
    """)  # fmt: skip
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 8, pytest.approx(10 / 7))


def test_an_age_group_without_people_leaves_the_probability_unknown():
    row = measured("premature_mortality_4ncd", death="""
        死亡日期 | 根本死因 | 死亡年龄
        2025-05-01 | C34.900 | 67
    """)  # fmt: skip
    assert (row["value"], row["why_null"]) == (None, "no_denominator")
