"""特例单议: grounds, losses, time and the quota of discharges; the greatest losses come first."""

from dataclasses import replace
from datetime import date

import pytest

from yigongti.capabilities.payment.decisions.special_cases import Application, judged, quota
from yigongti.kernel.rules import RuleBook

RULES = RuleBook.load().on(date(2025, 12, 31))
CASE = Application("a", "high_cost", date(2025, 3, 1), date(2025, 4, 1), 20, 1_000_000, 400_000)


def one(**change):
    return judged([replace(CASE, **change)], discharges=1_000, scheme="dip", rules=RULES)[0]


def test_the_quota_is_five_in_a_thousand_for_dip_and_five_in_a_hundred_for_drg():
    assert [quota(n, scheme="dip", rules=RULES) for n in (199, 200, 1_000)] == [0, 1, 5]
    assert [quota(n, scheme="drg", rules=RULES) for n in (19, 20, 1_000)] == [0, 1, 50]


def test_an_admitted_case_is_worth_what_it_cost():
    found = one()
    assert (found.decision.outcome, found.recognised_fen) == ("allow", 1_000_000)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"applied_on": date(2025, 5, 1)}, "payment.special_case.apply_within"),
        ({"applied_on": date(2025, 2, 1)}, "payment.special_case.apply_within"),
        ({"cost_fen": 400_000}, "payment.special_case.recognised_share"),
        ({"cost_fen": 799_999}, "payment.special_case.cost_times"),
        ({"ground": "long_stay", "days": 59}, "payment.special_case.long_days"),
    ],
)
def test_a_case_without_ground_loss_or_in_time_is_refused_with_the_rule(change, rule):
    found = one(**change)
    assert (found.decision.outcome, found.decision.reasons[0].rule_id) == ("refuse", rule)
    assert found.recognised_fen == 400_000


def test_other_grounds_need_no_threshold_but_a_loss():
    assert one(ground="critical", cost_fen=400_001).decision.allowed
    assert one(ground="long_stay", days=60, cost_fen=500_000).decision.allowed


def test_beyond_the_quota_the_smaller_losses_are_refused_and_the_reason_says_so():
    cases = [replace(CASE, stay_id=name, cost_fen=cost) for name, cost in (("a", 900_000), ("b", 1_500_000))]
    found = judged(cases, discharges=200, scheme="dip", rules=RULES)
    assert [each.decision.outcome for each in found] == ["refuse", "allow"]
    assert found[0].decision.reasons[0].rule_id == "payment.dip.special_case_share"


def test_a_stay_is_put_forward_once():
    with pytest.raises(ValueError, match="once"):
        judged([CASE, CASE], discharges=1_000, scheme="drg", rules=RULES)
