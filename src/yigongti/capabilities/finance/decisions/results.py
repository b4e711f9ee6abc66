"""Compensation bought by results (QY-4): so many services at so much each, by how good they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleVersion


@dataclass(frozen=True)
class Delivered:
    """How many services of a kind a member delivered."""

    member: str
    service: str
    quantity: int


@dataclass(frozen=True)
class Bought:
    """One line of what is bought: quantity × price × coefficient; paid_fen is less where the money does not reach."""

    member: str
    service: str
    quantity: int
    price_fen: int
    coefficient: Fraction
    worth_fen: int
    paid_fen: int


@dataclass(frozen=True)
class Purchase:
    """All lines, and what is left of the money."""

    lines: tuple[Bought, ...]
    left_fen: int


def buy(
    delivered: Sequence[Delivered], *, money_fen: int, prices: RuleVersion, coefficients: Mapping[str, Fraction]
) -> Purchase:
    """Buy what was delivered, to the fen; where it is worth more than the money, all lines share the money by worth.

    prices: rule of kind table, service → yuan each.  coefficients: member → 0…1; one that is not evaluated has 1.
    Raises Refusal for negative money, a negative quantity, or a service without a price.
    """
    if money_fen < 0:
        raise Refusal(f"购买服务的资金为负({money_fen} 分)", "金额", remedy="请核对拨款金额")
    worth = [_worth(each, prices, coefficients.get(each.member, Fraction(1))) for each in delivered]
    whole = sum(line.worth_fen for line in worth)
    if whole <= money_fen:
        return Purchase(tuple(worth), money_fen - whole)
    paid = allocate(money_fen, [line.worth_fen for line in worth])
    cut = (_paying(line, amount) for line, amount in zip(worth, paid, strict=True))
    return Purchase(tuple(cut), 0)


def _worth(each: Delivered, prices: RuleVersion, coefficient: Fraction) -> Bought:
    if each.quantity < 0:
        raise Refusal(f"服务量为负({each.quantity})", f"{each.member} {each.service}", remedy="请核对服务量")
    if each.service not in prices.table:
        known = "、".join(prices.table)
        raise Refusal(f"“{each.service}”没有单价", prices.rule_id, f"现有单价:{known}", "请在本县政策包中补上单价")
    price = round(Fraction(str(prices.table[each.service])) * 100)
    worth = int(each.quantity * price * coefficient + Fraction(1, 2))
    return Bought(each.member, each.service, each.quantity, price, coefficient, worth, worth)


def _paying(line: Bought, amount: int) -> Bought:
    return Bought(**{**vars(line), "paid_fen": amount})
