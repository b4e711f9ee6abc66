"""A bar for people at a terminal, silence for programs; work ahead that leaves nothing behind."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.files.offices import csv_file, visit

from yigongti.analytics.lake.ahead import ahead
from yigongti.exchange.files.loading import load
from yigongti.exchange.files.progress import Bar, Silent, progress_for


def test_no_bar_where_nobody_watches_or_json_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with progress_for() as shown:
        assert isinstance(shown, Silent)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress_for(quiet="json") as shown:
        assert isinstance(shown, Silent)
    with progress_for() as shown:
        assert isinstance(shown, Bar)


@pytest.mark.django_db
def test_the_bar_counts_rows_and_says_how_many_a_second(county: Path) -> None:
    with Bar() as bar:
        load([csv_file(county / "visit.csv", [visit(i) for i in range(1, 301)])], progress=bar)
        task = bar._bars.tasks[0]
    assert task.fields["rows"] == 300
    assert task.fields["pace"] > 0
    assert (task.description, task.finished) == ("写入", True)


def test_working_ahead_keeps_the_order_and_passes_errors_on() -> None:
    def items() -> Iterator[int]:
        yield from range(100)
        raise ValueError("the source broke")

    taken = ahead(items())
    assert [next(taken) for _ in range(100)] == list(range(100))
    with pytest.raises(ValueError, match="the source broke"):
        next(taken)


def test_a_caller_that_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    for item in ahead(iter(range(10**9))):
        if item == 3:
            break
    assert threading.active_count() == before
