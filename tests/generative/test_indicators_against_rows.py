"""Every indicator, on any small county, in any grouping: the fused runner says what plain loops over rows say."""

import math
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowwise.engine import evaluate
from rowwise.generated import MOST, UNUSED, County, arrow, counties
from yigongti.analytics.engines import DuckDBEngine
from yigongti.analytics.runner import run, run_together
from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.capabilities.measure.indicators import INDICATORS
from yigongti.kernel.indicators import DIMENSIONS
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
PERIODS = (
    Period(date(2024, 1, 1), date(2024, 12, 31)),
    Period(date(2024, 7, 1), date(2024, 12, 31)),
    Period(date(2025, 1, 10), date(2025, 3, 15)),
)
GROUPINGS = (
    (), ("month",), ("institution",), ("month", "institution"), ("consortium",), ("zone", "month"), ("town", "level"),
)  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as one:
        yield one


@pytest.mark.parametrize("dimension", DIMENSIONS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(county=counties(), period=st.sampled_from(PERIODS), by=st.sampled_from(GROUPINGS))
def test_the_fused_runner_and_plain_rows_agree(engine, dimension, county, period, by):
    compare(
        [each for each in INDICATORS.values() if each.dimension == dimension],
        engine,
        county.tables,
        period,
        by,
    )


@pytest.mark.parametrize("by", [(), ("month", "institution")])
def test_they_agree_on_all_indicators_at_once(engine, by):
    county = County(seed=2024, sizes=tuple((name, MOST) for name in MEASURED if name not in UNUSED))
    compare(list(INDICATORS.values()), engine, county.tables, PERIODS[0], by)


SOME = ("primary_visit_share", "inpatient_cost_growth", "shared_reading_coverage", "premature_mortality_4ncd",
        "senior_postings_per_10k", "contract_coverage", "down_referral_ratio")  # fmt: skip
"""Rows at their institution and at home, a year before, of the whole year only, without an institution."""


@pytest.mark.parametrize(("size", "month"), [(0, ()), (MOST, ()), (MOST, ("month",))])
def test_groupings_worked_out_together_say_what_each_says_alone(engine, size, month):
    """The whole county has a row even where nothing is loaded."""
    county = County(seed=7, sizes=tuple((name, size) for name in MEASURED if name not in UNUSED))
    asked = {"tables": arrow(county.tables), "period": PERIODS[0], "rules": BOOK, "engine": engine}
    able = {
        (*by, *month): [INDICATORS[key] for key in SOME if {*by, *month} <= {*INDICATORS[key].group_by}]
        for by in ((), ("institution",), ("town", "consortium"))
    }
    for by, together in run_together(able, **asked).items():
        assert together.equals(run(able[by], by=by, **asked)), by
        assert together.num_rows or by, "the county has no row"


def compare(indicators, engine, tables, period, by):
    result = run(indicators, tables=arrow(tables), period=period, rules=BOOK, by=by, engine=engine)
    found = {}
    for row in result.to_pylist():
        found.setdefault(row["indicator"], {})[tuple(row[group] for group in by)] = row
    assert list(found) == [each.id for each in indicators]
    for indicator in indicators:
        expected = evaluate(indicator, tables=tables, period=period, book=BOOK, by=by)
        assert differences(expected, found[indicator.id]) == [], indicator.id


def differences(expected, found):
    """What one says and the other does not."""
    if set(expected) != set(found):
        return [("groups", set(expected), set(found))]
    return [
        (key, name, wanted, found[key][name])
        for key, answer in expected.items()
        for name, wanted in zip(("numerator", "denominator", "value", "why_null"), answer, strict=True)
        if not same(wanted, found[key][name])
    ]


def same(wanted, got):
    if isinstance(wanted, str):
        return (wanted or None) == got
    if got is None or math.isnan(wanted):
        return got is None and math.isnan(wanted)
    return math.isclose(wanted, got, rel_tol=1e-9, abs_tol=1e-9)
