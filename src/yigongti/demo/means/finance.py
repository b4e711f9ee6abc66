"""The books of the public institutions by month, such that income is what was charged and costs are what was paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yigongti.demo.care.charges import BUCKETS
from yigongti.demo.means.ledger import Ledger
from yigongti.demo.tables import coded
from yigongti.demo.world import World

LOSS_MAKING = "I-TC-12"
KINDS = (
    "county_hospital",
    "tcm_hospital",
    "maternal_child",
    "specialist_hospital",
    "township_center",
    "community_center",
)
ACCOUNTS = (
    *(f"income.medical.{bucket}" for bucket in BUCKETS), "income.subsidy", "cost.staff", "cost.drug", "cost.material",
    "cost.other", "cash.balance", "debt.balance",
)  # fmt: skip
_STAFF_ON_COST = 1.16
_DRUG_COST, _MATERIAL_COST = 0.985, 1.0
_OTHER_OF_INCOME = {"township_center": 0.14, "community_center": 0.15}
_OTHER_USUAL = 0.235
_LEAST_SUBSIDY = {"township_center": 0.18, "community_center": 0.16}
_LEAST_USUAL = 0.055
_LOSS = 0.17
_CASH_MONTHS, _DEBT_OF_INCOME = (0.8, 4.2), (0.15, 0.62)
_DRUG, _MATERIAL = BUCKETS.index("drug"), BUCKETS.index("material")


@dataclass(frozen=True)
class Books:
    """`which`: the institutions that keep them, by index; `amount`: fen by [institution, month, account]."""

    which: np.ndarray
    amount: np.ndarray


def balance(ledger: Ledger, world: World) -> Books:
    """The books of the public institutions."""
    rng, institutions = world.streams.of("finance"), world.institutions
    which = institutions.of(*KINDS)
    kind, months = institutions.kind[which], world.calendar.count
    income = ledger.income[which]
    medical = income.sum(axis=2)
    staff = np.rint(ledger.staff_cost[which] * _STAFF_ON_COST)
    drug, material = income[:, :, _DRUG] * _DRUG_COST, income[:, :, _MATERIAL] * _MATERIAL_COST
    usual = medical.mean(axis=1, keepdims=True)
    share = np.array([_OTHER_OF_INCOME.get(name, _OTHER_USUAL) for name in kind])[:, None]
    other = usual * share * rng.uniform(0.94, 1.06, medical.shape) + 60_000
    cost = staff + drug + material + other
    subsidy = _subsidy(medical, cost, which, world, rng)
    result = medical + subsidy - cost
    yearly = (medical + subsidy).mean(axis=1)
    cash = yearly * rng.uniform(*_CASH_MONTHS, len(which))
    cash = np.maximum(cash[:, None] + np.cumsum(result, axis=1) * 0.5, 0)
    debt = (yearly * 12 * rng.uniform(*_DEBT_OF_INCOME, len(which)))[:, None] * (1 + 0.004 * np.arange(months))
    debt[which == institutions.place_of(LOSS_MAKING)] *= 1.8
    books = np.dstack([income, subsidy, staff, drug, material, other, cash, debt])
    return Books(which, np.rint(books).astype(np.int64))


def _subsidy(
    medical: np.ndarray, cost: np.ndarray, which: np.ndarray, world: World, rng: np.random.Generator
) -> np.ndarray:
    """The usual subsidy, or what keeps the year's margin where the institution's is — but not for the loss-maker."""
    institutions = world.institutions
    least = np.array([_LEAST_SUBSIDY.get(kind, _LEAST_USUAL) for kind in institutions.kind[which]])[:, None]
    usual = medical.mean(axis=1, keepdims=True) * least
    margin = rng.normal(0.012, 0.014, len(which))
    margin[which == institutions.place_of(LOSS_MAKING)] = -_LOSS
    needed = cost.mean(axis=1) / (1 - margin) - medical.mean(axis=1)
    loss_maker = (which == institutions.place_of(LOSS_MAKING))[:, None]
    level = np.where(loss_maker, np.maximum(needed[:, None], 0), np.maximum(usual, needed[:, None]))
    return level * rng.uniform(0.97, 1.03, medical.shape)


def columns(books: Books, world: World) -> Mapping[str, Any]:
    """The finance table."""
    count, months, accounts = books.amount.shape
    place, month, account = np.indices(books.amount.shape).reshape(3, count * months * accounts)
    return {
        "institution_id": world.institution(books.which[place]),
        "month": coded(month, world.calendar.labels),
        "account": coded(account, ACCOUNTS),
        "amount_fen": books.amount.ravel(),
    }


def yearly_result(books: Books, world: World, institution_id: str) -> dict[str, int]:
    """Income less cost of an institution by calendar year, in fen."""
    own = books.amount[np.flatnonzero(books.which == world.index_of(institution_id))[0]]
    sign = np.array([1 if name.startswith("income") else -1 if name.startswith("cost") else 0 for name in ACCOUNTS])
    monthly = own @ sign
    years = np.array([int(label[:4]) for label in world.calendar.labels])
    return {str(year): int(monthly[years == year].sum()) for year in np.unique(years)}
