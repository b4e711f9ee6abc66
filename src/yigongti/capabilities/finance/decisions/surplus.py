"""Distribution of a consortium's surplus among its members: weight × score, largest remainder, to the fen (YN-13).

A reserve is set aside first; the rest is shared.  Reserve and shares always sum to the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yigongti.capabilities.finance.decisions.sharing import Pot, share
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate

FULL_SCORE = Fraction(100)
"""What a member without a score counts: the full marks of a score of a hundred."""


@dataclass(frozen=True)
class Member:
    """A member of the consortium: its weight (contracted people, workload, …) and its score of a hundred."""

    institution_id: str
    weight: Fraction
    score: Fraction = FULL_SCORE


@dataclass(frozen=True)
class Distribution:
    """The reserve and each member's share, in fen, in the order the members were given."""

    reserved_fen: int
    shares: Mapping[str, int]


def distributed(total_fen: int, members: Sequence[Member], *, reserved_share: Fraction) -> Distribution:
    """Share a surplus.  Raises Refusal on a negative surplus or weight, a member twice, or nothing to go by."""
    if total_fen < 0:
        raise Refusal(f"结余为负:{total_fen} 分", "结余分配", "超支不按结余分配", "按超支分担办法清算")
    if len({member.institution_id for member in members}) < len(members):
        raise Refusal("同一成员单位出现了两次", "结余分配", remedy="合并或删去重复的成员")
    worth = {member.institution_id: member.weight * member.score for member in members}
    if min(worth.values(), default=0) < 0 or not 0 <= reserved_share <= 1:
        raise Refusal("权重、得分或提取比例不对", "结余分配", "权重和得分不能为负,提取比例在 0 与 100% 之间")
    if not sum(worth.values()):
        raise Refusal("没有可据以分配的权重", "结余分配", "全部成员的权重 × 得分为零", "核对权重和得分")
    reserved, rest = allocate(total_fen, [reserved_share, 1 - reserved_share])
    lines = share([Pot("worth", rest)], basis={"worth": worth}, members=list(worth))
    return Distribution(reserved, {**dict.fromkeys(worth, 0), **{line.member: line.amount_fen for line in lines}})
