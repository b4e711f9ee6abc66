"""The county to book in, for the tests that use the store."""

import shutil

import pytest

from yigongti.spine.home import home


@pytest.fixture
def drawn(db: None) -> None:
    from tests.booking import county  # models can be imported only once Django is ready

    shutil.rmtree(home().path / "audit", ignore_errors=True)
    county.draw()
