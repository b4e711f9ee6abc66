"""The demonstration county's settlement: last year cleared, its months settled, the next budget reckoned."""

from typing import Any

from yigongti.analytics.lake.manifest import current
from yigongti.capabilities.payment.services.budgeting import compose_budgets
from yigongti.capabilities.payment.services.months import settle_months
from yigongti.capabilities.payment.services.runs import clear_year, settle_year
from yigongti.kernel import clock
from yigongti.kernel.periods import parse

MONTHS = range(1, 13)


def fill_payment(by: Any) -> int:
    """Settle and clear the last whole year as the fund's account would; returns the year.

    The months of that year and of the present one are pre-settled as far as there is care, and the budgets of the next
    year reckoned.
    """
    last_month = max(part.month for part in current("visit") if parse(part.month).end <= clock.today())
    present = int(last_month[:4])
    year = present if last_month.endswith("-12") else present - 1
    settle_months(year, MONTHS, by=by)
    if present > year:
        settle_months(present, [month for month in MONTHS if f"{present}-{month:02}" <= last_month], by=by)
    clear_year(settle_year(year, by=by).settlement.run, by=by)
    compose_budgets(present + 1)
    return year
