"""A county with two institutions, whose offices send files."""

from pathlib import Path

import pytest


@pytest.fixture
def county(db: None, tmp_path: Path) -> Path:
    """A folder for files, the institutions already loaded."""
    from tests.files.offices import csv_file, institution, loaded  # models: only once Django is set up

    loaded(csv_file(tmp_path / "institution.csv", [institution(1), institution(2)]))
    return tmp_path
