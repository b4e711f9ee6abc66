"""The months that the demo county covers, as whole days since 1970-01-01 for arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import Period

EPOCH = date(1970, 1, 1)
NEVER = np.iinfo(np.int32).max
"""The day of what has not happened: later than every day, written as null."""
DAY_SECONDS = 86_400
COUNTY_OFFSET = 8 * 3_600
"""Seconds by which county time is ahead of UTC (China keeps one offset all year)."""


def number(day: date) -> int:
    """A day as the number of days since 1970-01-01."""
    return (day - EPOCH).days


def as_date(day: int) -> date:
    """A day number as a date."""
    return EPOCH + timedelta(days=int(day))


@dataclass(frozen=True)
class Calendar:
    """Whole months, first to last; `starts` and `ends` are day numbers, `labels` like "2025-07"."""

    period: Period
    starts: np.ndarray
    ends: np.ndarray
    labels: Sequence[str]

    @property
    def first(self) -> int:
        """The first day."""
        return int(self.starts[0])

    @property
    def last(self) -> int:
        """The last day."""
        return int(self.ends[-1])

    @property
    def count(self) -> int:
        """How many months."""
        return len(self.starts)

    @property
    def years(self) -> list[int]:
        """The calendar years touched."""
        return list(range(self.period.start.year, self.period.end.year + 1))

    @property
    def end_instant(self) -> int:
        """The first second after the period, since 1970 UTC."""
        return (self.last + 1) * DAY_SECONDS - COUNTY_OFFSET

    def month_of(self, days: np.ndarray) -> np.ndarray:
        """The index of each day's month; −1 before the first."""
        return np.searchsorted(self.starts, days, side="right") - 1

    def stamp(self, month: int) -> int:
        """Year and month as four digits (2507), which ids made in that month begin with."""
        return int(self.labels[month][2:4] + self.labels[month][5:])

    def years_elapsed(self, month: int) -> float:
        """Years from the beginning to a month (by index)."""
        return month / 12


def whole_months(count: int, *, until: date) -> Calendar:
    """The last `count` complete months before `until`.  Raises Refusal when there is none to make."""
    if count < 1:
        raise Refusal(f"演示数据的月数应至少为 1,给出的是 {count}", remedy="请用 --months 指定 1 个月以上")
    end = until.replace(day=1) - timedelta(days=1)
    index = end.year * 12 + end.month - count
    period = Period(date(index // 12, index % 12 + 1, 1), end)
    months = period.months()
    return Calendar(
        period,
        np.array([number(month.start) for month in months], dtype=np.int32),
        np.array([number(month.end) for month in months], dtype=np.int32),
        [month.start.strftime("%Y-%m") for month in months],
    )


def completed_years(birth: np.ndarray, day: np.ndarray | int) -> np.ndarray:
    """Age in completed years on a day (day numbers in, whole numbers out; not below 0)."""
    born, then = _parts(birth), _parts(np.asarray(day, dtype=np.int64))
    years = then[0] - born[0] - ((then[1] * 32 + then[2]) < (born[1] * 32 + born[2]))
    return np.maximum(years, 0).astype(np.int32)


def _parts(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stamps = days.astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    index = months.astype(np.int64)
    return index // 12, index % 12, (stamps - months).astype(np.int64)


def weekday(days: np.ndarray) -> np.ndarray:
    """0 = Monday … 6 = Sunday."""
    return (days + 3) % 7


def instant(days: np.ndarray, second_of_day: np.ndarray) -> np.ndarray:
    """County time of day to seconds since 1970-01-01 UTC."""
    return days.astype(np.int64) * DAY_SECONDS + second_of_day - COUNTY_OFFSET
