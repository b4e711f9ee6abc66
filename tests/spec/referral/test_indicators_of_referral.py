"""转诊闭环的指标:由十位病人的转诊单和办理步骤手算出的值。"""

import pytest

from hand_drawn import BOOK, OWN, table
from yigongti.analytics.engines import DuckDBEngine
from yigongti.analytics.runner import run
from yigongti.capabilities.referral.indicators import INDICATORS
from yigongti.kernel.periods import parse

REFERRALS = """
    居民编号 | 方向 | 转出机构编号 | 转入机构编号 | 发出时间 | 接收时间 | 到院时间 | 回转时间 | 是否使用预留资源
    甲一 | 上转 | 卫生院   | 县医院 | 2025-03-01 08:00 | 2025-03-01 09:00 | 2025-03-02 08:00 | 2025-03-10 08:00 | 是
    乙二 | 上转 | 卫生院   | 县医院 | 2025-03-01 08:00 | 2025-03-01 09:00 | 2025-03-02 08:00 | 2025-03-12 08:00 | 否
    丙三 | 上转 | 卫生院   | 县医院 | 2025-03-02 08:00 | 2025-03-02 09:00 | 2025-03-03 08:00 |                  | 否
    丁四 | 上转 | 社区中心 | 县医院 | 2025-03-02 08:00 | 2025-03-02 09:00 |                  |                  | 否
    戊五 | 上转 | 社区中心 | 县医院 | 2025-03-02 08:00 | 2025-03-02 09:00 | 2025-03-03 08:00 |                  | 否
    己六 | 上转 | 卫生院   | 中医院 | 2025-04-01 08:00 | 2025-04-01 09:00 | 2025-04-02 08:00 | 2025-04-08 08:00 | 否
    庚七 | 上转 | 卫生院   | 中医院 | 2025-04-01 08:00 | 2025-04-01 09:00 | 2025-04-02 08:00 |                  | 否
    辛八 | 上转 | 社区中心 | 中医院 | 2025-04-01 08:00 |                  |                  |                  | 否
    壬九 | 下转 | 县医院   | 卫生院 | 2025-04-03 08:00 | 2025-04-03 09:00 | 2025-04-04 08:00 |                  | 否
    癸十 | 平转 | 县医院   | 中医院 | 2025-04-03 08:00 | 2025-04-03 09:00 | 2025-04-04 08:00 |                  | 否
"""

STEPS = """
    事项编号 | 流程 | 步骤 | 新状态 | 时间 | 机构编号 | 是否超时
    甲一 | referral      | take_over            | taken_over   | 2025-03-11 08:00 | 卫生院   | 否
    甲一 | referral      | follow_up            | followed_up  | 2025-03-12 08:00 | 卫生院   | 否
    乙二 | referral      | take_over            | taken_over   | 2025-03-13 08:00 | 卫生院   | 否
    乙二 | referral      | follow_up            | followed_up  | 2025-03-20 08:00 | 卫生院   | 是
    己六 | referral      | take_over_in_village | village_care | 2025-04-09 08:00 | 村卫生室 | 是
    己六 | referral      | follow_up            | followed_up  | 2025-04-12 08:00 | 村卫生室 | 否
    壬九 | referral_down | take_over            | taken_over   | 2025-04-04 08:00 | 卫生院   | 否
    旁一 | sterile       | take_over            | taken_over   | 2025-04-04 08:00 | 卫生院   | 否
"""


def measured(indicator_id, *, by=(), over="2025", **drawn):
    tables = {name: table(name, text) for name, text in {**OWN, **drawn}.items()}
    with DuckDBEngine(threads=1) as engine:
        asked = [INDICATORS[indicator_id]]
        return run(asked, tables=tables, period=parse(over), rules=BOOK, by=by, engine=engine).to_pylist()


def test_of_six_patients_sent_up_who_arrived_three_were_handed_back():
    (row,) = measured("referral_handed_back_share", referral=REFERRALS)
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 6, pytest.approx(1 / 2))


def test_handing_back_is_asked_of_the_hospital_that_received():
    rows = measured("referral_handed_back_share", by=("institution",), referral=REFERRALS)
    assert {row["institution"]: (row["numerator"], row["denominator"]) for row in rows} == {
        "县医院": (2, 4), "中医院": (1, 2)}  # fmt: skip


def test_a_referral_down_or_sideways_is_not_handed_back():
    rows = measured("referral_handed_back_share", over="2025-04", referral=REFERRALS)
    assert rows[0]["denominator"] == 2


def test_of_four_taken_over_two_were_followed_up_in_time():
    (row,) = measured("referral_followed_up_in_time", case_step=STEPS)
    assert (row["numerator"], row["denominator"]) == (2, 4)


def test_the_follow_up_is_owed_by_who_took_over():
    rows = measured("referral_followed_up_in_time", by=("institution",), case_step=STEPS)
    assert {row["institution"]: row["value"] for row in rows} == {"卫生院": pytest.approx(1 / 3), "村卫生室": 1}


def test_the_county_hospital_kept_one_place_in_five_and_the_other_none():
    (row,) = measured("reserved_share_kept", referral=REFERRALS)
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_one_place_in_five_is_just_the_rules_twenty_percent_and_none_is_not():
    fewer = REFERRALS.replace("2025-03-10 08:00 | 是", "2025-03-10 08:00 | 否")
    assert measured("reserved_share_kept", referral=fewer)[0]["numerator"] == 0


def test_without_any_referral_there_is_no_number_and_it_says_why():
    (row,) = measured("referral_handed_back_share", referral=REFERRALS.splitlines()[1])
    assert (row["value"], row["why_null"]) == (None, "missing_fact:referral")


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=list(INDICATORS))
def test_every_indicator_names_the_clause_it_serves(indicator):
    assert set(indicator.serves) <= {"JD-5", "YN-5", "BN-9", "YN-11"}
    assert indicator.source.split()[0] in BOOK.documents
