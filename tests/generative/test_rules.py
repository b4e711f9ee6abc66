"""Lookup by level, day and what was known, against a plain reading of the same sentence day by day."""

from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from yigongti.kernel.periods import Period
from yigongti.kernel.rules import LEVELS, OutsideDates, Rule, RuleBook, RuleVersion, SourceRef

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
SOURCE = SourceRef("notice", "1", "目标", "通知", "")

some_day = st.sampled_from(DAYS)


@st.composite
def versions_of_a_level(draw, level):
    """Versions with distinct (effective_from, recorded_on); now and then one with a last day."""
    days = draw(st.lists(st.tuples(some_day, some_day), max_size=4, unique=True))
    found = []
    for number, (effective, recorded) in enumerate(sorted(days)):
        ends = draw(st.none() | st.integers(0, 6))
        found.append(
            RuleVersion(
                "x", "x", "number", "person", number, effective, recorded, SOURCE, "stated", level, level,
                effective_to=None if ends is None else effective + timedelta(days=ends),
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def books(draw):
    layers = {level: draw(versions_of_a_level(level)) for level in LEVELS}
    rule = Rule("x", "x", "number", "person", MappingProxyType(layers), FIRST)
    return RuleBook(MappingProxyType({"x": rule}), MappingProxyType({}), MappingProxyType({}))


def plainly(book: RuleBook, on: date, known_on: date | None) -> RuleVersion | None:
    """Walk the levels; at each, the version begun last (recorded last) counts if it has not ended."""
    for level in ("county", "city", "province", "nation"):
        last = None
        for version in book.rules["x"].layers[level]:
            known = known_on is None or version.recorded_on <= known_on
            if known and version.effective_from <= on:
                later = last is None or version.effective_from > last.effective_from
                again = last is not None and version.effective_from == last.effective_from
                if later or (again and version.recorded_on > last.recorded_on):
                    last = version
        if last is not None and (last.effective_to is None or on <= last.effective_to):
            return last
    return None


def found_by(book: RuleBook, on: date, known_on: date | None) -> RuleVersion | None:
    try:
        return book.find("x", on=on, known_on=known_on)
    except OutsideDates:
        return None


@given(books(), some_day, st.none() | some_day)
def test_the_version_found_is_the_one_that_a_plain_reading_finds(book, on, known_on):
    assert found_by(book, on, known_on) == plainly(book, on, known_on)
    assert ("x" in book.on(on, known_on)) == (plainly(book, on, known_on) is not None)


@given(books(), some_day, some_day, some_day)
def test_what_is_recorded_later_never_changes_what_was_known_before(book, on, known_on, recorded):
    rule = book.rules["x"]
    news = RuleVersion(
        "x", "x", "number", "person", 99, on, max(recorded, known_on + timedelta(days=1)), SOURCE, "stated", "county",
        "county",
    )  # fmt: skip
    layers = MappingProxyType({**rule.layers, "county": (*rule.layers["county"], news)})
    told = RuleBook(MappingProxyType({"x": Rule("x", "x", "number", "person", layers, FIRST)}), {}, {})
    assert found_by(told, on, known_on) == found_by(book, on, known_on)


@given(books(), some_day, st.integers(0, 11), st.none() | some_day)
def test_a_period_is_cut_into_stretches_that_agree_with_every_single_day(book, start, length, known_on):
    period = Period(start, start + timedelta(days=length))
    days = [period.start + timedelta(days=number) for number in range(period.days)]
    by_day = [plainly(book, day, known_on) for day in days]
    try:
        stretches = book.stretches("x", period, known_on)
    except OutsideDates:
        assert None in by_day
        return
    assert [version for each, version in stretches for _ in range(each.days)] == by_day
    assert all(before[1] != after[1] for before, after in pairwise(stretches))
    assert book.within("x", period, known_on) == [version for _, version in stretches]


@given(books(), st.integers(0, 1000), some_day, st.none() | some_day)
def test_a_supposition_has_its_value_wherever_the_rule_has_one_and_nowhere_else(book, value, on, known_on):
    real, supposed = found_by(book, on, known_on), found_by(book.with_values({"x": value}), on, known_on)
    assert (supposed is None) == (real is None)
    assert supposed is None or (supposed.exact == value and supposed.effective_from == real.effective_from)
