"""Whatever is shared: shares sum to what is shared, to the fen; order changes nothing; nobody is invented."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.finance.decisions.results import Delivered, buy
from yigongti.capabilities.finance.decisions.sharing import pots, scaled, share, total_of
from yigongti.kernel.errors import Refusal
from yigongti.spine.county_rules import county_rules

YEAR_END = date(2025, 12, 31)
BOOK = county_rules()
WEIGHTS = BOOK.find("finance.distribution.weights", on=YEAR_END)
PRICES = BOOK.find("finance.results.prices", on=YEAR_END)
MEMBERS = [f"I{number}" for number in range(6)]
amounts = st.integers(0, 10**13)
numbers = st.fractions(min_value=0, max_value=10**6, max_denominator=100)


@st.composite
def bases(draw):
    """A basis for every factor, with somebody who counts in each."""
    found = {}
    for factor in WEIGHTS.table:
        own = {member: draw(numbers) for member in MEMBERS}
        own[draw(st.sampled_from(MEMBERS))] += 1
        found[factor] = own
    return found


@given(total=amounts, basis=bases())
def test_shares_sum_to_the_total_to_the_fen(total, basis):
    lines = share(pots(total, weights=WEIGHTS), basis=basis, members=MEMBERS)
    assert total_of(lines) == total
    assert all(line.amount_fen >= 0 for line in lines)


@given(total=amounts, basis=bases())
def test_nobody_without_a_basis_gets_anything_and_each_is_within_a_fen_of_the_exact_share(total, basis):
    for line in share(pots(total, weights=WEIGHTS), basis=basis, members=MEMBERS):
        assert line.basis > 0
        assert abs(line.amount_fen - line.pot_fen * line.basis / line.basis_of_all) < 1


@given(total=amounts, basis=bases(), order=st.permutations(MEMBERS))
def test_the_order_of_members_moves_at_most_a_fen_in_a_pot(total, basis, order):
    first = {
        (x.member, x.factor): x.amount_fen for x in share(pots(total, weights=WEIGHTS), basis=basis, members=MEMBERS)
    }
    other = {
        (x.member, x.factor): x.amount_fen for x in share(pots(total, weights=WEIGHTS), basis=basis, members=order)
    }
    assert first.keys() == other.keys()
    assert all(abs(first[key] - other[key]) <= 1 for key in first)


@given(total=st.integers(10**6, 10**12), basis=bases(), member=st.sampled_from(MEMBERS))
def test_a_worse_evaluation_never_brings_more(total, basis, member):
    marks = {member: Fraction(8, 10)}
    worse = scaled(basis, by=marks, factors=list(WEIGHTS.table))
    before = total_of(share(pots(total, weights=WEIGHTS), basis=basis, members=MEMBERS), member=member)
    after = total_of(share(pots(total, weights=WEIGHTS), basis=worse, members=MEMBERS), member=member)
    assert after <= before + len(WEIGHTS.table)


@pytest.mark.parametrize(
    "weights", [{"staff": Decimal("0.5")}, {"staff": Decimal("1.2"), "equipment": Decimal("-0.2")}]
)
def test_weights_that_do_not_make_a_whole_are_refused_with_their_rule(weights):
    with pytest.raises(Refusal, match="权重之和"):
        pots(100, weights=WEIGHTS.with_value(weights))


def test_a_pot_for_which_nobody_counts_is_refused_not_given_to_somebody():
    with pytest.raises(Refusal, match="没有可用的依据"):
        share(pots(100, weights=WEIGHTS), basis={}, members=MEMBERS)


services = st.sampled_from(sorted(PRICES.table))
delivered = st.lists(st.builds(Delivered, st.sampled_from(MEMBERS), services, st.integers(0, 10**5)), max_size=20)


@given(what=delivered, money=amounts, mark=st.sampled_from([Fraction(1), Fraction(9, 10), Fraction(1, 3)]))
def test_what_is_bought_and_what_is_left_make_the_money(what, money, mark):
    bought = buy(what, money_fen=money, prices=PRICES, coefficients=dict.fromkeys(MEMBERS, mark))
    assert sum(line.paid_fen for line in bought.lines) + bought.left_fen == money
    assert all(line.paid_fen >= 0 for line in bought.lines)
    if bought.left_fen:
        assert all(line.paid_fen == line.worth_fen for line in bought.lines)
