"""签约服务费:价格 × 在约天数 × 质量系数;经费来源与团队分配一分不差。(云南十七条 第11条,巴南 第10条)"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.contract.decisions import fees
from yigongti.capabilities.contract.decisions.fees import Kept, fee_of, quality, shares, times, total
from yigongti.capabilities.contract.decisions.packages import DUTIES, SOURCES, package, package_of, packages
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import parse
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook

BOOK = RuleBook.load(DEFAULT_POLICY, ["national"])
DAY = date(2026, 6, 1)
RULES = BOOK.on(DAY)
YEAR = parse("2026")
FULL = {
    "contract_fulfilment": 0.95, "hypertension_control_rate": 0.7, "diabetes_control_rate": 0.7,
    "in_team_visit_share": 0.8, "contract_satisfaction": 0.95,
}  # fmt: skip


def kept(code="basic", start=date(2026, 1, 1), end=date(2026, 12, 31)):
    return Kept(package(BOOK, code, on=DAY), start, end)


def test_a_basic_package_costs_120_yuan_a_year_and_nothing_for_the_resident():
    basic = package(BOOK, "basic", on=DAY)
    assert basic.price_fen == 120_00
    assert basic.sources == {"insurance": 70_00, "public_health": 50_00, "self": 0}
    assert not basic.is_paid


def test_a_package_with_priced_items_adds_them_up_by_times_and_splits_each_by_its_own_shares():
    chronic = package(BOOK, "chronic", on=DAY)
    assert chronic.price_fen == 120_00 + 2 * 25_00 + 2 * 10_00
    assert chronic.sources == {"insurance": 70_00 + 40_00 + 10_00, "public_health": 50_00, "self": 10_00 + 10_00}
    assert chronic.is_paid


def test_full_marks_pay_the_full_price():
    found = quality(FULL, rules=RULES)
    assert (found.score, found.factor, found.label) == (1, 1, "优秀")
    fee = fee_of(kept(), year=YEAR, factor=found.factor, rules=RULES)
    assert (fee.price, fee.prepaid, fee.due, fee.settled) == (120_00, 84_00, 120_00, 36_00)


def test_half_the_fulfilment_that_is_asked_for_loses_half_of_its_weight_and_so_a_band():
    found = quality({**FULL, "contract_fulfilment": 0.45}, rules=RULES)
    assert (found.score, found.label, found.factor) == (Fraction(8, 10), "良好", Fraction(95, 100))


def test_what_was_not_measured_is_left_out_and_the_others_share_its_weight():
    found = quality({**FULL, "contract_fulfilment": 0.45, "contract_satisfaction": None}, rules=RULES)
    assert found.score == Fraction(40 * 1, 90) / 2 + Fraction(50, 90)
    assert [mark.score for mark in found.marks if mark.indicator == "contract_satisfaction"] == [None]


def test_nothing_measured_means_no_factor_and_only_the_prepaid_part_is_paid():
    found = quality({}, rules=RULES)
    assert (found.score, found.factor) == (None, None)
    fee = fee_of(kept(), year=YEAR, factor=found.factor, rules=RULES)
    assert (fee.due, fee.total, fee.settled) == (None, 84_00, None)
    assert sum(fee.by_source.values()) == 84_00


def test_a_bad_year_can_mean_that_no_more_than_the_prepaid_part_is_due():
    found = quality(dict.fromkeys(FULL, 0.0), rules=RULES)
    assert (found.label, found.factor) == ("不合格", Fraction(7, 10))
    assert fee_of(kept(), year=YEAR, factor=found.factor, rules=RULES).settled == 0


def test_a_county_may_pay_the_full_price_whatever_the_quality_and_yunnan_may_not():
    book = BOOK.with_values({"contract.fee_tied_to_quality": "否"})
    assert quality(dict.fromkeys(FULL, 0.0), rules=book.on(DAY)).factor == 1
    yunnan = RuleBook.load(DEFAULT_POLICY, ["national", "yunnan-2024"]).find("contract.fee_tied_to_quality", on=DAY)
    assert (yunnan.is_on, yunnan.confidence, yunnan.source.clause) == (True, "stated", "11")


@pytest.mark.parametrize(
    ("start", "end", "price"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 120_00),
        (date(2025, 7, 1), date(2027, 6, 30), 120_00),
        (date(2026, 12, 31), date(2027, 12, 30), 33),
        (date(2026, 1, 1), date(2026, 3, 14), 24_00),
        (date(2027, 1, 1), date(2027, 12, 31), 0),
    ],
)
def test_a_contract_is_paid_for_the_days_of_the_year_on_which_it_was_in_force(start, end, price):
    assert fee_of(kept(start=start, end=end), year=YEAR, factor=Fraction(1), rules=RULES).price == price


def test_the_team_gets_its_share_by_duties_and_the_institution_the_rest():
    found = shares(100_00, duties=["leader", "nurse", "specialist"], rules=RULES)
    assert (found.members, found.institution) == ((42_00, 21_00, 7_00), 30_00)
    assert shares(100_00, duties=[], rules=RULES).institution == 100_00


@given(
    code=st.sampled_from(sorted(packages(BOOK, on=DAY))),
    start=st.dates(date(2024, 1, 1), date(2027, 6, 1)),
    days=st.integers(0, 1200),
    factor=st.one_of(st.none(), st.fractions(0, 1, max_denominator=97)),
    count=st.integers(0, 3000),
)
def test_sources_sum_to_the_fee_and_the_fee_lies_between_nothing_and_the_price(code, start, days, factor, count):
    end = date.fromordinal(start.toordinal() + days)
    one = fee_of(kept(code, start, end), year=YEAR, factor=factor, rules=RULES)
    many = total([times(one, count), one])
    for fee in (one, many):
        assert set(fee.by_source) == set(SOURCES)
        assert sum(fee.by_source.values()) == fee.total
        assert 0 <= fee.total <= fee.price
    assert many.total == one.total * (count + 1)


@given(amount=st.integers(0, 10**9), duties=st.lists(st.sampled_from(sorted(DUTIES)), max_size=12))
def test_members_and_institution_together_get_the_fee_to_the_fen(amount, duties):
    found = shares(amount, duties=duties, rules=RULES)
    assert sum(found.members) + found.institution == amount
    assert len(found.members) == len(duties)
    assert min((*found.members, found.institution)) >= 0


@given(st.dictionaries(st.sampled_from(sorted(FULL)), st.one_of(st.none(), st.floats(0, 1)), min_size=0))
def test_better_measured_numbers_never_lower_the_factor(measured):
    before = quality(measured, rules=RULES)
    better = {name: None if value is None else min(1.0, value + 0.1) for name, value in measured.items()}
    after = quality(better, rules=RULES)
    assert (before.factor is None) == (after.factor is None)
    if before.factor is not None and after.factor is not None:
        assert after.factor >= before.factor


def test_a_package_that_is_not_offered_is_refused_and_a_faulty_one_says_where():
    with pytest.raises(Refusal, match="没有服务包"):
        package(BOOK, "luxury", on=DAY)
    version = BOOK.find("contract.package.basic", on=DAY)
    faulty = replace(version, value={"x": {"name": "x", "by": "surgeon", "times": 1, "price": 1, "insurance": 1,
                                           "public_health": 0, "self": 0, "evidence": None}})  # fmt: skip
    with pytest.raises(Refusal, match="服务包“基础服务包”的项目“x”写得不对"):
        package_of(faulty)


def test_every_rule_of_the_fees_is_in_every_pack():
    for pack in ("banan-2024", "jiading-2020", "yunnan-2024", "qingyuan-145", "changzhou-2023"):
        rules = RuleBook.load(DEFAULT_POLICY, ["national", pack]).on(DAY)
        assert [rule_id for rule_id in fees.RULES if rule_id not in rules] == []
