"""Results have consequences: what an evaluation does to the surplus that institutions keep (YN-16, CZ-6)."""

from collections.abc import Mapping
from fractions import Fraction

from yigongti.capabilities.payment.decisions.shares import share_in
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleVersion

BY_EVALUATION = "payment.clearing.by_evaluation"
QUALITY_BANDS = "payment.clearing.quality_bands"
Rules = Mapping[str, RuleVersion]


def needs_evaluation(rules: Rules) -> bool:
    """Whether a clearing takes its quality factor from the frozen evaluation of the year."""
    return rules[BY_EVALUATION].is_on


def quality_of(met: int, judged: int, *, rules: Rules) -> Fraction:
    """The factor for a consortium that met so many of the targets it was judged by.  Raises Refusal where it was
    judged by none: no factor is invented."""
    if not judged:
        raise Refusal(
            "年度评价里没有一项可判定的目标",
            "考核系数",
            "清算的考核系数取自固化的年度评价",
            "补齐数据后重做并固化年度评价",
        )
    return share_in(rules[QUALITY_BANDS], rules[QUALITY_BANDS].band(Fraction(met, judged)).value)
