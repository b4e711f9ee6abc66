"""The small county, measured at the end of 2025, and people to look at it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yigongti.kernel import clock

TODAY = date(2026, 1, 15)
FEW = ("primary_visit_share", "booked_visit_share", "inpatient_in_county_share", "unified_management")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def facts(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The county's facts; few indicators, so that a run takes a moment (all of them are tested with the runner)."""
    from measure_web import county
    from yigongti.capabilities.measure.services import runs
    from yigongti.kernel.registry import REGISTRY

    few = {name: REGISTRY.indicators[name] for name in FEW}
    monkeypatch.setattr(runs, "REGISTRY", replace(REGISTRY, indicators=few))
    county.settle()


@pytest.fixture
def measured(facts: None) -> Any:
    from yigongti.capabilities.measure.services import runs

    return runs.refresh()


@pytest.fixture
def bureau(somebody: Callable[..., Any]) -> Any:
    return somebody("bureau")
