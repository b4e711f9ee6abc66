"""人员与资源配置:由几位人员、几家机构手算出的指标值(全县一万人)。"""

import pytest

from hand_drawn import measured, value

STAFF = """
    人员编号 | 机构编号 | 专业类别 | 职称 | 专科 | 是否全科医生 | 入职日期 | 离职日期
    甲 | 县医院   | 执业医师     | 中级 | 内科   | 否 | 2015-01-01 |
    乙 | 县医院   | 执业医师     | 正高 | 精神科 | 否 | 2025-03-01 |
    丙 | 县医院   | 执业医师     | 初级 | 内科   | 否 | 2025-03-01 |
    丁 | 卫生院   | 执业助理医师 | 无   | 全科   | 是 | 2015-01-01 |
    戊 | 卫生院   | 公卫医师     | 无   | 精防   | 否 | 2015-01-01 |
    己 | 县医院   | 注册护士     | 初级 |        | 否 | 2015-01-01 |
    庚 | 县医院   | 注册护士     | 初级 |        | 否 | 2015-01-01 | 2025-06-30
    辛 | 中医院   | 临床药师     | 中级 |        | 否 | 2015-01-01 |
    壬 | 市医院   | 执业医师     | 正高 | 内科   | 否 | 2015-01-01 |
"""


def test_four_physicians_for_ten_thousand_people_and_those_outside_the_county_do_not_count():
    row = measured("physicians_per_1000", staff=STAFF)
    assert (row["numerator"], row["denominator"], row["value"]) == (4, 10, pytest.approx(0.4))


def test_the_nurse_who_left_in_june_is_not_there_at_the_end_of_the_year():
    assert value("nurses_per_1000", staff=STAFF) == pytest.approx(0.1)


def test_by_month_the_nurse_who_left_on_30_june_still_counts_at_the_end_of_june():
    rows = measured("nurses_per_1000", by=("month",), staff=STAFF)
    assert [row["numerator"] for row in rows] == [2] * 6 + [1] * 6


def test_one_clinical_pharmacist_for_150_hospital_beds():
    assert value("clinical_pharmacists_per_100_beds", staff=STAFF) == pytest.approx(1 / 1.5)


def test_one_psychiatrist_for_ten_thousand_people_is_ten_per_hundred_thousand():
    assert value("psychiatrists_per_100k", staff=STAFF) == pytest.approx(10)


def test_one_general_practitioner_per_ten_thousand():
    assert value("general_practitioners_per_10k", staff=STAFF) == pytest.approx(1)


def test_two_severe_patients_for_one_mental_health_worker_at_base_level():
    assert value("severe_patients_per_mental_worker", staff=STAFF, enrolment="""
        居民编号 | 项目 | 开始日期 | 结束日期
        张三 | 严重精神障碍 | 2020-01-01 |
        李四 | 严重精神障碍 | 2020-01-01 |
        王五 | 严重精神障碍 | 2020-01-01 | 2025-06-30
        赵六 | 高血压 | 2020-01-01 |
    """) == 2  # fmt: skip


POSTINGS = """
    人员编号 | 派出机构编号 | 派驻机构编号 | 派驻方式 | 开始日期 | 结束日期
    甲 | 县医院 | 卫生院   | 长期派驻 | 2025-07-01 |
    乙 | 县医院 | 社区中心 | 长期派驻 | 2025-07-02 |
    丙 | 县医院 | 卫生院   | 长期派驻 | 2025-01-01 |
    甲 | 县医院 | 社区中心 | 短期支援 | 2025-01-01 | 2025-06-30
    丁 | 卫生院 | 村卫生室 | 长期派驻 | 2025-01-01 |
"""


def test_one_attending_physician_reached_six_months_one_lacks_a_day_and_a_junior_does_not_count():
    row = measured("senior_postings_per_10k", staff=STAFF, posting=POSTINGS)
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 1, 1)


def test_the_one_township_centre_has_an_attending_physician_from_july_on():
    rows = measured("township_attending_posting_coverage", by=("month",), staff=STAFF, posting=POSTINGS)
    assert [row["value"] for row in rows] == [0] * 6 + [1] * 6


