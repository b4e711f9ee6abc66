"""Red, amber, green, grey: what is measured decides, never what was typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.ledger.decisions.lights import Aim, Light, Measured, Standing, expected_on, stand, worst
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
MARGIN = BOOK.find("ledger.amber_margin", on=date(2025, 1, 1))
RISE = Aim(0.80, "higher", due=date(2026, 12, 31))
HALFWAY = date(2025, 12, 31)


def light(aim, value, *, on=HALFWAY, start=(0.40, date(2024, 12, 31))):
    measured = None if value is None else Measured(value, on, *start)
    return stand(aim, measured, on=on, margin=MARGIN)


def test_halfway_in_time_a_value_is_expected_halfway_to_the_target():
    measured = Measured(0.60, HALFWAY, 0.40, date(2024, 12, 31))
    assert expected_on(RISE, measured) == pytest.approx(0.60)


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        (0.85, Light.GREEN, "met"),
        (0.61, Light.GREEN, "on_the_way"),
        (0.58, Light.AMBER, "behind"),
        (0.50, Light.RED, "far_behind"),
        (None, Light.GREY, "no_value"),
    ],
)
def test_a_light_says_how_far_behind_the_line_a_value_is(value, expected, why):
    standing = light(RISE, value)
    assert (standing.light, standing.why) == (expected, why)


def test_an_amber_or_red_light_names_the_rule_of_the_margin():
    assert light(RISE, 0.58).reasons[0].rule_id == "ledger.amber_margin"


def test_what_no_indicator_measures_is_grey():
    assert stand(None, None, on=HALFWAY, margin=MARGIN).light is Light.GREY


def test_after_its_day_a_target_not_met_is_red_however_near():
    assert light(RISE, 0.799, on=date(2027, 1, 1)).why == "overdue"


def test_a_target_to_come_down_is_behind_when_it_is_above_the_line():
    fall = Aim(0.09, "lower", due=date(2026, 12, 31))
    assert light(fall, 0.20, start=(0.20, date(2024, 12, 31))).light is Light.RED
    assert light(fall, 0.08, start=(0.20, date(2024, 12, 31))).light is Light.GREEN


def test_without_a_day_the_value_is_held_against_the_target():
    always = Aim(0.35, "higher")
    assert [light(always, value).light for value in (0.36, 0.34, 0.20)] == [Light.GREEN, Light.AMBER, Light.RED]


def test_more_than_is_strict_and_about_is_not():
    assert not Aim(0.65, "higher", strict=True).is_met(0.65)
    assert Aim(0.65, "higher").is_met(0.65)
    assert Aim(0.45, "within", tolerance=0.1).is_met(0.42)
    assert not Aim(0.45, "within", tolerance=0.1).is_met(0.30)


def test_a_start_that_met_the_target_already_gives_no_line():
    assert expected_on(RISE, Measured(0.70, HALFWAY, 0.90, date(2024, 12, 31))) is None


def test_a_task_is_as_bad_as_its_worst_measured_target():
    red, grey, green = (Standing(each, "met") for each in (Light.RED, Light.GREY, Light.GREEN))
    assert worst([green, red, grey]) is Light.RED
    assert worst([grey, green]) is Light.GREEN
    assert worst([grey]) is Light.GREY


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_value_never_has_a_worse_light(one, other):
    order = [Light.RED, Light.AMBER, Light.GREEN]
    low, high = sorted((one, other))
    assert order.index(light(RISE, low).light) <= order.index(light(RISE, high).light)
