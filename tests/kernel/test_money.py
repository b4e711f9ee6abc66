"""Money is whole fen; the shares of a total always sum to the total."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.kernel.money import allocate, fen, yuan

weights = st.lists(st.fractions(min_value=0, max_value=1000), min_size=1, max_size=40).filter(any)


@given(st.integers(-(10**15), 10**15), weights)
def test_shares_sum_to_the_total_to_the_fen(total, given_weights):
    assert sum(allocate(total, given_weights)) == total


@given(st.integers(0, 10**15), weights)
def test_no_share_is_a_whole_fen_or_more_away_from_its_exact_quota(total, given_weights):
    whole = sum(given_weights)
    for share, weight in zip(allocate(total, given_weights), given_weights, strict=True):
        assert abs(share - Fraction(weight) * total / whole) < 1


@given(st.integers(0, 10**12), weights)
def test_nobody_with_weight_zero_is_paid(total, given_weights):
    shares = allocate(total, given_weights)
    assert all(share == 0 for share, weight in zip(shares, given_weights, strict=True) if weight == 0)


def test_one_hundred_yuan_among_three_equals_gives_the_odd_fen_to_the_first():
    assert allocate(10000, [1, 1, 1]) == [3334, 3333, 3333]


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [0.5, 0.5]])
def test_weights_that_cannot_share_are_refused(bad):
    with pytest.raises(ValueError, match="weights must be"):
        allocate(100, bad)


def test_yuan_are_written_with_separators_and_read_back_exactly():
    assert yuan(123456789) == "1,234,567.89"
    assert yuan(-5) == "-0.05"
    assert fen("12.345") == 1235
    assert fen(Decimal("0.01")) == 1
