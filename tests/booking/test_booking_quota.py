"""The share that is kept for referrals is at least what the rule says, and no more than a seat above it."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.booking.decisions.quota import reserved_seats

SEATS = st.lists(st.integers(1, 60), max_size=50)
SHARES = st.decimals(0, 1, places=3)


@given(seats=SEATS, share=SHARES)
def test_a_day_keeps_at_least_the_share_and_less_than_a_seat_more(seats: list[int], share: Decimal) -> None:
    kept, wanted = sum(reserved_seats(seats, share=share)), Fraction(share) * sum(seats)
    assert wanted <= kept < wanted + 1


@given(seats=SEATS, share=SHARES)
def test_no_slot_keeps_more_seats_than_it_has(seats: list[int], share: Decimal) -> None:
    assert all(0 <= kept <= count for kept, count in zip(reserved_seats(seats, share=share), seats, strict=True))


@given(seats=SEATS, share=SHARES)
def test_at_any_hour_what_has_been_kept_so_far_is_the_share_within_a_seat(seats: list[int], share: Decimal) -> None:
    kept, total = reserved_seats(seats, share=share), sum(seats)
    for passed in range(1, len(seats) + 1):
        ideal = Fraction(sum(kept), total) * sum(seats[:passed])
        assert ideal <= sum(kept[:passed]) < ideal + 1


def test_nothing_is_kept_where_the_share_is_none_and_everything_where_it_is_whole() -> None:
    assert reserved_seats([3, 4], share=0) == [0, 0]
    assert reserved_seats([3, 4], share=1) == [3, 4]
