"""Whatever is judged, reduced, recovered and written off in whatever order, the sums add up to the fen."""

from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.supervision.decisions.recovery import Balance, Entry, balance, may_enter, may_finish

LINES = st.lists(st.tuples(st.sampled_from(list(Entry)), st.integers(-10, 10**9)), max_size=40)


@given(LINES)
def test_the_ledger_never_owes_less_than_nothing_and_always_adds_up(wanted):
    written: list[tuple[str, int]] = []
    for entry, amount in wanted:
        if may_enter(entry, amount, now=balance(written)).allowed:
            written.append((entry, amount))
    sums = balance(written)
    assert sums.outstanding >= 0
    assert sums.judged == sums.reduced + sums.recovered + sums.written_off + sums.outstanding
    assert sums.judged == sum(amount for entry, amount in written if entry is Entry.JUDGED)
    assert may_finish(sums).allowed == (sums.outstanding == 0)


@given(st.sampled_from(list(Entry)), st.integers(max_value=0))
def test_a_line_is_a_positive_amount(entry, amount):
    assert may_enter(entry, amount, now=Balance(judged=10)).refused
