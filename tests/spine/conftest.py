"""The audit's anchors lie outside the database, so a test that empties one must empty the other."""

import shutil

import pytest

from yigongti.spine.home import home


@pytest.fixture(autouse=True)
def no_anchors() -> None:
    shutil.rmtree(home().path / "audit", ignore_errors=True)
