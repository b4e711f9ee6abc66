"""The small county at the beginning of 2026, and people to look at it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from yigongti.kernel import clock
from yigongti.spine.home import home

TODAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture(autouse=True)
def _own_files() -> Iterator[None]:
    """What runs and tests keep beside the record store goes with the test."""
    yield
    for folder in (home().path / "settled", home().own_policy):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def facts(db: Any) -> None:
    from payment_runs import county

    county.settle_down()


@pytest.fixture
def ruled(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """ruled({"payment.clearing.by_evaluation": "是"}): the county's rules with these values."""
    from yigongti.capabilities.payment.services import budget_use, budgeting, months
    from yigongti.capabilities.payment.services.runs import clearing, reproducing, storing, trials
    from yigongti.spine.county_rules import county_rules

    def rule(values: dict[str, str]) -> None:
        book = county_rules().with_values(values)
        for module in (clearing, storing, reproducing, trials, months, budget_use, budgeting):
            monkeypatch.setattr(module, "county_rules", lambda: book)

    return rule


@pytest.fixture
def insurer(somebody: Callable[..., Any]) -> Any:
    return somebody("insurer")
