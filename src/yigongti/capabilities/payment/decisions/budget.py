"""The global budget before the year: by heads, by history, or mixed; adjusted for age and sex; less deductions.

Every part is fen; parts always sum to the whole (`kernel.money.allocate`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.capabilities.payment.decisions.shares import share_in, share_of
from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import allocate, yuan
from yigongti.kernel.rules import RuleVersion

HISTORY_WEIGHTS = "payment.budget.history_weights"
GROWTH_CAP = "payment.budget.growth_cap"
PER_HEAD_SHARE = "payment.budget.per_head_share"
DEDUCTIONS = "payment.budget.deductions"
AGE_BANDS = "payment.budget.age_bands"
RELATIVE_COST = "payment.budget.relative_cost"
ROUNDING = "payment.budget.rounding"
TOGETHER = "payment.budget.together"
HISTORY = ("last", "before", "earliest")

Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class Heads:
    """People insured alike: how many, the fund's contribution per head (fen), and their relative risk (1: average)."""

    number: int
    per_head_fen: int
    risk: Fraction = Fraction(1)


@dataclass(frozen=True)
class Composition:
    """A budget and how it came about: by_heads, by_history and gross; deductions by name; net = gross − deductions."""

    by_heads_fen: int
    by_history_fen: int
    gross_fen: int
    deductions: Mapping[str, int]
    net_fen: int


Spent = Sequence[int | None]
"""What three years cost, the last first; None for a year that is not known."""


def composed(heads: Iterable[Heads], spent_fen: Spent, *, growth: Fraction, rules: Rules) -> Composition:
    """The budget of a pool.  growth: see `growth_rate`.

    Raises Refusal on a negative amount or number or where no year is known, ValueError unless there are three.
    """
    by_heads, by_history = by_heads_fen(heads), by_history_fen(spent_fen, growth=growth, rules=rules)
    share = share_of(rules[PER_HEAD_SHARE])
    gross = half_up(share * by_heads + (1 - share) * by_history)
    parts = {name: share_in(rules[DEDUCTIONS], value) for name, value in rules[DEDUCTIONS].table.items()}
    share_in(rules[DEDUCTIONS], sum(rules[DEDUCTIONS].table.values()))
    *taken, net = allocate(gross, [*parts.values(), 1 - sum(parts.values())])
    return Composition(by_heads, by_history, gross, dict(zip(parts, taken, strict=True)), net)


def by_heads_fen(heads: Iterable[Heads]) -> int:
    """Σ people × contribution × risk."""
    listed = list(heads)
    _not_negative([each.number for each in listed] + [each.per_head_fen for each in listed], "人数或人均筹资")
    return half_up(sum((each.number * each.per_head_fen * each.risk for each in listed), Fraction(0)))


def by_history_fen(spent_fen: Spent, *, growth: Fraction, rules: Rules) -> int:
    """Three years' cost weighted 7:2:1, and grown; the weight of a year that is not known goes to the others.

    Raises Refusal on a negative amount, or where no year is known.
    """
    weights = [Fraction(str(rules[HISTORY_WEIGHTS].table[year])) for year in HISTORY]
    known = [(weight, spent) for weight, spent in zip(weights, spent_fen, strict=True) if spent is not None]
    _not_negative([spent for _, spent in known], "历史支出")
    if not sum(weight for weight, _ in known):
        raise Refusal("没有一个完整年度的历史支出", "预算测算", "按历史测算要有近三年的支出", "先装载往年的住院和门诊")
    weighted = sum((weight * spent for weight, spent in known), Fraction(0)) / sum(weight for weight, _ in known)
    return half_up(weighted * (1 + growth))


def growth_rate(*, income: Fraction, reasonable: Fraction, rules: Rules) -> Fraction:
    """The lowest of the fund's growth of income, the reasonable growth of cost, and the cap."""
    return min(income, reasonable, Fraction(str(rules[GROWTH_CAP].exact)))


def risk_of(people: Mapping[tuple[int, str], int], *, rules: Rules) -> Fraction:
    """The relative risk of people by (age in years, sex): what each would cost on average, everybody's mean being 1.

    Raises Refusal without people.
    """
    number = sum(people.values())
    if not number:
        raise Refusal("没有参保人,不能作风险调整", "参保人数")
    bands, costs = rules[AGE_BANDS], rules[RELATIVE_COST].table
    weighted = (count * Fraction(str(costs[str(bands.band(age).value)][sex])) for (age, sex), count in people.items())
    return sum(weighted, Fraction(0)) / number


def _not_negative(amounts: Iterable[int], what: str) -> None:
    low = min(amounts, default=0)
    if low < 0:
        raise Refusal(f"{what}不能为负:{low}", "预算测算", remedy="核对数据")


@dataclass(frozen=True)
class BudgetRow:
    """A row of the `budget` fact table of one year."""

    consortium_id: str
    insured_as: str
    scheme: str
    amount_fen: int


def budgets_to_settle(rows: Iterable[BudgetRow], *, rules: Rules) -> list[BudgetRow]:
    """The budgets of a year, none overlapping another: by scheme, or one global budget where the rule says so.

    A global budget beside its inpatient and outpatient parts must be their sum.  Raises Refusal where an amount is
    negative, a budget stands twice, covers the same care as another, or does not add up.
    """
    found: dict[tuple[str, str], dict[str, BudgetRow]] = {}
    for row in rows:
        schemes = found.setdefault((row.consortium_id, row.insured_as), {})
        if row.amount_fen < 0:
            raise Refusal(f"预算为负:{yuan(row.amount_fen)} 元", _named(row), remedy="改正预算")
        if row.scheme in schemes:
            raise Refusal("同一预算出现了两次", _named(row), "预算不得重叠", "删去重复的预算")
        schemes[row.scheme] = row
    return [row for key in sorted(found) for row in _without_overlap(found[key], rules)]


def _without_overlap(schemes: Mapping[str, BudgetRow], rules: Rules) -> list[BudgetRow]:
    parts = [schemes[name] for name in ("inpatient", "outpatient") if name in schemes]
    whole = schemes.get("global")
    if whole and parts:
        _must_add_up(whole, parts, rules)
    if not parts and whole:
        return [whole]
    if rules[TOGETHER].is_on and len(parts) > 1:
        return [BudgetRow(parts[0].consortium_id, parts[0].insured_as, "global", sum(row.amount_fen for row in parts))]
    return parts


def _must_add_up(whole: BudgetRow, parts: Sequence[BudgetRow], rules: Rules) -> None:
    if len(parts) == 1:
        raise Refusal(
            f"总额预算与“{parts[0].scheme}”预算重叠", _named(whole), "总额已包含住院与门诊", "两项都分列,或只列总额"
        )
    total = sum(row.amount_fen for row in parts)
    if abs(total - whole.amount_fen) > rules[ROUNDING].fen:
        raise Refusal(
            f"预算不平:住院与门诊合计 {yuan(total)} 元,总额 {yuan(whole.amount_fen)} 元", _named(whole),
            "总额应等于各分项之和", "改正预算,或用 payment.budget.rounding 写明允许的取整差",
        )  # fmt: skip


def _named(row: BudgetRow) -> str:
    return f"budget {row.consortium_id} {row.insured_as} {row.scheme}"
