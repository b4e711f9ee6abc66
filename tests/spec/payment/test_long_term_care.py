"""长期护理保险: a month of care by grade and kind, the fund's share and ceiling, no day paid twice."""

from dataclasses import replace
from datetime import date

import pytest

from yigongti.capabilities.payment.decisions.long_term_care import CareMonth, care_payment
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
RULES = BOOK.with_values({"payment.long_term_care.in_use": "是"}).on(date(2025, 3, 31))
MARCH = tuple(date(2025, 3, day) for day in range(1, 32))
IN_HOME = CareMonth("R1", "institution", 4, date(2024, 6, 1), MARCH[:20], charged_fen=200_000)


def paid(care, hospital=(), rules=RULES):
    return care_payment(care, hospital=hospital, rules=rules)


def test_banan_takes_it_up_by_its_document_and_elsewhere_nothing_is_paid():
    banan = RuleBook.load(packs=["national", "banan-2024"]).on(date(2025, 3, 31))
    assert paid(IN_HOME, rules=banan).decision.allowed
    refused = paid(IN_HOME, rules=BOOK.on(date(2025, 3, 31)))
    assert (refused.decision.outcome, refused.fund_fen, refused.self_fen) == ("refuse", 0, 200_000)


def test_the_fund_pays_its_share_of_the_daily_standard():
    found = paid(IN_HOME)
    assert (found.units, found.covered_fen, found.fund_fen, found.self_fen) == (20, 120_000, 84_000, 116_000)


def test_no_more_than_was_charged_is_covered():
    assert paid(replace(IN_HOME, charged_fen=100_000)).covered_fen == 100_000


def test_a_visit_at_home_is_paid_by_the_visit_twice_on_a_day_too():
    at_home = replace(IN_HOME, mode="home", dates=(MARCH[0], MARCH[0], MARCH[1]), charged_fen=30_000)
    found = paid(at_home)
    assert (found.units, found.covered_fen, found.fund_fen) == (3, 21_000, 16_800)


def test_the_same_day_in_an_institution_counts_once():
    assert paid(replace(IN_HOME, dates=(MARCH[0], MARCH[0]))).units == 1


def test_days_in_hospital_are_not_paid_again():
    found = paid(IN_HOME, hospital=[(date(2025, 3, 5), date(2025, 3, 10))])
    assert found.units == 15
    assert any("住院期间" in reason.text for reason in found.decision.reasons)


def test_a_month_has_its_ceiling():
    whole = replace(IN_HOME, grade=5, dates=MARCH, charged_fen=500_000)
    assert paid(whole).fund_fen == 31 * 7_000 * 70 // 100
    capped = BOOK.with_values(
        {"payment.long_term_care.in_use": "是", "payment.long_term_care.monthly_cap": {"institution": 1000, "home": 1}}
    )
    assert paid(whole, rules=capped.on(date(2025, 3, 31))).fund_fen == 100_000


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"grade": 2}, "payment.long_term_care.least_grade"),
        ({"assessed_on": date(2023, 3, 20)}, "payment.long_term_care.assessed_within"),
        ({"assessed_on": date(2025, 3, 2)}, "payment.long_term_care.assessed_within"),
    ],
)
def test_who_does_not_qualify_is_refused_with_the_rule(change, rule):
    found = paid(replace(IN_HOME, **change))
    assert (found.decision.reasons[0].rule_id, found.fund_fen) == (rule, 0)


def test_care_is_reckoned_by_the_month():
    with pytest.raises(ValueError, match="month"):
        paid(replace(IN_HOME, dates=(date(2025, 3, 1), date(2025, 4, 1))))
