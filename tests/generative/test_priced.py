"""Care paid at a price of its own: sums, bounds, and the same outcome in every order, by one row or by a table."""

from datetime import date, timedelta
from fractions import Fraction

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from yigongti.capabilities.finance.decisions.surplus import Member, distributed
from yigongti.capabilities.payment.decisions.bed_day import bed_days, paid_by_bed_day
from yigongti.capabilities.payment.decisions.drg.compare import Priced, changes, own_weights
from yigongti.capabilities.payment.decisions.long_term_care import CareMonth, care_payment
from yigongti.capabilities.payment.decisions.special_cases import GROUNDS, Application, judged, quota
from yigongti.kernel.facts.county import LEVELS
from yigongti.kernel.rules import RuleBook

IN_USE = {"payment.bed_day.in_use": "是", "payment.long_term_care.in_use": "是"}
RULES = RuleBook.load().with_values(IN_USE).on(date(2025, 12, 31))
FIRST = date(2025, 1, 1)
codes = st.sampled_from(["F20.900", "Z50.100", "Z51.500", "I63.900", "", None])
lengths = st.integers(0, 200)


@settings(max_examples=200, deadline=None)
@given(codes, st.integers(1, 400), st.sampled_from([*LEVELS]))
def test_the_parts_of_a_stay_are_its_days_and_one_day_more_is_never_worth_less(dx, days, level):
    found = bed_days(dx, days=days, level=level, rules=RULES)
    longer = bed_days(dx, days=days + 1, level=level, rules=RULES)
    if found is None:
        return
    assert sum(part.last - part.first + 1 for part in found.parts) == days
    assert found.payable_fen <= found.daily_fen * days
    assert longer.kind != found.kind or longer.payable_fen >= found.payable_fen


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(codes, lengths, st.sampled_from(["H", "T", "?"])), max_size=20))
def test_a_table_pays_each_stay_what_it_is_paid_alone(drawn):
    levels = {"H": "secondary", "T": "primary"}
    stays = pa.table(
        {
            "stay_id": pa.array([str(number) for number in range(len(drawn))], pa.string()),
            "institution_id": pa.array([where for _, _, where in drawn], pa.string()),
            "admitted_on": pa.array([FIRST] * len(drawn), pa.date32()),
            "discharged_on": pa.array([FIRST + timedelta(days) for _, days, _ in drawn], pa.date32()),
            "dx": pa.array([[] if dx is None else [dx] for dx, _, _ in drawn], pa.list_(pa.string())),
        }
    )
    alone = {
        str(number): bed_days(dx, days=max(days, 1), level=levels.get(where, "none"), rules=RULES)
        for number, (dx, days, where) in enumerate(drawn)
    }
    found = paid_by_bed_day(stays, levels=levels, rules=RULES).to_pylist()
    assert {row["stay_id"]: row["payable_fen"] for row in found} == {
        name: paid.payable_fen for name, paid in alone.items() if paid
    }


month_days = st.lists(st.integers(0, 30).map(lambda day: FIRST + timedelta(day)), min_size=1, max_size=40)
spans = st.lists(st.tuples(st.integers(-5, 30), st.integers(0, 9)), max_size=3).map(
    lambda drawn: [(FIRST + timedelta(start), FIRST + timedelta(start + days)) for start, days in drawn]
)


@settings(max_examples=200, deadline=None)
@given(month_days, st.sampled_from(["institution", "home"]), st.integers(0, 5), st.integers(0, 10**6), spans)
def test_the_fund_and_the_person_pay_together_what_was_charged(dates, mode, grade, charged, hospital):
    care = CareMonth("R", mode, grade, date(2024, 12, 1), tuple(dates), charged)
    found = care_payment(care, hospital=hospital, rules=RULES)
    assert found.fund_fen + found.self_fen == charged
    assert 0 <= found.fund_fen <= found.covered_fen <= charged
    assert found.units <= len(dates)
    fewer = care_payment(care, hospital=[], rules=RULES)
    assert fewer.fund_fen >= found.fund_fen


applications = st.lists(
    st.tuples(
        st.sampled_from(GROUNDS), st.integers(0, 90), st.integers(1, 120), st.integers(0, 10**6), st.integers(0, 10**6)
    ),
    max_size=12,
).map(
    lambda drawn: [
        Application(str(number), ground, FIRST, FIRST + timedelta(late), days, cost, standard)
        for number, (ground, late, days, cost, standard) in enumerate(drawn)
    ]
)


@settings(max_examples=200, deadline=None)
@given(applications, st.integers(0, 3_000), st.sampled_from(["drg", "dip"]), st.randoms())
def test_special_cases_keep_the_quota_and_the_order_of_applying_changes_nothing(cases, discharges, scheme, random):
    found = judged(cases, discharges=discharges, scheme=scheme, rules=RULES)
    admitted = [each for each in found if each.decision.allowed]
    assert len(admitted) <= quota(discharges, scheme=scheme, rules=RULES)
    assert all(each.recognised_fen >= each.application.standard_fen for each in found)
    shuffled = judged(random.sample(cases, len(cases)), discharges=discharges, scheme=scheme, rules=RULES)
    assert sorted(map(repr, shuffled)) == sorted(map(repr, found))


shares = st.fractions(min_value=0, max_value=1, max_denominator=100)
weights = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 100)), min_size=1, max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**12), weights.filter(lambda drawn: any(w * score for w, score in drawn)), shares)
def test_a_surplus_is_shared_to_the_fen_and_a_better_score_never_gets_less(total, drawn, reserved):
    members = [Member(str(number), Fraction(w), Fraction(score)) for number, (w, score) in enumerate(drawn)]
    found = distributed(total, members, reserved_share=reserved)
    assert found.reserved_fen + sum(found.shares.values()) == total
    assert all(found.shares[each.institution_id] == 0 for each in members if not each.weight * each.score)
    first = members[0]
    better = [Member(first.institution_id, first.weight, first.score + 10), *members[1:]]
    assert distributed(total, better, reserved_share=reserved).shares["0"] >= found.shares["0"]


stays_in_groups = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("ABCD"), st.integers(0, 10**7), st.sampled_from(["H", "T", "V"])),
    min_size=1,
    max_size=30,
)


@settings(max_examples=200, deadline=None)
@given(stays_in_groups)
def test_what_one_institution_gains_by_a_new_scheme_others_lose(drawn):
    before, after, costs, places = (list(each) for each in zip(*drawn, strict=True))
    found = changes(before, after, Priced(costs, places))
    assert sum(each.before_fen for each in found) == sum(each.after_fen for each in found) == sum(costs)
    assert sum(each.moved for each in found) == sum(a != b for a, b in zip(before, after, strict=True))
    assert all(each.change_fen == 0 for each in changes(before, before, Priced(costs, places)))
    if sum(costs):
        weighed = own_weights(before, costs)
        assert abs(sum(float(weighed[code]) for code in before) - len(before)) <= 1e-4 * len(before)
