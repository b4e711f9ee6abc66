"""结果的样子:分组、目标、规则版本、缺失原因,以及期内规则变更时的处理。"""

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from hand_drawn import BOOK, OWN, measured, table
from yigongti.analytics.runner import explain, rows_behind, run, schema
from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.capabilities.measure.indicators import INDICATORS
from yigongti.kernel.errors import Refusal
from yigongti.kernel.indicators import problems
from yigongti.kernel.periods import Period, parse
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook

VISITS = """
    居民编号 | 机构编号 | 就诊日期 | 就诊方式
    张三 | 卫生院 | 2025-03-01 | 门诊
    李四 | 县医院 | 2025-04-01 | 急诊
    王五 | 县医院 | 2025-04-01 | 门诊
    赵六 | 市医院 | 2025-05-01 | 门诊
"""
STAYS = """
    居民编号 | 机构编号 | 入院日期 | 出院日期
    张三 | 县医院 | 2025-02-01 | 2025-02-02
    张三 | 县医院 | 2025-02-20 | 2025-03-10
    张三 | 县医院 | 2025-08-01 | 2025-08-10
    张三 | 县医院 | 2025-08-20 | 2025-09-10
"""


def with_change(rule_id, on, to):
    """The book with one rule worth something else from a day on."""
    rule = BOOK.rules[rule_id]
    name, (version, *_) = next(iter(rule.layers.items()))
    layers = {name: (version, replace(version.with_value(to), effective_from=on, recorded_on=on))}
    return replace(
        BOOK, rules=MappingProxyType({**BOOK.rules, rule_id: replace(rule, layers=MappingProxyType(layers))})
    )


def test_the_columns_are_always_the_same():
    row = measured("primary_visit_share", visit=VISITS)
    assert list(row) == schema(()).names == [
        "indicator", "period_start", "period_end", "numerator", "denominator", "value", "target", "met",
        "rule_versions", "facts_as_of", "code_version", "why_null"]  # fmt: skip


def test_a_row_names_its_target_the_versions_of_its_rules_and_the_day_of_its_latest_fact():
    row = measured("primary_visit_share", visit=VISITS)
    assert row["target"] == {"low": 0.65, "high": None, "text": "≥65%"}
    assert row["met"] is False
    assert row["rule_versions"] == [("measure.target.primary_visit_share", "national@2010-01-01")]
    assert row["facts_as_of"] == date(2025, 5, 1)


def test_groups_come_in_the_order_asked_and_a_group_without_facts_has_no_row():
    rows = measured("primary_visit_share", by=("consortium", "month"), visit=VISITS)
    assert [(row["consortium"], row["month"], row["value"]) for row in rows] == [
        ("甲", "2025-03", 1),
        ("甲", "2025-04", 0),
    ]


def test_a_grouping_that_an_indicator_cannot_have_is_told_in_a_row_of_its_own():
    (row,) = measured("visit_in_county_share", by=("month", "institution"), visit=VISITS)
    assert (row["month"], row["value"], row["why_null"]) == (None, None, "group_not_supported:institution")


def test_a_grouping_that_does_not_exist_is_refused():
    with pytest.raises(Refusal, match="不能按“省份”分组"):
        measured("primary_visit_share", by=("省份",), visit=VISITS)


def test_an_absent_fact_table_is_named():
    row = measured("primary_visit_share")
    assert (row["numerator"], row["value"], row["why_null"]) == (None, None, "missing_fact:visit")


def test_nothing_to_divide_by_is_no_value():
    row = measured("tcm_hospital_tcm_prescription_share", prescription_line="机构编号\n县医院")
    assert (row["denominator"], row["value"], row["why_null"]) == (0, None, "no_denominator")


def test_a_month_without_any_visit_in_the_county_data_is_a_missing_fact_of_that_month():
    rows = measured(
        "contract_coverage", by=("month",), over="2025Q1", contract="开始日期 | 结束日期\n2025-02-10 | 2026-02-09"
    )
    assert [(row["month"], row["value"]) for row in rows] == [
        ("2025-01", 0), ("2025-02", pytest.approx(0.0001)), ("2025-03", pytest.approx(0.0001))]  # fmt: skip


def test_a_rule_that_changes_inside_the_period_cuts_a_flow_in_two_rows():
    book = with_change("measure.readmission_within", date(2025, 7, 1), 7)
    found = run(
        [REGISTRY.indicators["readmission_30d_rate"]], tables=tables(stay=STAYS), period=parse("2025"), rules=book
    )
    assert [(row["period_start"], row["period_end"], row["value"]) for row in found.to_pylist()] == [
        (date(2025, 1, 1), date(2025, 6, 30), pytest.approx(1 / 2)),
        (date(2025, 7, 1), date(2025, 12, 31), 0),
    ]


def test_a_rule_that_changes_inside_the_period_leaves_a_yearly_requirement_without_a_number():
    book = with_change("followup.visits_per_year", date(2025, 7, 1), 6)
    row = measured("hypertension_standard_management_rate", book=book, enrolment="项目\n高血压")
    assert (row["value"], row["why_null"]) == (None, "rule_changes:followup.visits_per_year")


