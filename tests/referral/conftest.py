"""The cast of a referral, and a clock that stands at the day of the tests."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from yigongti.kernel import clock


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    from tests.referral.county import NOON

    from yigongti.spine.home import home

    shutil.rmtree(home().path / "audit", ignore_errors=True)
    with clock.at(NOON):
        yield


@pytest.fixture
def cast(db: None) -> Any:
    from tests.referral.county import draw

    return draw()
