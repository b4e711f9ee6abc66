"""The county of contracts, its doctors and residents, on a fixed day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from yigongti.kernel import clock

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def county(db: Any) -> None:
    from tests.contract import people

    people.draw()
    people.resident()


@pytest.fixture
def doctor(county: None) -> Any:
    from tests.contract import people

    return people.account("family_doctor", at="T1")


@pytest.fixture
def other_doctor(county: None) -> Any:
    from tests.contract import people

    return people.account("family_doctor", at="T2")


@pytest.fixture
def patient(county: None) -> Any:
    from tests.contract import people

    return people.account("resident", resident_id="R1")
