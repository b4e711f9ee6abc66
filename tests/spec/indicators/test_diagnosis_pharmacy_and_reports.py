"""资源共享、药事与传染病报告:由几次检查、几张处方、几张报告卡手算出的指标值。"""

import pytest

from hand_drawn import value

EXAMS = """
    居民编号|类别|项目编码|ordered_by|read_by|申请时间|检查时间|报告时间|recognised_exam_id|重复检查理由
    张三 | 影像 | 胸片 | 卫生院   | 县医院   | 2025-03-01 08:00 | 2025-03-01 09:00 | 2025-03-02 09:00 | |
    张三 | 影像 | 胸片 | 县医院   | 县医院   | 2025-03-31 08:00 | 2025-03-31 09:00 | 2025-04-01 09:01 | |
    张三 | 影像 | 胸片 | 县医院   | 县医院   | 2025-06-01 08:00 | 2025-06-01 09:00 | 2025-06-01 10:00 | |
    李四 | 检验 | 血脂 | 社区中心 | 社区中心 | 2025-03-01 08:00 | 2025-03-01 09:00 | 2025-03-01 10:00 | |
    李四 | 检验 | 血脂 | 县医院   |          | 2025-03-04 08:00 |                  |                  | 甲 |
    李四 | 检验 | 血脂 | 县医院   | 县医院   | 2025-03-05 08:00 | 2025-03-05 09:00 | 2025-03-05 10:00 | | 病情变化
"""


def test_one_of_two_centres_has_an_image_read_elsewhere():
    assert value("shared_reading_coverage", exam=EXAMS) == pytest.approx(1 / 2)


def test_the_one_village_room_has_a_networked_ecg():
    assert value("village_ecg_coverage", equipment="""
        机构编号 | 设备类别 | 台数 | 是否联网
        村卫生室 | ecg | 1 | 是
        卫生院   | ecg | 1 | 是
    """) == 1  # fmt: skip


def test_an_ecg_that_is_not_networked_does_not_count():
    assert value("village_ecg_coverage", equipment="""
        机构编号 | 设备类别 | 台数 | 是否联网
        村卫生室 | ecg | 1 | 否
    """) == 0  # fmt: skip


def test_one_result_recognised_for_one_examination_repeated_without_a_reason():
    assert value("exam_recognition_rate", exam=EXAMS) == pytest.approx(1 / 2)


def test_one_of_five_examinations_repeats_one_of_thirty_days_ago_and_a_reason_excuses_another():
    assert value("repeat_exam_rate", exam=EXAMS) == pytest.approx(1 / 5)


def test_four_of_five_reports_are_in_time_and_a_minute_over_twenty_four_hours_is_not():
    assert value("exam_report_in_time", exam=EXAMS) == pytest.approx(4 / 5)


LINES = """
    处方编号 | 行号 | 审方结果 | 是否长期处方
    甲 | 1 | 系统通过 | 是
    甲 | 2 | 药师通过 | 否
    乙 | 1 | 系统通过 | 否
    乙 | 2 | 退回     | 否
    丙 | 1 | 系统通过 | 否
    丙 | 2 | 未审     | 否
    丁 | 1 | 医师坚持 | 否
"""


def test_three_of_four_prescriptions_are_reviewed_line_by_line():
    assert value("prescription_review_rate", prescription_line=LINES) == pytest.approx(3 / 4)


def test_of_three_reviewed_prescriptions_one_passed_wholly():
    assert value("prescription_pass_rate", prescription_line=LINES) == pytest.approx(1 / 3)


def test_one_of_four_prescriptions_is_long_term():
    assert value("long_prescription_share", prescription_line=LINES) == pytest.approx(1 / 4)


def test_cholera_is_due_in_two_hours_and_influenza_in_twenty_four_and_deleted_cards_do_not_count():
    assert value("infectious_report_in_time", infectious_report="""
        病种 | 诊断时间 | 报告时间 | 状态
        霍乱 | 2025-03-01 08:00 | 2025-03-01 10:00 | 有效
        霍乱 | 2025-03-01 08:00 | 2025-03-01 11:00 | 有效
        流行性感冒 | 2025-03-01 08:00 | 2025-03-02 08:00 | 订正
        流行性感冒 | 2025-03-01 08:00 | 2025-03-03 08:00 | 删除
    """) == pytest.approx(2 / 3)  # fmt: skip
