"""签约与转诊:由几份协议、几张转诊单手算出的指标值。"""

import pytest

from hand_drawn import measured, value

CONTRACTS = """
    居民编号 | 机构编号 | 开始日期   | 结束日期   | 是否有偿
    张三 | 卫生院   | 2025-01-01 | 2025-12-31 | 是
    李四 | 卫生院   | 2025-03-01 | 2026-02-28 | 否
    王五 | 卫生院   | 2024-01-01 | 2024-12-31 | 否
    赵六 | 社区中心 | 2024-07-01 | 2025-06-30 | 否
    赵六 | 社区中心 | 2025-08-01 | 2026-07-31 | 否
"""


def test_three_people_of_ten_thousand_have_a_contract_at_the_end_of_the_year():
    row = measured("contract_coverage", contract=CONTRACTS)
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 10_000, pytest.approx(0.0003))


def test_coverage_rises_from_two_to_three_of_ten_thousand_which_is_a_hundredth_of_a_percentage_point():
    assert value("contract_coverage_growth", contract=CONTRACTS) == pytest.approx(0.01)


def test_by_month_a_contract_counts_at_the_end_of_each_month():
    rows = measured("contract_coverage", by=("month",), over="2025H1", contract=CONTRACTS)
    assert [(row["month"][-2:], row["numerator"]) for row in rows] == [
        ("01", 2), ("02", 2), ("03", 3), ("04", 3), ("05", 3), ("06", 3)]  # fmt: skip


def test_of_two_residents_in_key_groups_one_has_a_contract():
    assert value("key_group_contract_coverage", contract=CONTRACTS) == pytest.approx(1 / 2)


def test_of_two_long_term_care_insured_one_has_a_contract():
    assert value("long_term_care_contract_coverage", contract=CONTRACTS, resident="""
        居民编号 | 重点人群
        张三 | 长护险对象
        吴十 | 老年人、长护险对象
        李四 | 老年人
    """) == pytest.approx(1 / 2)  # fmt: skip


def test_one_of_three_contracts_in_force_is_paid():
    assert value("paid_contract_share", contract=CONTRACTS) == pytest.approx(1 / 3)


def test_of_two_contracts_that_ended_in_the_year_one_was_renewed_within_ninety_days():
    row = measured("contract_renewal_rate", contract=CONTRACTS)
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_visits_to_the_village_room_of_ones_own_centre_are_within_the_team_and_those_to_another_centre_are_not():
    assert value("in_team_visit_share", contract=CONTRACTS, visit="""
        居民编号 | 机构编号 | 就诊日期
        张三 | 卫生院   | 2025-04-01
        张三 | 村卫生室 | 2025-04-02
        张三 | 社区中心 | 2025-04-03
        张三 | 县医院   | 2025-04-04
        王五 | 卫生院   | 2025-04-05
        赵六 | 服务站   | 2025-09-01
    """) == pytest.approx(3 / 4)  # fmt: skip


REFERRALS = """
    居民编号 | 方向 | 转出机构编号 | 转入机构编号 | 发出时间 | 接收时间 | 到院时间 | 结案时间 | 是否使用预留资源
    张三 | 上转 | 卫生院   | 县医院 | 2025-03-01 08:00 | 2025-03-01 09:00 | 2025-03-02 08:00 | 2025-03-20 08:00 | 是
    李四 | 上转 | 卫生院   | 县医院 | 2025-03-01 08:00 | 2025-03-02 08:00 | 2025-03-03 08:00 |                  | 否
    王五 | 上转 | 社区中心 | 县医院 | 2025-03-01 08:00 | 2025-03-02 08:01 |                  |                  | 否
    赵六 | 上转 | 社区中心 | 县医院 | 2025-03-01 08:00 |                  |                  |                  | 否
    张三 | 下转 | 县医院   | 卫生院 | 2025-03-20 08:00 | 2025-03-20 09:00 | 2025-03-20 10:00 | 2025-04-20 08:00 | 否
    孙八 | 下转 | 县医院   | 卫生院 | 2025-03-20 08:00 | 2025-03-20 09:00 | 2025-03-20 10:00 | 2025-04-20 08:00 | 否
"""


def test_two_referrals_down_for_four_up():
    assert value("down_referral_ratio", referral=REFERRALS) == pytest.approx(1 / 2)


def test_three_of_six_referrals_are_closed():
    assert value("referral_closure_rate", referral=REFERRALS) == pytest.approx(1 / 2)


def test_four_of_six_are_accepted_within_twenty_four_hours_and_a_minute_more_is_too_late():
    assert value("referral_accepted_in_time", referral=REFERRALS) == pytest.approx(4 / 6)


def test_of_five_accepted_four_arrived():
    assert value("referral_arrival_rate", referral=REFERRALS) == pytest.approx(4 / 5)


def test_one_of_four_referrals_up_used_a_reserved_resource():
    row = measured("reserved_referral_share", referral=REFERRALS)
    assert row["value"] == pytest.approx(1 / 4)


def test_of_two_referrals_down_one_was_followed_up_on_the_third_day_and_the_other_on_the_fourth():
    assert value("down_referral_followed_up", referral=REFERRALS, follow_up="""
        居民编号 | 随访日期
        张三 | 2025-03-23
        孙八 | 2025-03-24
    """) == pytest.approx(1 / 2)  # fmt: skip


def test_timely_acceptance_belongs_to_the_receiver_and_closure_to_the_sender():
    accepted = measured("referral_accepted_in_time", by=("institution",), referral=REFERRALS)
    closed = measured("referral_closure_rate", by=("institution",), referral=REFERRALS)
    assert {row["institution"]: row["value"] for row in accepted} == {"县医院": 0.5, "卫生院": 1}
    assert {row["institution"]: row["denominator"] for row in closed} == {"卫生院": 2, "社区中心": 2, "县医院": 2}
