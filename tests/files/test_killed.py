"""A load killed at any point loses nothing and repeats nothing; a locked store and a full disk are told."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.files.offices import csv_file, institution, visit

ROOT = Path(__file__).resolve().parents[2]
ROWS = 400
CHILD = """
import json, os, signal, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from yigongti.analytics import lake
from yigongti.analytics.lake import deposit, housekeeping, parts, rewriting
from yigongti.exchange.files import gathering, loading
from yigongti.spine.record import bulk

def die_at(owner, name, *, after):
    real = getattr(owner, name)
    def dying(*arguments, **options):
        if after:
            real(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, dying)

MOMENTS = {
    "while staging": lambda: die_at(gathering.Staging, "add", after=True),
    "before the transaction": lambda: die_at(deposit, "compare", after=True),
    "after the parts are written": lambda: die_at(deposit, "_insert", after=True),
    "after the history is written": lambda: die_at(deposit, "write_history", after=True),
    "after the manifest is written": lambda: die_at(loading, "keep", after=False),
    "after the quarantine is written": lambda: die_at(loading, "_settle", after=True),
    "just after the commit": lambda: die_at(loading, "_worth_telling", after=False),
    "never": lambda: None,
    "without room": lambda: connection.cursor().execute("PRAGMA max_page_count = 1"),  # what there is, no page more
    "impatient": lambda: connection.settings_dict["OPTIONS"].update(timeout=0.3),
}
MOMENTS[sys.argv[1]]()
report = loading.load([Path(sys.argv[2])])
staging = Path(os.environ["YIGONGTI_HOME"]) / "lake" / ".staging"
from yigongti.spine.record.models import Entry
print(json.dumps({
    "counts": [[f.loaded, f.replaced, f.unchanged, f.quarantined, f.error] for f in report.files],
    "lake": lake.row_counts().get("visit", 0), "entries": Entry.objects.count(),
    "history": len(lake.history("visit", ["V1"])), "staging": len(list(staging.glob("*"))),
}))
"""
BEFORE = ["while staging", "before the transaction", "after the parts are written", "after the history is written",
          "after the manifest is written", "after the quarantine is written"]  # fmt: skip


@pytest.fixture(scope="module")
def before(made_once: Callable[..., Path]) -> Path:
    """A data directory on SQLite with one institution and visits 1 to 199."""
    return made_once("before-killing", _make)


def _make(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], check=True, env=surroundings(folder))
    run("never", csv_file(folder / "institution.csv", [institution(1)]), home=folder)
    run("never", csv_file(folder / "visit.csv", [visit(i) for i in range(1, ROWS // 2)]), home=folder)


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a process whose data directory is folder/home."""
    here = {name: value for name, value in os.environ.items() if name != "YIGONGTI_DATABASE"}
    settings = {"DJANGO_SETTINGS_MODULE": "yigongti.site.settings", "PYTHONPATH": str(ROOT / "src")}
    return {**here, **settings, "YIGONGTI_HOME": str(folder / "home")}


def run(moment: str, path: Path, *, home: Path) -> tuple[int, dict[str, object]]:
    """Load the file in a process of its own that kills itself at the moment; its exit code and what it printed."""
    command = [sys.executable, "-c", CHILD, moment, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=surroundings(home))
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, json.loads(done.stdout or "{}")


def later_file(folder: Path) -> Path:
    """Replaces visits 1–199, brings 200–400, and one row that is refused."""
    rows = [visit(i, department="内科") for i in range(1, ROWS + 1)] + [visit(999, day="?")]
    return csv_file(folder / "visit.csv", rows)


@pytest.mark.parametrize("moment", [*BEFORE, "just after the commit"])
def test_a_killed_load_may_simply_be_repeated(before: Path, tmp_path: Path, moment: str) -> None:
    home = Path(shutil.copytree(before, tmp_path / "county"))
    path = later_file(home)
    code, _ = run(moment, path, home=home)
    assert code == -signal.SIGKILL
    code, told = run("never", path, home=home)
    already = moment not in BEFORE
    assert told["counts"] == [[0, 0, ROWS, 1, {}] if already else [ROWS - 199, 199, 0, 1, {}]]
    assert (told["lake"], told["entries"], told["history"], told["staging"]) == (ROWS, ROWS, 2, 0)
    assert orphans(home) == []


def test_a_locked_database_refuses_the_file_and_the_file_loads_afterwards(before: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(before, tmp_path / "county"))
    path = later_file(home)
    with closing(sqlite3.connect(home / "home" / "record.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _, told = run("impatient", path, home=home)
    ((*numbers, error),) = told["counts"]
    assert (numbers, error["what"], told["lake"]) == ([0, 0, 0, 0], "数据库正被另一个程序占用", 199)
    assert "结束后重试" in error["remedy"]
    _, told = run("never", path, home=home)
    assert told["counts"] == [[ROWS - 199, 199, 0, 1, {}]]


def test_a_database_that_cannot_grow_refuses_the_file_and_the_file_loads_afterwards(
    before: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(before, tmp_path / "county"))
    path = later_file(home)
    _, told = run("without room", path, home=home)
    ((*numbers, error),) = told["counts"]
    assert (numbers, error["what"], told["lake"], told["entries"]) == ([0, 0, 0, 0], "磁盘已满", 199, 199)
    assert orphans(home) == []
    _, told = run("never", path, home=home)
    assert told["counts"] == [[ROWS - 199, 199, 0, 1, {}]]


def orphans(home: Path) -> list[str]:
    """Parquet files under the lake that no manifest row names."""
    lake = home / "home" / "lake"
    with sqlite3.connect(home / "home" / "record.sqlite3") as store:
        named = {path for (path,) in store.execute("SELECT path FROM lake_part")}
    return [str(path) for path in lake.rglob("*.parquet") if os.path.relpath(path, lake) not in named]
