"""What every test stands on: a data directory of its own, made before Django's settings are read.

`store` marks the tests that run on SQLite here and again on PostgreSQL (tests/postgres.py).
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

HOME = Path(tempfile.mkdtemp(prefix="yigongti-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
(HOME / "yigongti.toml").write_text("# every choice as it is where nothing is said\n", encoding="utf-8")
os.environ["YIGONGTI_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "yigongti.site.settings"


def pytest_configure(config: pytest.Config) -> None:
    """A file for SQLite's test database (threads share it as processes would), and a password hash that is quick."""
    config.addinivalue_line("markers", "store: uses the record store in a way that databases differ in")
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        database.setdefault("TEST", {})["NAME"] = str(HOME / "test.sqlite3")  # in place: it may be in use already
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    hypothesis.settings.register_profile("suite", max_examples=40, deadline=None)
    hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the project; tests that need it skip loudly where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"no reference material at {folder}")
    return folder


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """made_once(name, make) → a copy of the folder that `make` fills, once a run whichever process asks first.

    The others wait meanwhile; each has a copy of its own to change.
    """
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent  # in which those of the run's processes lie

    def copied(name: str, make: Callable[[Path], object]) -> Path:
        made, half = run / f"{name}-made", run / f"{name}-half-made"
        with (run / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(half, ignore_errors=True)
                half.mkdir()
                make(half)
                half.rename(made)
        return Path(shutil.copytree(made, tmp_path_factory.mktemp(name) / "copy"))

    return copied


@pytest.fixture
def somebody(db: Any) -> Callable[..., Any]:
    """Makes an account with one assignment: somebody("manager", at="H1"), somebody("bureau") of the whole county."""
    from yigongti.spine.access.models import Assignment, User

    def make(role: str, *, at: str | None = None, reach: str = "institution") -> Any:
        user = User.objects.create_user(f"{role}-{at}-{reach}", password="a long enough passphrase", display_name=role)
        assigned = {"reach": reach, "institution_id": at} if at else {"reach": "county"}
        Assignment.objects.create(user=user, role=role, **assigned)
        return user

    return make
