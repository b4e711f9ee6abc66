"""Deadlines as documents state them (2027, 2024-06-30) as days."""

import re
from datetime import date

from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import month_end

_FORM = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


def due_day(text: str | None) -> date | None:
    """The last day of a stated year, month or day; None where nothing is stated.  Raises Refusal on another form."""
    if not text:
        return None
    found = _FORM.match(text.strip())
    if not found:
        raise _unclear(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 12, 31)
        return month_end(date(year, month, 1)) if day is None else date(year, month, day)
    except ValueError as error:
        raise _unclear(text) from error


def earliest(days: list[date | None]) -> date | None:
    """The earliest of some days; None where none is given."""
    return min((day for day in days if day is not None), default=None)


def _unclear(text: str) -> Refusal:
    return Refusal(f"期限“{text}”不是年份或日期", remedy="请写成 2027、2027-06 或 2027-06-30")
