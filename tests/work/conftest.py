"""A hand-drawn county in which the sterile supply is in use, and people who sign in to its pages."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def county(db: Any) -> Iterator[None]:
    from tests.spine.county import draw_county, resident
    from tests.spine.sterile import in_use

    from yigongti.spine.home import home

    shutil.rmtree(home().path / "audit", ignore_errors=True)
    draw_county()
    resident("R1")
    with in_use():
        yield


@pytest.fixture
def clinician(county: None) -> Any:
    from tests.spine.county import account

    return account("clinician", ("clinician", "institution", "T1"))


@pytest.fixture
def technician(county: None) -> Any:
    from tests.spine.county import account

    return account("technician", ("technician", "institution", "H1"))
