"""How budgets are used against the time passed, and who is told where a limit is passed: at the end of a quarter, with
its last month's pre-settlement or, where nobody made that, by the timer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from yigongti.capabilities.payment.decisions import monthly
from yigongti.capabilities.payment.decisions.budget import BudgetRow, budgets_to_settle
from yigongti.capabilities.payment.models import BUDGET_SCHEMES, INSURED, Month, QuarterWatched, Tone
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.capabilities.payment.services.settle.facts import budget_rows
from yigongti.capabilities.payment.services.spending import Spent, is_paid_from, spending
from yigongti.kernel.periods import month_end
from yigongti.kernel.roles import Role
from yigongti.kernel.rules import Rules
from yigongti.spine.access.scope import accounts_at
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.inbox import notify
from yigongti.spine.places.models import Institution

WARNED_AFTER = "payment.monthly.warned_after"


@dataclass(frozen=True)
class BudgetUsed:
    """A budget used to the end of a month."""

    budget: BudgetRow
    month: str
    use: monthly.Use

    def as_columns(self) -> dict[str, Any]:
        """The columns of `BudgetUse`, without the month."""
        return {
            "consortium_id": self.budget.consortium_id,
            "insured_as": self.budget.insured_as,
            "scheme": self.budget.scheme,
            "budget_fen": self.use.budget_fen,
            "spent_fen": self.use.spent_fen,
            "ratio": "" if self.use.ratio is None else str(self.use.ratio),
            "tone": self.use.tone,
        }


def use_of(row: BudgetRow, spent: Iterable[Spent], *, year: int, month: int, rules: Rules) -> BudgetUsed:
    """How much of a budget was used to the end of a month.  spent: of all pools and years that were read."""
    so_far = (each for each in spent if each.year == year and each.month <= month and is_paid_from(each, row))
    used = monthly.use_of(row.amount_fen, sum(each.recorded_fen for each in so_far), month, rules=rules)
    return BudgetUsed(row, f"{year}-{month:02}", used)


def tell_of(uses: Iterable[BudgetUsed], *, at: datetime) -> int:
    """Tell the fund's and the bureau's people, and the managers of the consortium, where a limit is passed; returns
    of how many budgets."""
    passed = [each for each in uses if each.use.tone != Tone.GOOD]
    for each in passed:
        row = each.budget
        lead = Institution.objects.filter(consortium_id=row.consortium_id, is_lead=True).order_by("pk").first()
        told = set(accounts_at(None, roles=(Role.INSURER, Role.BUREAU)))
        told |= set(accounts_at(lead.pk, roles=(Role.MANAGER,))) if lead else set()
        named = f"{row.consortium_id} {INSURED[row.insured_as]}{BUDGET_SCHEMES[row.scheme]}预算"
        text = f"{Tone(each.use.tone).label}:{named}至 {each.month} 的使用快于时间进度"
        notify(told, kind="budget_use", text=text, subject=f"month:{each.month}", at=at)
    return len(passed)


def warn_if_due(*, at: datetime) -> int | None:
    """Look at the budgets once after the end of every quarter, when its figures are in; returns how many passed a
    limit, None where nothing is due: the quarter was looked at, or its care or budget is not there yet."""
    last = _last_quarter(at.date() - county_rules().find(WARNED_AFTER, on=at.date()).timedelta)
    known = {"year": last.year, "month": last.month}
    if QuarterWatched.objects.filter(**known).exists() or Month.objects.filter(**known).exists():
        return None
    uses = _uses(last)
    if uses is None:
        return None
    with transaction.atomic():
        _row, is_first = QuarterWatched.objects.get_or_create(**known, defaults={"at": at})
        return tell_of(uses, at=at) if is_first else None


def _last_quarter(day: date) -> date:
    """The last day of the latest quarter that is over on a day."""
    first_month = (day.month - 1) // 3 * 3 + 1
    return date(day.year, first_month, 1) - timedelta(days=1)


def _uses(last: date) -> Sequence[BudgetUsed] | None:
    """Every budget at the end of a quarter; None where the year has no budget, or the last month no care yet."""
    sources, _record = inputs.present()
    rules = county_rules().on(month_end(last))
    budgets = budgets_to_settle(budget_rows(last.year, sources), rules=rules)
    spent = spending(sources, first=last.year, last=last.year) if budgets else []
    if not any(each.month == last.month for each in spent):
        return None
    return [use_of(row, spent, year=last.year, month=last.month, rules=rules) for row in budgets]
