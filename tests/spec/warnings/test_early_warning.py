"""预警:与目标比、与自己的过去比、与同类机构比。"""

from datetime import date

import pytest

from yigongti.capabilities.measure.decisions import RULES, Measured, early_warnings
from yigongti.kernel.periods import parse
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook

YEAR = parse("2025")
BOOK = RuleBook.load(DEFAULT_POLICY, ["national"])
IN_FORCE = BOOK.on(date(2025, 12, 31))
CLAUSE = "《医共体平台工作默认值》预警 预警所用的界限"


def number(indicator, value, *, level="county", group="", months=(), peers="", denominator=None):
    listed = [(f"month {place}", each) for place, each in enumerate(months)]
    return Measured(REGISTRY.indicators[indicator], level, group, YEAR, value, denominator, listed, peers)


def found(*numbers):
    return [(each.kind, each.severity) for each in early_warnings(numbers, rules=IN_FORCE)]


def test_every_rule_of_the_warnings_is_in_the_national_pack():
    assert [rule_id for rule_id in RULES if rule_id not in IN_FORCE] == []


def test_a_missed_target_is_red_and_names_value_target_and_clause():
    (warning,) = early_warnings([number("primary_visit_share", 0.582)], rules=IN_FORCE)
    assert (warning.kind, warning.severity) == ("missed_target", "red")
    assert (warning.value, warning.compared_with) == (0.582, 0.65)
    assert warning.text == "本期 58.2%,未达到目标 ≥65%"
    assert (warning.rule_id, warning.rule_version) == ("measure.target.primary_visit_share", "national@2010-01-01")
    assert warning.clause == IN_FORCE["measure.target.primary_visit_share"].source.text


@pytest.mark.parametrize(("value", "expected"), [(0.66, [("near_target", "amber")]), (0.70, [])])
def test_a_target_met_with_less_than_a_twentieth_to_spare_is_amber(value, expected):
    assert found(number("primary_visit_share", value)) == expected


def test_a_share_of_all_has_nothing_left_to_spare_and_is_no_warning():
    assert found(number("prescription_review_rate", 1.0)) == []


def test_a_ceiling_is_missed_from_above():
    assert found(number("inpatient_cost_growth", 0.08)) == [("missed_target", "red")]


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, "missed_target"), (0.95, "missed_target"), (0.61, "near_target")]
)
def test_a_range_is_missed_on_both_sides(value, expected):
    assert [kind for kind, _ in found(number("bed_occupancy", value))] == [expected]


def test_an_indicator_without_a_target_in_the_county_has_no_such_warning():
    assert found(number("internet_visit_share", 0.0)) == []


def test_an_unknown_value_is_no_warning():
    assert found(number("primary_visit_share", None)) == []


STEADY = [5000.0] * 24


def test_three_months_a_fifth_dearer_than_a_year_before_are_amber():
    months = [*STEADY[:-3], 6000.0, 6000.0, 6000.0]
    (warning,) = early_warnings([number("inpatient_cost_per_stay", 6000.0, months=months)], rules=IN_FORCE)
    assert (warning.kind, warning.severity) == ("worse_than_last_year", "amber")
    assert warning.text == "近 3 个月平均 6,000 元,较上年同期 5,000 元 不利变化 20%"
    assert (warning.rule_id, warning.clause) == ("measure.warning_trend_change", CLAUSE)


def test_a_change_of_a_tenth_is_not_yet_too_much_and_a_change_for_the_better_never():
    assert found(number("inpatient_cost_per_stay", 5500.0, months=[*STEADY[:-3], 5500.0, 5500.0, 5500.0])) == []
    assert found(number("inpatient_cost_per_stay", 3000.0, months=[*STEADY[:-3], 3000.0, 3000.0, 3000.0])) == []


def test_a_month_without_a_value_leaves_the_year_uncompared():
    assert found(number("inpatient_cost_per_stay", 9000.0, months=[*STEADY[:-3], 9000.0, None, 9000.0])) == []


def test_three_months_in_a_row_each_worse_are_a_warning_without_any_last_year():
    falling = [0.80, 0.78, 0.74, 0.70]
    assert found(number("tcm_visit_share", 0.70, months=falling)) == [("worsening", "amber")]
    assert found(number("tcm_visit_share", 0.70, months=[0.80, 0.74, 0.78, 0.70])) == []


def test_a_trend_on_top_of_a_missed_target_is_red():
    falling = [0.66, 0.62, 0.58, 0.54]
    assert found(number("primary_visit_share", 0.54, months=falling)) == [
        ("missed_target", "red"),
        ("worsening", "red"),
    ]


def stays(days, *, kind="township_center", denominator=200):
    return [
        number("average_length_of_stay", each, level="institution", group=f"机构{place}", peers=kind,
               denominator=denominator)
        for place, each in enumerate(days)
    ]  # fmt: skip


def test_the_one_of_six_centres_far_above_the_median_is_out_of_line():
    (warning,) = early_warnings(stays([6.0, 6.5, 7.0, 7.5, 8.0, 14.0]), rules=IN_FORCE)
    assert (warning.group, warning.kind, warning.compared_with) == ("机构5", "out_of_line", 7.25)
    assert warning.text == "本期 14 日,6 家同类机构的中位数为 7.25 日,偏离 6.1 个标准差"


def test_far_below_is_no_warning_where_lower_is_better():
    assert found(*stays([6.0, 6.5, 7.0, 7.5, 8.0, 1.0])) == []


def test_four_peers_are_too_few_to_compare():
    assert found(*stays([6.0, 6.5, 7.0, 14.0])) == []


def test_institutions_are_compared_among_their_own_kind_only():
    hospitals = stays([14.0], kind="county_hospital")
    assert found(*stays([6.0, 6.5, 7.0, 7.5, 8.0]), *hospitals) == []


def test_an_institution_with_fewer_than_thirty_cases_proves_nothing():
    assert found(*stays([6.0, 6.5, 7.0, 7.5, 8.0, 14.0], denominator=29)) == []
    assert found(number("referral_closure_rate", 0.1, level="institution", group="卫生院", denominator=29)) == []


def test_the_county_is_judged_on_however_few_cases_it_has():
    assert found(number("referral_closure_rate", 0.1, denominator=5)) == [("missed_target", "red")]
