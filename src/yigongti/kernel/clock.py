"""The one clock. Everything that needs "now" or "today" asks here, so that a test or a replay can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")

_pinned: ContextVar[datetime | None] = ContextVar("pinned_instant", default=None)


def now() -> datetime:
    """The present instant, aware, in the county's time zone."""
    return (_pinned.get() or datetime.now(UTC)).astimezone(COUNTY_TIME)


def today() -> date:
    """The present day in the county."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The day in the county on which an aware instant falls."""
    return instant.astimezone(COUNTY_TIME).date()


def minute_of(instant: datetime) -> str:
    """An aware instant as people in the county read it, to the minute: 2025-03-01 14:05."""
    return f"{instant.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}"


@contextmanager
def at(instant: datetime | date) -> Iterator[None]:
    """Pin the clock inside a `with` block; a date means noon of that day in the county."""
    if not isinstance(instant, datetime):
        instant = datetime(instant.year, instant.month, instant.day, 12, tzinfo=COUNTY_TIME)
    if instant.tzinfo is None:
        raise ValueError("the clock takes aware instants only; add a time zone")
    token = _pinned.set(instant)
    try:
        yield
    finally:
        _pinned.reset(token)
