"""Points of DRG payment: nothing hangs on the order of cases, and the budget is paid out to the fen."""

from datetime import date
from fractions import Fraction

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from yigongti.capabilities.payment.decisions.drg.figures import Sums
from yigongti.capabilities.payment.decisions.drg.points import E4, factors, score, standard_of
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleBook

RULES = RuleBook.load().on(date(2026, 6, 1))
GROUPS = ["A", "B", "C"]
PLACES = {"h1": "secondary", "h2": "secondary", "t1": "primary"}

some_sums = st.builds(
    lambda cases, mean: Sums(cases, cases * mean, 0, 0, float(cases * mean * mean)),
    st.integers(1, 500),
    st.integers(10_000, 20_000_000),
)
regions = st.dictionaries(st.sampled_from(GROUPS), some_sums, min_size=1)
histories = st.dictionaries(st.tuples(st.sampled_from([*PLACES]), st.sampled_from(GROUPS)), some_sums)
cases = st.lists(
    st.fixed_dictionaries(
        {
            "drg": st.sampled_from([*GROUPS, "new"]),
            "status": st.sampled_from(["grouped", "grouped", "grouped", "ungrouped", "ambiguous"]),
            "institution_id": st.sampled_from([*PLACES]),
            "total_fen": st.integers(0, 500_000_000),
        }
    ),
    min_size=1,
    max_size=30,
)


def scored(rows, region, history, order=None):
    table = pa.Table.from_pylist([{"id": i, **row} for i, row in enumerate(rows)])
    standard = standard_of(region, rules=RULES)
    given_factors = factors(history, PLACES, standard.groups, rules=RULES)
    table = table.take(order) if order else table
    return score(table, standard, given_factors, rules=RULES).to_pylist()


@settings(max_examples=150, deadline=None)
@given(cases, regions, histories, st.randoms())
def test_the_order_of_cases_changes_no_points(rows, region, history, random):
    order = random.sample(range(len(rows)), len(rows))
    first, second = scored(rows, region, history), scored(rows, region, history, order)
    assert first == sorted(second, key=lambda case: case["id"])


@settings(max_examples=150, deadline=None)
@given(cases, regions, histories)
def test_points_are_what_the_rule_says_to_the_ten_thousandth(rows, region, history):
    standard = standard_of(region, rules=RULES)
    given_factors = factors(history, PLACES, standard.groups, rules=RULES)
    for row, case in zip(rows, scored(rows, region, history), strict=True):
        group = standard.groups.get(row["drg"]) if row["status"] == "grouped" else None
        base = Fraction(group.base_e4) if group else Fraction(0)
        times = Fraction(row["total_fen"], group.mean_fen) if group else Fraction(0)
        exact = {
            "normal": base * given_factors.get((row["institution_id"], row["drg"]), E4) / E4,
            "low": base * times,
            "high": base + base * (times - (group.high_from if group else 0)),
            "by_cost": Fraction(row["total_fen"] * 100 * E4, standard.mean_fen),
        }[case["kind"]]
        assert case["points_e4"] >= 0
        assert abs(case["points_e4"] - exact) <= 1 + base / E4


@settings(max_examples=100, deadline=None)
@given(cases, regions, histories, st.integers(0, 10**12))
def test_all_of_the_budget_is_paid(rows, region, history, budget):
    points = [case["points_e4"] for case in scored(rows, region, history)]
    if sum(points):
        assert sum(allocate(budget, points)) == budget
