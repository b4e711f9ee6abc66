"""Work ahead: a thread makes the next items while the caller uses the one it has."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
END = object()


@dataclass(frozen=True)
class _Failed:
    error: BaseException


def ahead(items: Iterable[T], *, depth: int = 2) -> Iterator[T]:
    """The items in order, at most `depth` of them made before they are asked for, in a thread of their own.

    What making them raises is raised here.  A caller that stops early leaves no thread behind.
    """
    queue: Queue[object] = Queue(depth)
    stop = Event()
    maker = Thread(target=copy_context().run, args=(_make, items, queue, stop), daemon=True)
    maker.start()
    try:
        while (item := queue.get()) is not END:
            if isinstance(item, _Failed):
                raise item.error
            yield item  # type: ignore[misc]  # what _make puts in is T, END or _Failed
    finally:
        stop.set()
        maker.join()


def mapped(function: Callable[[T], R], items: Iterable[T], *, workers: int = 2, depth: int = 4) -> Iterator[R]:
    """function of each item, in order, by threads; at most `depth` of them made before they are asked for."""
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            waiting.append(pool.submit(copy_context().run, function, item))
            if len(waiting) >= depth:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _make(items: Iterable[object], queue: "Queue[object]", stop: Event) -> None:
    try:
        for item in items:
            if not _put(item, queue, stop):
                return
        _put(END, queue, stop)
    except BaseException as error:  # raised again in the caller's thread
        _put(_Failed(error), queue, stop)


def _put(item: object, queue: "Queue[object]", stop: Event) -> bool:
    """False where the caller has stopped in the meantime."""
    while not stop.is_set():
        try:
            queue.put(item, timeout=0.1)
        except Full:
            continue
        return True
    return False
