"""A year of long-term care insurance (BN-19): its own budget by heads, what each institution is paid, what is left.

The fund stands apart from that of medical care: what it keeps stays with it.  Always
  Σ final = totals.final,   final + kept by the fund = budget + the fund's share of the overrun.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.capabilities.payment.decisions.shares import share_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate, fen
from yigongti.kernel.rules import Rules

PER_HEAD = "payment.long_term_care.per_head"
RESERVED_SHARE = "payment.long_term_care.reserved_share"
OVERRUN_SHARE = "payment.long_term_care.overrun_share"


@dataclass(frozen=True)
class Heads:
    """The insured of one kind and what they bring, in fen."""

    insured_as: str
    number: int
    per_head_fen: int

    @property
    def amount_fen(self) -> int:
        return self.number * self.per_head_fen


@dataclass(frozen=True)
class CareLine:
    """What one institution gets of the year: what its months came to, less what it bears of an overrun; in fen."""

    institution_id: str
    months: int
    recorded_fen: int
    overrun_borne_fen: int = 0

    @property
    def final_fen(self) -> int:
        return self.recorded_fen - self.overrun_borne_fen


@dataclass(frozen=True)
class CareYear:
    """The year's account; reserved_fen: the part of the budget that is not for this year's care."""

    heads: tuple[Heads, ...]
    reserved_fen: int
    lines: tuple[CareLine, ...]
    kept_by_fund_fen: int
    fund_share_fen: int

    @property
    def budget_fen(self) -> int:
        return sum(each.amount_fen for each in self.heads)

    @property
    def final_fen(self) -> int:
        return sum(line.final_fen for line in self.lines)


def heads_of(insured: Mapping[str, int], *, rules: Rules) -> tuple[Heads, ...]:
    """The budget by kind of insurance.  insured: kind → people.  Raises Refusal on an unknown kind or a negative
    number, and where nobody is insured."""
    per_head = rules[PER_HEAD].table
    for kind, number in insured.items():
        if kind not in per_head or number < 0:
            raise Refusal(
                f"参保人数不对:{kind}={number}", "长期护理保险", remedy=f"用 {'、'.join(per_head)},人数不小于 0"
            )
    if not any(insured.values()):
        raise Refusal("没有参保人,不能测算", "长期护理保险", "按人头筹资要有参保人", "写明参保人数")
    return tuple(Heads(kind, number, fen(str(per_head[kind]))) for kind, number in sorted(insured.items()))


def cleared_care(heads: tuple[Heads, ...], paid: Mapping[str, tuple[int, int]], *, rules: Rules) -> CareYear:
    """The year cleared.  paid: institution → months of care and what the fund owes for them (fen, not negative)."""
    budget, recorded = sum(each.amount_fen for each in heads), sum(amount for _, amount in paid.values())
    share = share_of(rules[RESERVED_SHARE])
    reserved, available = allocate(budget, [share, 1 - share])
    overrun = max(0, recorded - available)
    of_reserve = min(overrun, reserved)
    beyond = overrun - of_reserve
    fund = half_up(beyond * share_of(rules[OVERRUN_SHARE]))
    names = sorted(paid)
    borne = allocate(beyond - fund, [paid[name][1] for name in names]) if beyond > fund else [0] * len(names)
    lines = tuple(CareLine(name, *paid[name], part) for name, part in zip(names, borne, strict=True))
    return CareYear(heads, reserved, lines, max(0, available - recorded) + reserved - of_reserve, fund)
