"""When the items of a contract fall due: each contract year is cut into as many windows as an item has times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yigongti.capabilities.contract.decisions.packages import Item

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """A stretch of days, both included, in which an item is to be done once."""

    opens_on: date
    due_on: date


@dataclass(frozen=True)
class Due:
    """An item that is to be done in a window."""

    item: Item
    window: Window


def windows(start: date, end: date, *, times: int) -> Iterator[Window]:
    """The windows of an item done so many times a year, from the first day of a contract to its last.

    They follow one another without gap or overlap and cover the contract; a last year that is cut short keeps the
    windows that begin in it.
    """
    for first, last in _years(start, end):
        days = (_anniversary(first) - first).days
        for index in range(times):
            opens, closes = first + DAY * (days * index // times), first + DAY * (days * (index + 1) // times) - DAY
            if opens <= last:
                yield Window(opens, min(closes, last))


def schedule(items: Iterable[Item], *, start: date, end: date) -> list[Due]:
    """Everything that falls due from one day to another, by the end of its window."""
    found = [Due(item, window) for item in items if item.is_done for window in windows(start, end, times=item.times)]
    return sorted(found, key=lambda due: (due.window.due_on, due.item.code))


def end_of(start: date, *, years: int) -> date:
    """The last day of a contract of so many years: the day before the anniversary."""
    day = start
    for _ in range(years):
        day = _anniversary(day)
    return day - DAY


def _years(start: date, end: date) -> Iterator[tuple[date, date]]:
    first = start
    while first <= end:
        after = _anniversary(first)
        yield first, min(after - DAY, end)
        first = after


def _anniversary(day: date) -> date:
    """A year later; 29 February becomes 1 March."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
