"""During the year: what is paid in advance, what a month's care is settled at, how the use of a budget compares with
the time that has passed.  None of it moves money by itself; the clearing has the last word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.capabilities.payment.decisions.shares import share_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleVersion

ADVANCE_SHARE = "payment.monthly.advance_share"
PAID_SHARE = "payment.monthly.paid_share"
USE_LIMITS = "payment.monthly.use_limits"
MONTHS = 12

Rules = Mapping[str, RuleVersion]
Tone = Literal["good", "warn", "bad"]


def advances_fen(budget_fen: int, month: int, shares: Sequence[int], *, rules: Rules) -> list[int]:
    """What each institution is advanced in a month: a twelfth of the budget's share that is advanced, divided by
    `shares` (what each cost before; alike where none did).  The twelve months sum to the share exactly.

    Raises Refusal on a negative budget, ValueError on a month that there is not.
    """
    if budget_fen < 0:
        raise Refusal(f"预算为负:{budget_fen} 分", "budget", "预付按总额计算", "改正预算")
    yearly = half_up(budget_fen * share_of(rules[ADVANCE_SHARE]))
    of_month = allocate(yearly, [1] * MONTHS)[_month(month) - 1]
    return allocate(of_month, list(shares) if sum(shares) else [1] * len(shares)) if shares else []


def settled_fen(recorded_fen: int, *, rules: Rules) -> int:
    """What a month's recorded cost is settled at; the rest is held back until the year is cleared."""
    return half_up(recorded_fen * share_of(rules[PAID_SHARE]))


@dataclass(frozen=True)
class Use:
    """A budget used so far: spent ÷ (budget × the part of the year that has passed); tone by the rule's limits."""

    budget_fen: int
    spent_fen: int
    passed: Fraction
    ratio: Fraction | None
    tone: Tone


def use_of(budget_fen: int, spent_fen: int, month: int, *, rules: Rules) -> Use:
    """How the use of a budget to the end of a month compares with the time passed; None of a budget of nothing."""
    passed = Fraction(_month(month), MONTHS)
    if not budget_fen:
        return Use(0, spent_fen, passed, None, "bad" if spent_fen else "good")
    ratio = Fraction(spent_fen) / (budget_fen * passed)
    found = str(rules[USE_LIMITS].band(ratio).value)
    tones: dict[str, Tone] = {"good": "good", "warn": "warn", "bad": "bad"}
    return Use(budget_fen, spent_fen, passed, ratio, tones[found])


def is_quarter_end(month: int) -> bool:
    """Whether a warning is due with this month."""
    return month % 3 == 0


def _month(month: int) -> int:
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no month {month}")
    return month
