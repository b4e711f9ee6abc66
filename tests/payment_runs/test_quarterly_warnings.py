"""After every quarter the budgets are looked at without anybody asking, once, and who answers for them is told."""

from datetime import UTC, datetime

import pytest

from payment_runs import county
from yigongti.capabilities.payment.api import warn_if_due
from yigongti.capabilities.payment.models import Month, QuarterWatched
from yigongti.capabilities.payment.services.months import settle_month
from yigongti.spine.notices.models import Notice

pytestmark = pytest.mark.store
TOO_SMALL = [{**row, "amount_fen": 2_000_000} for row in county.BUDGETS if row["scheme"] == "inpatient"]
JANUARY = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def overspent(facts):
    county.bring(budget=TOO_SMALL)


def test_a_budget_used_too_fast_is_told_once_to_fund_and_consortium(overspent, insurer, somebody):
    manager = somebody("manager", at="H1")
    assert warn_if_due(at=JANUARY) == 2
    assert warn_if_due(at=JANUARY) is None
    told = Notice.objects.filter(kind="budget_use")
    assert set(told.values_list("user_id", flat=True)) == {insurer.pk, manager.pk}
    assert told.filter(user=manager).get().text.startswith("红色预警:A 居民医保住院预算至 2025-12")
    assert not Month.objects.exists()


def test_budgets_used_in_time_are_looked_at_and_nobody_is_told(facts, insurer):
    county.bring(budget=[{**row, "amount_fen": 90_000_000} for row in county.BUDGETS])
    assert warn_if_due(at=JANUARY) == 0
    assert QuarterWatched.objects.filter(year=2025, month=12).exists()
    assert not Notice.objects.filter(kind="budget_use").exists()


@pytest.mark.parametrize(
    ("day", "watched"),
    [(datetime(2026, 1, 10, tzinfo=UTC), "2025-09"), (datetime(2026, 1, 12, tzinfo=UTC), "2025-12")],
)
def test_a_quarter_is_looked_at_when_its_figures_are_in(overspent, day, watched):
    warn_if_due(at=day)
    assert str(QuarterWatched.objects.get()) == watched


def test_a_quarter_whose_last_month_was_settled_by_somebody_was_told_of_then(overspent, insurer):
    settle_month(2025, 12, by=insurer)
    assert warn_if_due(at=JANUARY) is None


def test_nothing_is_due_without_a_budget_or_before_the_last_month_has_care(db, facts):
    assert warn_if_due(at=datetime(2026, 5, 1, tzinfo=UTC)) is None
    assert warn_if_due(at=datetime(2024, 1, 20, tzinfo=UTC)) is None
    assert not QuarterWatched.objects.exists()
