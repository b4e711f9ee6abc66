"""One way of sharing money: pots by weight, each pot by what its members put in; exact, and every line explained.

A distribution, an apportionment, performance pay and a zone's allocation differ only in what pots and bases are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleVersion

Basis = Mapping[str, Mapping[str, Fraction]]
"""Factor → member → what counts for the member there."""


@dataclass(frozen=True)
class Pot:
    """Money to be shared by one factor.  weight: its part of the total, 1 where the pot stands for itself."""

    factor: str
    amount_fen: int
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Share:
    """One member's part of one pot: its basis, that of all members together, and the money."""

    member: str
    factor: str
    weight: Fraction
    pot_fen: int
    basis: Fraction
    basis_of_all: Fraction
    amount_fen: int


def pots(total_fen: int, *, weights: RuleVersion) -> list[Pot]:
    """The total cut by the weights of a rule of kind table, largest remainder.

    Raises Refusal where the total is negative, or the weights are negative or do not add up to one.
    """
    found = {name: Fraction(str(weight)) for name, weight in weights.table.items()}
    if total_fen < 0:
        raise Refusal(f"待分配的金额为负({total_fen} 分)", "金额", remedy="请核对资金来源")
    if min(found.values()) < 0 or sum(found.values()) != 1:
        parts = "、".join(f"{name} {float(weight):.2%}" for name, weight in found.items())
        raise Refusal(
            f"权重之和不是 100%({float(sum(found.values())):.2%})",
            weights.rule_id,
            f"现为:{parts}",
            "请在本县政策包中改正权重,使其合计为 100%",
        )
    amounts = allocate(total_fen, list(found.values()))
    return [Pot(name, amount, weight) for (name, weight), amount in zip(found.items(), amounts, strict=True)]


def share(pots: Sequence[Pot], *, basis: Basis, members: Sequence[str]) -> list[Share]:
    """Every pot among the members by their basis; the shares of a pot sum to the pot.

    members: in an order of their own, which breaks ties; a member without a basis counts for nothing there.
    Raises Refusal without members, or where nobody has a basis for a pot that has money.
    """
    if not members:
        raise Refusal("没有参与分配的成员", "成员单位", remedy="请先导入机构并注明所属医共体")
    return [line for pot in pots if pot.amount_fen for line in _of_pot(pot, basis.get(pot.factor, {}), members)]


def _of_pot(pot: Pot, counted: Mapping[str, Fraction], members: Sequence[str]) -> list[Share]:
    found = [Fraction(counted.get(member, 0)) for member in members]
    whole = sum(found, Fraction(0))
    if min(found) < 0 or whole <= 0:
        raise Refusal(
            f"“{pot.factor}”没有可用的依据,{pot.amount_fen} 分无从分配",
            pot.factor,
            "各成员在这一项的数都是 0 或缺失",
            "请先装载相应的事实,或在规则中把这一项的权重改为 0",
        )
    amounts = allocate(pot.amount_fen, found)
    return [
        Share(member, pot.factor, pot.weight, pot.amount_fen, own, whole, amount)
        for member, own, amount in zip(members, found, amounts, strict=True)
        if own
    ]


def total_of(shares: Sequence[Share], *, member: str | None = None) -> int:
    """Σ of the shares, of one member or of all, in fen."""
    return sum(each.amount_fen for each in shares if member in (None, each.member))


def scaled(basis: Basis, *, by: Mapping[str, Fraction], factors: Sequence[str]) -> dict[str, dict[str, Fraction]]:
    """The basis with some factors multiplied by each member's coefficient (evaluation has consequences: YN-16)."""
    return {
        factor: {name: own * by.get(name, Fraction(1)) if factor in factors else own for name, own in counted.items()}
        for factor, counted in basis.items()
    }
