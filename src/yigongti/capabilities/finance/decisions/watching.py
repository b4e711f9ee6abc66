"""Early warning of a member's money (YN-14): cash that runs out, debt that grows, losses that go on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yigongti.kernel.rules import RuleVersion

CASH_MONTHS, DEBT_RATIO = "finance.warning.cash_months", "finance.warning.debt_to_income"
LOSS_MONTHS, CASH_FALL = "finance.warning.loss_months", "finance.warning.cash_fall"
MONTHS_A_YEAR = 12
Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class Month:
    """A month of a member's books, in fen; None where the account was never posted to."""

    month: str
    income_fen: int
    cost_fen: int
    cash_fen: int | None
    debt_fen: int | None


@dataclass(frozen=True)
class Warned:
    """What is wrong: its kind and tone (warn or bad), the value, the rule and the sentence."""

    kind: str
    tone: str
    value: float
    rule_id: str
    text: str


def warnings(months: Sequence[Month], *, rules: Rules) -> list[Warned]:
    """months: consecutive, oldest first.  Nothing can be said of a member without months."""
    if not months:
        return []
    return [*_cash(months, rules), *_fall(months, rules), *_debt(months, rules), *_losses(months, rules)]


def _cash(months: Sequence[Month], rules: Rules) -> Iterator[Warned]:
    last, cost = months[-1], sum(each.cost_fen for each in months) / len(months)
    if last.cash_fen is None or cost <= 0:
        return
    reach = last.cash_fen / cost
    band = rules[CASH_MONTHS].band(max(reach, 0)).value
    if band in ("warn", "bad"):
        yield Warned("cash", str(band), reach, CASH_MONTHS, f"{last.month} 末现金只够 {reach:.1f} 个月的支出")


def _fall(months: Sequence[Month], rules: Rules) -> Iterator[Warned]:
    first, last = months[0].cash_fen, months[-1].cash_fen
    if not first or last is None or first <= 0:
        return
    fall, limit = (first - last) / first, rules[CASH_FALL].number
    if fall > limit:
        yield Warned("cash_fall", "warn", fall, CASH_FALL, f"现金比 {months[0].month} 减少 {fall:.0%},超过 {limit:.0%}")


def _debt(months: Sequence[Month], rules: Rules) -> Iterator[Warned]:
    last, income = months[-1], sum(each.income_fen for each in months) / len(months) * MONTHS_A_YEAR
    if last.debt_fen is None or income <= 0:
        return
    ratio = last.debt_fen / income
    band = rules[DEBT_RATIO].band(max(ratio, 0)).value
    if band in ("warn", "bad"):
        yield Warned("debt", str(band), ratio, DEBT_RATIO, f"{last.month} 末负债为年收入的 {ratio:.0%}")


def _losses(months: Sequence[Month], rules: Rules) -> Iterator[Warned]:
    running = 0
    for each in reversed(months):
        if each.cost_fen <= each.income_fen:
            break
        running += 1
    limit = rules[LOSS_MONTHS].number
    if running >= limit:
        lost = sum(each.cost_fen - each.income_fen for each in months[-running:])
        yield Warned("loss", "bad", running, LOSS_MONTHS, f"连续 {running} 个月收不抵支,共亏 {lost / 100:,.2f} 元")
