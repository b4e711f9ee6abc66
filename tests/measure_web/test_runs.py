"""Runs hold every number of every level with its trend, and can be frozen and worked out again."""

import pytest

from yigongti.capabilities.measure.models import Kind, Run, Value
from yigongti.capabilities.measure.services import freezing, runs
from yigongti.kernel.errors import Refusal

SHARE = "primary_visit_share"


def value(run, level, group="", indicator=SHARE):
    return Value.objects.get(run=run, indicator=indicator, level=level, group=group)


def test_a_refresh_computes_the_last_twelve_months_at_every_level(measured):
    assert measured.period.label == "2025"
    assert value(measured, "county").value == pytest.approx(8 / 20)
    assert value(measured, "consortium", "A").value == pytest.approx(0.6)
    assert value(measured, "consortium", "B").value == pytest.approx(0.2)
    assert value(measured, "institution", "C1", indicator="booked_visit_share").denominator == 36


def test_a_value_carries_its_trend_of_24_months(measured):
    months = value(measured, "consortium", "A").months
    assert [months[0][0], months[-1][0], len(months)] == ["2024-01", "2025-12", 24]
    assert months[0][1:4] == [6.0, 10.0, 0.6]


def test_a_value_that_is_missing_says_why(measured):
    missing = Value.objects.get(run=measured, indicator="inpatient_in_county_share", level="county")
    assert missing.value is None
    assert missing.why_null == "missing_fact:stay"


def test_a_new_refresh_takes_the_place_of_the_one_before(measured):
    again = runs.refresh()
    assert list(Run.objects.values_list("pk", flat=True)) == [again.pk]
    assert again.result_hash == measured.result_hash


def test_a_county_without_facts_is_told_to_load_some(db):
    with pytest.raises(Refusal, match="还没有可计算的数据"):
        runs.refresh()


@pytest.mark.parametrize(("kind", "period"), [("annual", "2025H1"), ("half_year", "2025"), ("annual", "2026")])
def test_an_evaluation_is_of_a_whole_year_or_half_year_that_is_over(facts, kind, period):
    with pytest.raises(Refusal):
        runs.evaluate(kind, period=period)


def test_a_reproduction_of_a_run_is_identical_bit_for_bit(facts, bureau):
    run = runs.evaluate(Kind.ANNUAL, period="2025")
    freezing.freeze(run.pk, by=bureau)
    again = freezing.reproduce(run.pk)
    assert again.is_identical
    assert not again.differences


def test_a_run_warns_of_every_missed_target_with_the_clause_that_sets_it(measured):
    found = measured.warnings.get(indicator=SHARE, level="consortium", group="B")
    assert (found.kind, found.severity, found.value, found.compared_with) == ("missed_target", "red", 0.2, 0.65)
    assert found.rule_id == f"measure.target.{SHARE}"
    assert found.clause
    assert measured.warnings.filter(indicator=SHARE, level="county").exists()
