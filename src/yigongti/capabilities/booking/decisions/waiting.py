"""Who on a waiting list comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.kernel.rules import RuleVersion


@dataclass(frozen=True)
class Waiting:
    """Somebody on the list: since when, through whom."""

    entry_id: str
    source: Source
    asked_at: datetime


def in_order(waiting: Iterable[Waiting], *, priority: RuleVersion) -> list[Waiting]:
    """The list in the order in which a free seat is offered: by the rule's priority (booking.waiting_priority, the
    higher first), among equals who asked first."""

    def place(entry: Waiting) -> tuple[float, datetime, str]:
        return -float(priority.table[entry.source.value]), entry.asked_at, entry.entry_id

    return sorted(waiting, key=place)
