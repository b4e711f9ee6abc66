"""总额怎样测算、预算怎样才算平: the budget before the year, by the working rules."""

from datetime import date
from fractions import Fraction

import pytest

from yigongti.capabilities.payment.decisions.budget import (
    BudgetRow,
    Heads,
    budgets_to_settle,
    by_heads_fen,
    by_history_fen,
    composed,
    growth_rate,
    risk_of,
)
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
RULES = BOOK.on(date(2025, 12, 31))


def test_by_heads_is_people_times_contribution_times_risk():
    assert by_heads_fen([Heads(1000, 90_000), Heads(200, 300_000, Fraction(11, 10))]) == 90_000_000 + 66_000_000


def test_by_history_three_years_weigh_seven_two_one_and_grow():
    assert by_history_fen([1000, 900, 800], growth=Fraction(0), rules=RULES) == 960
    assert by_history_fen([1000, 1000, 1000], growth=Fraction(5, 100), rules=RULES) == 1050


def test_growth_is_the_lowest_of_income_reasonable_growth_and_the_cap():
    assert growth_rate(income=Fraction(8, 100), reasonable=Fraction(6, 100), rules=RULES) == Fraction(6, 100)
    assert growth_rate(income=Fraction(30, 100), reasonable=Fraction(20, 100), rules=RULES) == Fraction(10, 100)


def test_a_mixed_budget_less_its_deductions_adds_up_to_the_fen():
    found = composed([Heads(1000, 90_001)], [80_000_003, 80_000_003, 80_000_003], growth=Fraction(0), rules=RULES)
    assert found.gross_fen == (90_001_000 + 80_000_003 + 1) // 2
    assert found.net_fen + sum(found.deductions.values()) == found.gross_fen
    assert found.deductions["risk_reserve"] == round(found.gross_fen * 0.05)


def test_a_pool_of_old_people_has_more_than_the_average_risk():
    assert risk_of({(70, "male"): 10, (70, "female"): 10}, rules=RULES) == Fraction(23, 10)
    assert risk_of({(30, "male"): 10}, rules=RULES) < 1
    with pytest.raises(Refusal):
        risk_of({}, rules=RULES)


def test_negative_amounts_are_refused():
    with pytest.raises(Refusal, match="不能为负"):
        by_heads_fen([Heads(-1, 100)])
    with pytest.raises(Refusal, match="不能为负"):
        by_history_fen([100, -1, 100], growth=Fraction(0), rules=RULES)


def row(scheme, amount, insured="resident"):
    return BudgetRow("C1", insured, scheme, amount)


def test_a_global_budget_beside_its_parts_is_their_sum_and_counts_once():
    rows = [row("inpatient", 70), row("outpatient", 30), row("global", 100), row("global", 40, "employee")]
    settled = budgets_to_settle(rows, rules=RULES)
    assert {(each.insured_as, each.scheme, each.amount_fen) for each in settled} == {
        ("employee", "global", 40),
        ("resident", "inpatient", 70),
        ("resident", "outpatient", 30),
    }


def test_where_the_rule_says_so_the_parts_are_settled_as_one():
    together = BOOK.with_values({"payment.budget.together": "是"}).on(date(2025, 12, 31))
    rows = [row("inpatient", 70), row("outpatient", 30)]
    assert [(each.scheme, each.amount_fen) for each in budgets_to_settle(rows, rules=together)] == [("global", 100)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("inpatient", 70), row("outpatient", 30), row("global", 101)], "预算不平"),
        ([row("inpatient", 70), row("global", 100)], "重叠"),
        ([row("inpatient", 70), row("inpatient", 70)], "出现了两次"),
        ([row("inpatient", -70)], "预算为负"),
    ],
)
def test_budgets_that_overlap_or_do_not_add_up_are_refused(rows, said):
    with pytest.raises(Refusal, match=said):
        budgets_to_settle(rows, rules=RULES)


def test_a_rounding_difference_may_be_allowed_by_its_rule():
    lenient = BOOK.with_values({"payment.budget.rounding": "0.01"}).on(date(2025, 12, 31))
    rows = [row("inpatient", 70), row("outpatient", 30), row("global", 101)]
    assert len(budgets_to_settle(rows, rules=lenient)) == 2
