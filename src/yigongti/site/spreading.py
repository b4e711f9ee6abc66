"""Connections spread evenly over the server's processes.

A browser keeps its connection, and with it the process that took it; which one that is, is chance: six of eight may
wait for one another in one process while the next one idles.  So each process tells the others how many requests it
lately had under way at once.  One that had two more than another hangs up with its next answer, as HTTP lets it, and
the browser's next connection may fall to the other.
"""

import fcntl
import mmap
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any

PROCESSES, THREADS = 2, 5
"""Of a server; with so many threads a process has as many requests under way as connections ask."""
WINDOW = 0.25
"""Seconds that are looked at together: at most one connection is given up in them."""
FORGOTTEN = 4 * WINDOW
"""Seconds after which a process that has said nothing is idle."""
UNEVEN = 2
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Board:
    """What each process of a server had under way, and when: two floats a process in a file that all of them see."""

    def __init__(self, path: Path, seats: int) -> None:
        self._file = path.open(
            "a+b"
        )  # stays open: a seat is held by a lock on its byte, and free when its process ends
        self._file.truncate(16 * seats)
        self._told = memoryview(mmap.mmap(self._file.fileno(), 16 * seats)).cast("d")
        self._seats = range(seats)
        self._own = next((seat for seat in self._seats if self._taken(seat)), None)

    def _taken(self, seat: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, seat)
        except OSError:  # another process has it
            return False
        return True

    def tell(self, number: int, *, now: float) -> None:
        """What the others see of this process; nothing where every seat is taken."""
        if self._own is not None:
            self._told[2 * self._own], self._told[2 * self._own + 1] = now, number

    def least(self, *, now: float) -> float | None:
        """The lowest number of the others; None without others, or where this process has no seat."""
        if self._own is None:
            return None
        return min((self._of(seat, now) for seat in self._seats if seat != self._own), default=None)

    def _of(self, seat: int, now: float) -> float:
        when, number = self._told[2 * seat : 2 * seat + 2]
        return number if now - when < FORGOTTEN else 0.0


class Spread:
    """A WSGI application that gives up a connection where its process has more to do than another."""

    def __init__(self, application: Application, board: Board, *, now: Callable[[], float] = time.monotonic) -> None:
        self._application, self._board, self._now = application, board, now
        self._lock = Lock()
        self._under_way = self._most = 0
        self._until, self._uneven = 0.0, False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        gives_up = self._began() and environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
        try:
            return self._application(environ, _hanging_up(start_response) if gives_up else start_response)
        finally:
            with self._lock:
                self._under_way -= 1

    def _began(self) -> bool:
        """Count one more; whether its connection is to be given up."""
        with self._lock:
            if (now := self._now()) >= self._until:
                self._next_window(now)
            self._under_way += 1
            self._most = max(self._most, self._under_way)
            gives_up, self._uneven = self._uneven, False
            return gives_up

    def _next_window(self, now: float) -> None:
        self._board.tell(self._most, now=now)
        least = self._board.least(now=now)
        self._uneven = least is not None and self._most >= least + UNEVEN
        self._most, self._until = self._under_way, now + WINDOW


def _hanging_up(start_response: Callable[..., Any]) -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, ("Connection", "close")], *more)

    return start
