"""People, institutions and a small invented document to keep a ledger of."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from yigongti.kernel import clock
from yigongti.spine.home import home

TODAY = date(2025, 3, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture(autouse=True)
def _own_rules() -> Iterator[None]:
    """The county's own pack is a folder, not a table: what a test writes there goes with it."""
    yield
    shutil.rmtree(home().own_policy, ignore_errors=True)


@pytest.fixture
def bureau(somebody: Callable[..., Any]) -> Any:
    return somebody("bureau")


@pytest.fixture
def hospital(db: Any) -> Any:
    from yigongti.spine.places.models import Institution

    return Institution.objects.create(
        institution_id="H1", name="甲县人民医院", kind="county_hospital", level="secondary", ownership="public",
        place_id="P", is_lead=True, in_county=True,
    )  # fmt: skip