def test_three_physicians_were_posted_down_and_two_recruited():
    row = measured("posting_share_of_recruits", staff=STAFF, posting=POSTINGS)
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 2, pytest.approx(1.5))


PAY = """
    人员编号 | 月份 | 机构编号 | 金额
    甲 | 2025-01 | 县医院 | 9000
    甲 | 2025-02 | 县医院 | 9000
    乙 | 2025-02 | 县医院 | 6000
    丁 | 2025-01 | 卫生院 | 5000
    戊 | 2025-01 | 卫生院 | 4000
    辛 | 2025-01 | 中医院 | 8000
"""


def test_4500_yuan_a_head_at_base_level_to_12000_at_the_lead_hospital():
    row = measured("income_ratio_primary_to_lead", payroll=PAY)
    assert (row["numerator"], row["denominator"], row["value"]) == (4500, 12000, pytest.approx(0.375))


def test_public_health_staff_get_4000_yuan_where_the_average_of_their_centre_is_4500():
    rows = measured("public_health_pay_ratio", by=("institution",), payroll=PAY, staff=STAFF)
    assert {row["institution"]: row["value"] for row in rows}["卫生院"] == pytest.approx(4000 / 4500)


CIRCUITS = """
    居民编号 | 机构编号 | 就诊方式 | 就诊日期
    王五 | 卫生院 | 巡诊 | 2025-03-03
    王五 | 卫生院 | 巡诊 | 2025-03-06
    李四 | 卫生院 | 巡诊 | 2025-03-06
    李四 | 卫生院 | 巡诊 | 2025-03-06
    赵六 | 社区中心 | 巡诊 | 2025-03-06
"""


def test_in_march_two_villages_had_three_circuit_days_in_thirty_one_days():
    assert value("village_circuit_days_per_week", over="2025-03", visit=CIRCUITS) == pytest.approx(3 / (2 * 31 / 7))


VILLAGE_DOCTOR = """
    机构编号 | 专业类别 | 离职日期
    村卫生室 | 乡村医生 |
"""


def test_the_small_village_without_a_room_is_served_in_the_month_of_its_circuit_visits():
    rows = measured("villages_without_service", over="2025Q1", by=("month",), visit=CIRCUITS, staff=VILLAGE_DOCTOR)
    assert [(row["month"], row["value"], row["why_null"]) for row in rows] == [
        ("2025-01", None, "missing_fact:visit"),
        ("2025-02", None, "missing_fact:visit"),
        ("2025-03", 0, None),
    ]


def test_a_village_of_eight_hundred_needs_a_room_whatever_visits_reach_it():
    row = measured("villages_without_service", visit=CIRCUITS, staff=VILLAGE_DOCTOR, place="""
        地区编号 | 类别 | 上级地区编号 | 常住人口
        东坪镇 | 乡镇 | |
        青山村 | 行政村 | 东坪镇 | 3000
        小河村 | 行政村 | 东坪镇 | 800
    """)  # fmt: skip
    assert (row["value"], row["met"], row["denominator"]) == (1, False, None)


def test_a_room_that_nobody_works_at_is_a_blank_spot_until_someone_is_posted_there():
    gone = VILLAGE_DOCTOR.replace("乡村医生 |", "乡村医生 | 2025-03-31")
    posted = """
        派驻机构编号 | 开始日期
        村卫生室 | 2025-05-10
    """
    rows = measured(
        "villages_without_service", over="2025H1", by=("month",), staff=gone, posting=posted,
        visit="居民编号 | 就诊方式 | 就诊日期" + "".join(f"\n王五 | 巡诊 | 2025-0{month}-01" for month in range(1, 7)),
    )  # fmt: skip
    assert [row["value"] for row in rows] == [0, 0, 0, 1, 0, 0]


def test_170_beds_for_ten_thousand_people():
    assert value("beds_per_1000") == pytest.approx(17)


def test_one_station_for_a_community_of_6400():
    assert value("population_per_station") == 6400


def test_the_one_general_hospital_has_geriatrics():
    assert value(
        "geriatric_department_coverage",
        visit="""
            机构编号 | 科室
            中医院 | 老年医学科
        """,
        stay="""
            机构编号 | 科室
            县医院 | 老年病科
        """,
    ) == 1  # fmt: skip
