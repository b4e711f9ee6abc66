"""The members' books over a period, and what they warn of; read from the lake in one small query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yigongti.capabilities.finance.decisions.watching import Month, Warned, warnings
from yigongti.capabilities.finance.services import bases
from yigongti.capabilities.finance.services.members import Members
from yigongti.kernel.periods import Period
from yigongti.spine.county_rules import county_rules

MEDICAL, INCOME, COST = "income.medical.", "income.", "cost."
SERVICE, STAFF, CASH, DEBT = "income.medical.service", "cost.staff", "cash.balance", "debt.balance"


@dataclass(frozen=True)
class Book:
    """A member's books: sums of the period, balances of its last month; None where never posted to."""

    institution_id: str
    name: str
    income_fen: int
    medical_fen: int
    service_fen: int
    cost_fen: int
    staff_fen: int
    cash_fen: int | None
    debt_fen: int | None
    months: tuple[Month, ...]
    warnings: tuple[Warned, ...]

    @property
    def result_fen(self) -> int:
        return self.income_fen - self.cost_fen

    @property
    def tone(self) -> str:
        tones = {each.tone for each in self.warnings}
        return next((tone for tone in ("bad", "warn") if tone in tones), "good")


def books(members: Members, period: Period) -> list[Book]:
    """The members with books, in the order of their ids; those without any posting are left out."""
    with bases.facts(period) as found:
        posted = _posted(found, period)
    names = {each.pk: each.name for each in members.institutions}
    return [_book(member, names[member], posted[member], period) for member in members.with_books if member in posted]


def _posted(found: bases.Facts, period: Period) -> dict[str, dict[tuple[str, str], int]]:
    """Member → (month, account) → fen."""
    finance = found.of("finance")
    months = [month.label for month in period.months()]
    rows = finance.filter(finance.month.isin(months)).group_by("institution_id", "month", "account")
    posted: dict[str, dict[tuple[str, str], int]] = {}
    for row in found.collect(rows.aggregate(amount=finance.amount_fen.sum())):
        posted.setdefault(row["institution_id"], {})[row["month"], row["account"]] = int(row["amount"])
    return posted


def _book(member: str, name: str, posted: dict[tuple[str, str], int], period: Period) -> Book:
    months = tuple(_month(label, posted) for label in sorted({month for month, _ in posted}))
    last = months[-1]

    def below(prefix: str) -> int:
        return sum(amount for (_, account), amount in posted.items() if account.startswith(prefix))

    told = tuple(warnings(months, rules=county_rules().on(period.end)))
    return Book(
        member, name, below(INCOME), below(MEDICAL), below(SERVICE), below(COST), below(STAFF), last.cash_fen,
        last.debt_fen, months, told,
    )  # fmt: skip


def _month(label: str, posted: dict[tuple[str, str], int]) -> Month:
    here = {account: amount for (month, account), amount in posted.items() if month == label}
    income = sum(amount for account, amount in here.items() if account.startswith(INCOME))
    cost = sum(amount for account, amount in here.items() if account.startswith(COST))
    return Month(label, income, cost, here.get(CASH), here.get(DEBT))


def together(found: Sequence[Book]) -> dict[str, Any]:
    """The books added up, for the consortium as one: separate books, central accounting (YN-6)."""
    sums = {
        name: sum(getattr(book, name) for book in found)
        for name in ("income_fen", "medical_fen", "service_fen", "cost_fen", "staff_fen", "result_fen")
    }
    held = {name: [getattr(book, name) for book in found] for name in ("cash_fen", "debt_fen")}
    return {**sums, **{name: sum(x for x in each if x is not None) for name, each in held.items()}}
