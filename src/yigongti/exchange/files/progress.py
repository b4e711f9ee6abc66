"""How far a load is: a bar with rows per second on a terminal, nothing elsewhere."""

import sys
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol


class Progress(Protocol):
    """Told what happens; a load never waits for it."""

    def reading(self, file: str, size: int) -> None: ...
    def read(self, *, size: int, rows: int) -> None: ...
    def storing(self, rows: int) -> None: ...
    def stored(self, rows: int) -> None: ...


class Silent:
    """Says nothing."""

    def reading(self, file: str, size: int) -> None:
        pass

    def read(self, *, size: int, rows: int) -> None:
        pass

    def storing(self, rows: int) -> None:
        pass

    def stored(self, rows: int) -> None:
        pass


class Bar(AbstractContextManager["Bar"]):
    """A bar on the terminal's error stream: one line while a file is read and checked, then while it is stored."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[rows]:,} 行"), TextColumn("{task.fields[pace]:,.0f} 行/秒"), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bars.add_task("装载", total=None, rows=0, pace=0.0)

    def __enter__(self) -> "Bar":
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def reading(self, file: str, size: int) -> None:
        self._restart(f"读取校验 {file}", size)

    def read(self, *, size: int, rows: int) -> None:
        self._advance(size, rows)

    def storing(self, rows: int) -> None:
        self._restart("写入", rows)

    def stored(self, rows: int) -> None:
        self._advance(rows, rows)

    def _restart(self, text: str, total: int) -> None:
        self._bars.reset(self._task, description=text, total=total or None, rows=0, pace=0.0)

    def _advance(self, step: int, rows: int) -> None:
        task = self._bars.tasks[0]
        done = task.fields["rows"] + rows
        pace = done / task.elapsed if task.elapsed else 0.0
        self._bars.update(self._task, advance=step, rows=done, pace=pace)


def progress_for(*, quiet: str = "") -> "AbstractContextManager[Progress]":
    """A bar where people watch a terminal; silence otherwise, or where `quiet` gives a reason (such as "json")."""
    from contextlib import nullcontext

    return nullcontext(Silent()) if quiet or not sys.stderr.isatty() else Bar()
