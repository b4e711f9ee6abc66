"""Targets: from a rule's value and comparator to the stretch that meets it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yigongti.kernel.indicators import target_of
from yigongti.kernel.rules import Band, RuleBook

BOOK = RuleBook.load()
RATIO = BOOK.find("measure.target.primary_visit_share", on=date(2025, 1, 1))
ABOUT = BOOK.find("measure.about_tolerance", on=date(2025, 1, 1))


def target(value, comparator, better="higher", kind="ratio"):
    version = replace(RATIO, value=value, comparator=comparator, kind=kind)
    return target_of(version, better=better, about=ABOUT)


@pytest.mark.parametrize(
    ("comparator", "met"),
    [(">=", (False, True, True)), (">", (False, False, True)), ("<=", (True, True, False)), ("<", (True, False, False)),
     ("=", (False, True, False))],
)  # fmt: skip
def test_a_comparator_says_whether_the_end_itself_meets_the_target(comparator, met):
    found = target(Decimal("0.5"), comparator)
    assert tuple(found.contains(value) for value in (0.4, 0.5, 0.6)) == met


@pytest.mark.parametrize(("better", "met"), [("higher", (False, True)), ("lower", (True, False))])
def test_without_a_comparator_the_direction_of_the_indicator_says_which_side_is_good(better, met):
    found = target(Decimal("0.5"), "", better)
    assert (found.contains(0.4), found.contains(0.6)) == met


@pytest.mark.parametrize(
    ("better", "met"),
    [("within", (False, True, False)), ("higher", (False, True, True)), ("lower", (True, True, False))],
)
def test_about_leaves_a_twentieth_on_the_side_that_is_worse(better, met):
    found = target(Decimal("0.4"), "~", better)
    assert tuple(found.contains(value) for value in (0.37, 0.385 if better != "lower" else 0.415, 0.43)) == met


def test_bands_are_met_from_the_first_to_the_last():
    found = target((Band(8000, True, 20000, False),), "", "within", "bands")
    assert [found.contains(value) for value in (7999, 8000, 19999, 20000)] == [False, True, True, False]


def test_a_yes_asks_for_everything():
    assert [target(True, "", kind="yes_no").contains(value) for value in (0.99, 1.0)] == [False, True]
