"""What takes longer than a page may, as jobs: settling, supposing, reproducing, reckoning budgets, settling a month."""

from typing import Any

from django_tasks import task

from yigongti.capabilities.payment.services import budgeting, months, runs
from yigongti.capabilities.payment.services.settle import book_of
from yigongti.spine.access.models import User


@task()
def settle_job(*, year: int, user_id: int) -> str:
    """Settle a year; returns the run's id."""
    return runs.settle_year(year, by=User.objects.get(pk=user_id)).settlement.run


@task()
def suppose_job(*, year: int, settings: list[str], pack: str, scheme: str, basis: str) -> dict[str, Any]:
    """A year as it is and as it would be, as `yigongti settle --json` has them.  basis: the facts it was asked of."""
    book = book_of(pack) if pack else None
    before, after = runs.suppose(year, settings, book=book, scheme=scheme)
    return {"before": before.settlement.as_dict(), "after": after.settlement.as_dict(), "basis": basis}


@task()
def reproduce_job(*, run_id: str) -> dict[str, Any]:
    """Work a run out again; says whether it is the same, and which rules changed."""
    again = runs.reproduce(run_id)
    return {"is_identical": again.is_identical, "changed": [list(each) for each in again.changed]}


@task()
def compose_job(*, year: int) -> int:
    """Reckon the budgets of a year; returns how many."""
    return len(budgeting.compose_budgets(year))


@task()
def month_job(*, year: int, month: int, user_id: int) -> int:
    """Advance and settle a month; returns its number in the books."""
    return int(months.settle_month(year, month, by=User.objects.get(pk=user_id)).pk)
