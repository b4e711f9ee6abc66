"""The slots of a day: the weekly template, or the day's exception in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yigongti.kernel.clock import COUNTY_TIME


@dataclass(frozen=True)
class Session:
    """From when to when, in slots of how many minutes, each of how many seats."""

    begins: time
    ends: time
    minutes: int
    seats: int


@dataclass(frozen=True)
class Weekly:
    """A session that repeats on a weekday (1 Monday … 7 Sunday) from a day until another (None: for good)."""

    weekday: int
    session: Session
    from_on: date
    until_on: date | None = None

    def falls_on(self, day: date) -> bool:
        return day.isoweekday() == self.weekday and self.from_on <= day and (not self.until_on or day <= self.until_on)


@dataclass(frozen=True)
class Exceptional:
    """What holds on one day instead of the template: another session, or none."""

    day: date
    session: Session | None


@dataclass(frozen=True)
class PlannedSlot:
    """begins and ends: aware instants in the county's time."""

    begins: datetime
    ends: datetime
    seats: int


def sessions_on(day: date, *, weekly: Sequence[Weekly], exceptions: Sequence[Exceptional]) -> list[Session]:
    """The sessions of a day in the order of time; an exception replaces the whole day."""
    instead = [exception.session for exception in exceptions if exception.day == day]
    if instead:
        return [session for session in instead if session is not None]
    return sorted((each.session for each in weekly if each.falls_on(day)), key=lambda session: session.begins)


def slots_of(day: date, sessions: Sequence[Session]) -> list[PlannedSlot]:
    """The slots of a day's sessions; a rest too short for a whole slot is left out, and so is what overlaps the
    session before."""
    found: list[PlannedSlot] = []
    for session in sessions:
        found += [slot for slot in _cut(day, session) if not found or slot.begins >= found[-1].ends]
    return found


def _cut(day: date, session: Session) -> Iterator[PlannedSlot]:
    moment, length = datetime.combine(day, session.begins, COUNTY_TIME), timedelta(minutes=session.minutes)
    end = datetime.combine(day, session.ends, COUNTY_TIME)
    while moment + length <= end:
        yield PlannedSlot(moment, moment + length, session.seats)
        moment += length
