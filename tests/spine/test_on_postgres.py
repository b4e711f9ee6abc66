"""The tests of the store once more, on PostgreSQL."""

import os

import pytest
from tests.postgres import binaries, run_store_tests


@pytest.mark.postgres
@pytest.mark.timeout(1200)
def test_the_store_behaves_the_same_on_postgresql() -> None:
    if os.environ.get("YIGONGTI_DATABASE"):
        pytest.skip("already running on another database")
    if binaries() is None:
        pytest.skip("NO POSTGRESQL: the tests of the store ran on SQLite only (apt-get install postgresql)")
    result = run_store_tests()
    assert result.returncode == 0, result.stdout
    assert "passed" in result.stdout
    assert "skipped" not in result.stdout
