"""What a score is worth, and which cases may be judged one by one."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from yigongti.capabilities.payment.decisions.dip.cases import Rules
from yigongti.capabilities.payment.decisions.exact import E4

SPECIAL_CASE_SHARE = "payment.dip.special_case_share"


def budget_point_value_fen(yearly_cost_fen: Sequence[int], weights: Sequence[Fraction], scores_e4: int) -> Fraction:
    """Fen a score at the year's beginning: the yearly inpatient cost, weighted over the years, ÷ all scores of a year.

    Raises ValueError without scores.
    """
    if scores_e4 <= 0:
        raise ValueError("a point value needs scores")
    cost = sum((weight * total for weight, total in zip(weights, yearly_cost_fen, strict=True)), Fraction(0))
    return cost / sum(weights) * E4 / scores_e4


def settlement_point_value_fen(fund_fen: int, *, paid_share: Fraction, scores_e4: int) -> Fraction:
    """Fen a score at the year's end: (what the fund has ÷ the share it pays) ÷ all adjusted scores of the pool.

    Pools of employees and residents are separate.  Raises ValueError without scores or share.
    """
    if scores_e4 <= 0 or paid_share <= 0:
        raise ValueError("a point value needs scores and the share that the fund pays")
    return Fraction(fund_fen) / paid_share * E4 / scores_e4


def special_cases(stays: Sequence[tuple[str, int, int]], *, discharges: int, rules: Rules) -> list[str]:
    """The stays admitted to be judged one by one, as many as the quota of discharges allows.

    stays: those applied for, (stay_id, cost fen, what the scheme pays fen); the greatest loss comes first.
    """
    quota = floor(Fraction(str(rules[SPECIAL_CASE_SHARE].exact)) * discharges)
    ordered = sorted(stays, key=lambda stay: (stay[2] - stay[1], stay[0]))
    return [stay_id for stay_id, cost, paid in ordered[:quota] if cost > paid]
