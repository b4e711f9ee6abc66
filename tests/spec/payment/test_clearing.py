"""年终清算: what is left over and what is overspent, by consortium and by institution, as the working rules have it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from yigongti.capabilities.payment.decisions.clearing import Care, Claim, Pool, by_people_fen, by_points_fen, clear
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load().with_values({"payment.inpatient.total_cost": "否"})


def rules(**values):
    named = {f"payment.{name.replace('__', '.')}": value for name, value in values.items()}
    return BOOK.with_values(named).on(date(2025, 12, 31))


def care(recorded, points=100, **more):
    return Care(10, recorded, weight=points, **more)


LEAD = Claim("H1", True, True, inpatient=care(600, 600))
TOWN = Claim("T1", True, True, inpatient=care(200, 400))
AWAY = Claim("X1", False, False, inpatient=care(100, 0))
POOL = Pool("C1", "resident", "inpatient", 1000, (LEAD, TOWN, AWAY))


def finals(done):
    return {line.claim.institution_id: line.final_fen for line in done.lines}


def test_care_outside_the_county_is_paid_as_recorded_out_of_the_same_budget():
    done = clear(POOL, rules=rules())
    assert {line.claim.institution_id: line.payable_fen for line in done.lines} == {"H1": 540, "T1": 360, "X1": 100}
    assert finals(done)["X1"] == 100


def test_a_surplus_is_kept_by_the_members_up_to_a_tenth_of_the_budget():
    done = clear(POOL, rules=rules())
    assert finals(done) == {"H1": 660, "T1": 240, "X1": 100}
    assert (done.kept_by_fund_fen, done.fund_share_fen) == (0, 0)
    larger = clear(replace(POOL, budget_fen=1100), rules=rules())
    assert sum(line.surplus_kept_fen for line in larger.lines) == 110
    assert larger.kept_by_fund_fen == 90


def test_quality_and_the_surplus_share_lower_what_is_kept():
    done = clear(POOL, rules=rules(clearing__quality_factor="80%", clearing__surplus_share="85%"))
    assert sum(line.surplus_kept_fen for line in done.lines) == 68
    assert done.kept_by_fund_fen == 32


def test_who_does_too_little_for_the_budget_keeps_nothing():
    done = clear(replace(POOL, budget_fen=1200), rules=rules())
    assert sum(line.surplus_kept_fen for line in done.lines) == 0
    assert done.kept_by_fund_fen == 300


def test_without_the_right_to_keep_it_a_surplus_stays_in_the_fund():
    assert clear(POOL, rules=rules(surplus_kept="否")).kept_by_fund_fen == 100


def test_an_overrun_is_shared_by_tiers_and_the_rest_borne_by_those_that_overspent():
    done = clear(replace(POOL, budget_fen=800), rules=rules())
    assert done.fund_share_fen == 40 * 60 // 100 + 40 * 40 // 100
    assert {line.claim.institution_id: line.overrun_borne_fen for line in done.lines} == {"H1": 60, "T1": 0, "X1": 0}
    assert finals(done)["H1"] == 540


def test_where_overruns_are_not_shared_the_county_bears_all_of_them():
    done = clear(replace(POOL, budget_fen=800), rules=rules(overrun_shared="否"))
    assert done.fund_share_fen == 0
    assert sum(finals(done).values()) == 800


def test_a_budget_spent_outside_is_an_overrun_that_institutions_bear_only_so_far_as_they_are_paid():
    away = replace(AWAY, inpatient=care(2000, 0))
    done = clear(replace(POOL, claims=(LEAD, TOWN, away)), rules=rules())
    assert finals(done) == {"H1": 0, "T1": 0, "X1": 2000}
    assert done.fund_share_fen == 1000


def test_tied_to_the_in_region_rate_the_surplus_shrinks_as_patients_leave():
    tied = rules(budget_tied_to_in_region_rate="是")
    done = clear(replace(POOL, in_region=Fraction(45, 100)), rules=tied)
    assert sum(line.surplus_kept_fen for line in done.lines) == 50
    assert clear(replace(POOL, in_region=Fraction(95, 100)), rules=tied).kept_by_fund_fen == 0


def test_each_institution_may_have_its_own_account():
    done = clear(POOL, rules=rules(clearing__by_consortium="否"))
    assert {line.claim.institution_id: line.surplus_kept_fen for line in done.lines} == {"H1": 0, "T1": 0, "X1": 0}
    assert finals(done) == {"H1": 540 + 27 * 60 // 100 + 27 * 40 // 100 + 1, "T1": 200, "X1": 100}
    assert done.kept_by_fund_fen == 160


def test_a_part_of_the_budget_may_be_reserved():
    done = clear(POOL, rules=rules(budget__reserved_share="5%"))
    assert done.kept_by_fund_fen == 50
    assert sum(finals(done).values()) == 950


def test_points_share_the_fund_and_the_patients_money_and_what_patients_paid_is_deducted():
    whole = RuleBook.load().on(date(2025, 12, 31))
    cares = [care(0, 500, self_fen=100), care(0, 500, self_fen=300)]
    assert by_points_fen(cares, 600, rules=whole)[1] == [400, 200]
    assert by_points_fen(cares, 600, rules=rules())[1] == [300, 300]


def test_outpatient_money_goes_partly_by_contracted_people():
    half = rules(outpatient__contract_share="50%")
    assert by_people_fen([care(900, 100), care(100, 300)], 1000, rules=half) == [450 + 125, 50 + 375]
    assert by_people_fen([care(900, 100), care(100, 300)], 1000, rules=rules()) == [900, 100]


def test_negative_amounts_and_double_claims_are_refused():
    with pytest.raises(Refusal, match="金额为负"):
        clear(replace(POOL, claims=(replace(LEAD, inpatient=care(-1)),)), rules=rules())
    with pytest.raises(Refusal, match="两次"):
        clear(replace(POOL, claims=(LEAD, LEAD)), rules=rules())


def test_a_pool_without_any_care_stays_in_the_fund():
    assert clear(replace(POOL, claims=()), rules=rules()).kept_by_fund_fen == 1000


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("budget__reserved_share", "150%"),
        ("budget__reserved_share", "-5%"),
        ("outpatient__contract_share", "200%"),
        ("clearing__surplus_share", "500%"),
        ("clearing__surplus_cap", "-50%"),
        ("clearing__least_use", "-1%"),
        ("clearing__quality_factor", "-50%"),
    ],
)
def test_a_share_that_is_none_is_refused_with_its_rule_and_nothing_is_cleared(rule, value):
    pool = replace(POOL, scheme="global", claims=(replace(LEAD, outpatient=care(50, 3)), TOWN, AWAY))
    with pytest.raises(Refusal, match="的值应为") as refused:
        clear(pool, rules=rules(**{rule: value}))
    assert rule.replace("__", ".") in refused.value.where


def test_the_fund_does_not_bear_more_than_an_overrun():
    tiers = [{"up_to": "5%", "value": "300%"}, {"above": "5%", "value": "0%"}]
    with pytest.raises(Refusal, match="0% 至 100%"):
        clear(replace(POOL, budget_fen=800), rules=rules(clearing__overrun_tiers=tiers))
