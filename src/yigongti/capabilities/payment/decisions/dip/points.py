"""What a score is worth: at the year's beginning by the cost of former years, at its end by what the fund has."""

from collections.abc import Sequence
from fractions import Fraction

from yigongti.capabilities.payment.decisions.exact import E4


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
