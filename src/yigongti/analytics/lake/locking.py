"""One writer of the lake at a time, across processes; a writer that dies lets go of the lock by itself."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home

_held = local()


@contextmanager
def writing() -> Iterator[None]:
    """Hold the lake for writing; may be entered again by whoever holds it.  Raises Refusal where another process
    is writing (readers are never held up)."""
    if getattr(_held, "depth", 0):
        yield
        return
    folder = home().lake
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle)
        _held.depth = 1
        yield
    finally:
        _held.depth = 0
        os.close(handle)


def _take(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refusal(
            "另一个装载或整理正在写数据湖",
            where=str(home().lake / ".lock"),
            why="同一时刻只能有一个写入者,以免相互覆盖",
            remedy="请等它结束后重试;已有数据未受影响",
        ) from error
