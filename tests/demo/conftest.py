"""A small county, made once for all these tests."""

from datetime import date

import pytest
from tests.demo.made import Made, opened

from yigongti.demo import generate

UNTIL = date(2026, 3, 15)
RESIDENTS, MONTHS = 6000, 14


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("county") / "files"
    return opened(folder, generate(residents=RESIDENTS, months=MONTHS, seed=7, out=folder, until=UNTIL))
