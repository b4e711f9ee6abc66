"""Periods of reporting: days inclusive at both ends; months, quarters, half-years, years."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from yigongti.kernel.errors import Refusal

_FORMS = re.compile(r"^(\d{4})(?:-(\d{2})|[Hh]([12])|[Qq]([1-4]))?$")


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` to `end`, both included.  Raises Refusal when end is before start."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Refusal(f"期间终止日 {self.end} 早于起始日 {self.start}", remedy="请交换两个日期")

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """2025, 2025H1, 2025Q3, 2025-07 where it is exactly that; else both days."""
        for text in self._short_names():
            if parse(text) == self:
                return text
        return f"{self.start}—{self.end}"

    def _short_names(self) -> list[str]:
        year, month = self.start.year, self.start.month
        half, quarter = (month + 5) // 6, (month + 2) // 3
        return [f"{year}", f"{year}H{half}", f"{year}Q{quarter}", f"{year}-{month:02d}"]

    def months(self) -> list["Period"]:
        """The calendar months that the period touches, cut at its two ends."""
        found, first = [], self.start
        while first <= self.end:
            last = min(month_end(first), self.end)
            found.append(Period(first, last))
            first = last + timedelta(days=1)
        return found

    def a_year_before(self) -> "Period":
        """The same calendar days one year earlier (29 February becomes the 28th; month ends stay month ends)."""
        return Period(_shift_year(self.start, -1), _year_earlier_end(self.end))

    def preceding(self) -> "Period":
        """The period of equal length just before; whole months where this one is made of whole months."""
        end = self.start - timedelta(days=1)
        if self.start.day == 1 and self.end == month_end(self.end):
            count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            index = self.start.year * 12 + self.start.month - 1 - count
            return Period(date(index // 12, index % 12 + 1, 1), end)
        return Period(end - timedelta(days=self.days - 1), end)


def written_day(text: str) -> date | None:
    """The day that a text such as 2025-07-01 names; None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _shift_year(day: date, years: int) -> date:
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def _year_earlier_end(day: date) -> date:
    shifted = _shift_year(day, -1)
    return month_end(shifted) if day == month_end(day) else shifted


def parse(text: str) -> Period:
    """ "2025", "2025H1", "2025Q3", "2025-07" → Period.  Raises Refusal on anything else."""
    match = _FORMS.match(text)
    if not match:
        raise Refusal(f"无法识别的期间“{text}”", remedy="请写成 2025、2025H1、2025Q3 或 2025-07")
    year, month, half, quarter = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is not None and not 1 <= month <= 12:
        raise Refusal(f"无法识别的期间“{text}”:没有 {month} 月", remedy="月份应在 01 到 12 之间")
    first, count = (month, 1) if month else (half * 6 - 5, 6) if half else (quarter * 3 - 2, 3) if quarter else (1, 12)
    return Period(date(year, first, 1), month_end(date(year, first + count - 1, 1)))