def test_a_rule_that_the_county_does_not_have_leaves_the_number_open_and_names_it():
    rules = {key: rule for key, rule in BOOK.rules.items() if key != "measure.readmission_within"}
    row = measured("readmission_30d_rate", book=replace(BOOK, rules=MappingProxyType(rules)), stay=STAYS)
    assert (row["value"], row["why_null"]) == (None, "no_rule:measure.readmission_within")


@pytest.mark.parametrize(("people", "met"), [(7999, False), (8000, True), (20000, True), (20001, False)])
def test_a_target_with_two_ends_is_met_between_them(people, met):
    book = RuleBook.load(DEFAULT_POLICY, ["national", "banan-2024"])
    row = measured("population_per_station", book=book, place=f"""
        地区编号 | 类别 | 常住人口
        城中社区 | 社区 | {people}
    """)  # fmt: skip
    assert (row["target"]["low"], row["target"]["high"], row["met"]) == (8000, 20000, met)


@pytest.mark.parametrize(("staff", "met"), [(43, True), (47, True), (42, False), (48, False)])
def test_a_target_of_about_45_percent_allows_a_twentieth_of_it_on_either_side(staff, met):
    book = RuleBook.load(DEFAULT_POLICY, ["national", "qingyuan-145"])
    row = measured("staff_cost_share", book=book, finance=f"""
        科目 | 金额
        cost.staff | {staff}
        cost.other | {100 - staff}
    """)  # fmt: skip
    assert row["met"] is met


def test_the_rows_behind_a_number_tell_what_they_count_for():
    found = rows_behind(
        REGISTRY.indicators["primary_visit_share"], tables=tables(visit=VISITS), period=parse("2025"), rules=BOOK
    )["visit"].to_pylist()
    assert {row["visit_id"]: (row["in_numerator"], row["in_denominator"]) for row in found} == {
        "visit-0": (True, True), "visit-1": (False, True), "visit-2": (False, True)}  # fmt: skip


def test_the_rows_behind_one_institutions_month():
    found = rows_behind(
        REGISTRY.indicators["tcm_visit_share"], tables=tables(visit=VISITS), period=parse("2025"), rules=BOOK,
        filters={"institution": "县医院", "month": "2025-04"},
    )["visit"]  # fmt: skip
    assert found["visit_id"].to_pylist() == ["visit-1", "visit-2"]


def test_why_tells_the_clause_the_rules_the_queries_and_how_many_facts():
    told = explain(
        REGISTRY.indicators["readmission_30d_rate"], tables=tables(stay=STAYS), period=parse("2025"), rules=BOOK
    )
    assert told.clause.startswith("《医共体平台工作默认值》")
    assert [rule.rule_id for rule in told.rules] == ["measure.readmission_within"]
    assert told.facts == {"stay": 4, "institution": 8}
    assert any('"stay"' in query for query in told.sql.values())
    assert told.result.to_pylist()[0]["value"] == pytest.approx(2 / 4)


def test_every_declaration_is_sound_and_every_target_rule_belongs_to_an_indicator():
    assert [fault for indicator in REGISTRY.indicators.values() for fault in problems(indicator)] == []
    known = {path.stem for path in DEFAULT_POLICY.glob("**/rules/measure/target/*.yaml")}
    declared = {indicator.id for indicator in REGISTRY.indicators.values() if indicator.target}
    assert declared - known == set()
    assert {name for name in known & set(REGISTRY.indicators) if name not in declared} == set()


def test_every_clause_that_a_definition_names_can_be_cited():
    documents = RuleBook.load().documents
    unknown = [
        indicator.id for indicator in REGISTRY.indicators.values()
        for name, _, clause in [indicator.source.partition(" ")]
        if name not in documents or clause not in documents[name].clauses
    ]  # fmt: skip
    assert unknown == []


def test_every_indicator_has_its_hand_drawn_test():
    calls = [
        node for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("measured", "value")
    ]  # fmt: skip
    tested = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
    assert set(INDICATORS) - tested == set()


def test_every_capability_tests_the_indicators_that_it_declares_itself():
    tests = Path(__file__).parents[2]
    folders = [tests / "spec" / "contract", tests / "spec" / "referral", tests / "contract", tests / "referral"]
    said = {
        node.value for folder in folders for path in folder.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
    }  # fmt: skip
    assert set(REGISTRY.indicators) - set(INDICATORS) - said == set()


def test_a_faulty_declaration_is_told_in_every_point():
    faulty = replace(
        REGISTRY.indicators["visit_in_county_share"], label="", unit="furlong", group_by=("institution", "colour")
    )
    assert problems(faulty) == [
        "visit_in_county_share: label is empty",
        "visit_in_county_share: unit 'furlong' is not in the list of units",
        "visit_in_county_share: group 'colour' is not in the list of groups",
        "visit_in_county_share: visit cannot be grouped by institution, colour",
    ]


def tables(**drawn):
    return {name: table(name, text) for name, text in {**OWN, **drawn}.items()}


def test_hand_drawn_tables_have_the_dictionarys_columns():
    assert all(found.column_names == list(MEASURED[name].names) for name, found in tables(visit=VISITS).items())


def test_a_period_of_days_counts_only_those_days():
    row = measured("primary_visit_share", over=Period(date(2025, 4, 1), date(2025, 4, 30)), visit=VISITS)
    assert (row["numerator"], row["denominator"]) == (0, 2)
