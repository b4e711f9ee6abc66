"""What acceptance tests write into the county's own pack goes with them."""

import shutil
from collections.abc import Iterator

import pytest

from yigongti.spine.home import home


@pytest.fixture(autouse=True)
def _own_rules() -> Iterator[None]:
    yield
    shutil.rmtree(home().own_policy, ignore_errors=True)
