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
def somebody(db: Any) -> Callable[..., Any]:
    """Makes an account with one assignment: somebody("manager", at="H1")."""
    from yigongti.spine.access.models import Assignment, User

    def make(role: str, *, at: str | None = None) -> Any:
        user = User.objects.create_user(f"{role}-{at}", password="a long enough passphrase", display_name=role)
        reach = "institution" if at else "county"
        Assignment.objects.create(user=user, role=role, reach=reach, institution_id=at)
        return user

    return make


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
