"""到界的数:恰好 60%、恰好 105% 落在哪一段,按写的数算,不因小数的存法而偏。"""

from datetime import date
from fractions import Fraction

import pytest

from yigongti.capabilities.payment.decisions.monthly import use_of
from yigongti.capabilities.payment.decisions.quality import quality_of
from yigongti.kernel.rules import RuleBook

RULES = RuleBook.load().on(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("met", "judged", "factor"),
    [(3, 5, "0.9"), (6, 10, "0.9"), (59, 100, "0.8"), (3, 4, "0.95"), (9, 10, "1"), (89, 100, "0.95")],
)
def test_a_consortium_that_just_reaches_a_band_is_in_it(met, judged, factor):
    assert quality_of(met, judged, rules=RULES) == Fraction(factor)


@pytest.mark.parametrize(("spent", "tone"), [(105_000, "good"), (105_001, "warn"), (110_000, "warn"), (110_001, "bad")])
def test_a_warning_begins_beyond_its_limit_and_not_at_it(spent, tone):
    assert use_of(1_200_000, spent, 1, rules=RULES).tone == tone


def test_a_float_stands_for_the_number_it_is_written_as():
    bands = RULES["payment.clearing.quality_bands"]
    assert {bands.band(point).value for point in (0.6, Fraction(3, 5), 3 / 5)} == {bands.band(Fraction(60, 100)).value}
