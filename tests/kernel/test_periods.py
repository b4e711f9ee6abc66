"""Reporting periods: both ends included, named as people name them."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import Period, parse, written_day

days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
periods = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("2025Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_is_named_as_people_name_it(text, start, end):
    assert parse(text) == Period(start, end)
    assert parse(text).label == text


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025H3", "2025Q5", "去年"])
def test_an_unreadable_period_is_refused_with_the_forms_that_work(text):
    with pytest.raises(Refusal, match=r"2025H1|01 到 12"):
        parse(text)


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(Refusal, match="早于"):
        Period(date(2025, 2, 1), date(2025, 1, 1))


@given(periods)
def test_the_months_of_a_period_cover_each_day_once(period):
    months = period.months()
    assert sum(month.days for month in months) == period.days
    assert months[0].start == period.start
    assert months[-1].end == period.end
    assert all(one.end + timedelta(days=1) == two.start for one, two in itertools.pairwise(months))


@given(periods)
def test_the_preceding_period_ends_the_day_before(period):
    assert period.preceding().end == period.start - timedelta(days=1)


def test_the_month_before_march_is_the_whole_of_february():
    assert parse("2024-03").preceding() == parse("2024-02")
    assert parse("2025H1").preceding() == parse("2024H2")


def test_a_year_before_keeps_whole_months_whole():
    assert parse("2024-02").a_year_before() == parse("2023-02")
    assert parse("2025-02").a_year_before() == parse("2024-02")


@pytest.mark.parametrize(("text", "day"), [("2025-07-01", date(2025, 7, 1)), ("2025-02-30", None), ("today", None)])
def test_a_written_day_is_read_and_what_is_none_is_passed_over(text, day):
    assert written_day(text) == day
