"""Numbers on a page: one way of writing each unit, and a dash where there is no number."""

import pytest
from django.utils import translation

from yigongti.pages import numbers


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.352, "ratio", "35.2%"),
        (1.0, "ratio", "100.0%"),
        (None, "ratio", "—"),
        (1234.0, "yuan", "1,234 元"),
        (2.314, "person_per_10k", "2.31 人/万常住人口"),
        (12345.67, "yuan", "12,346 元"),
        (0.0, "person", "0 人"),
        (1.25, "coefficient", "1.25"),
    ],
)
def test_a_value_is_written_in_its_unit(value, unit, text):
    assert numbers.shown(value, unit=unit) == text


def test_money_in_fen_is_shown_in_yuan_to_the_fen():
    assert numbers.yuan(123456) == "1,234.56 元"
    assert numbers.yuan(None) == "—"


def test_units_are_named_in_english_when_the_reader_asks_for_english():
    with translation.override("en"):
        assert numbers.shown(2.5, unit="person_per_10k") == "2.50 per 10,000 residents"
