"""The one door of the ledger for other capabilities and the site: how the tasks stand that somebody may see.

summary(user).lights["red"]
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yigongti.capabilities.ledger.decisions.lights import Light
from yigongti.capabilities.ledger.selectors import tasks
from yigongti.kernel import clock

__all__ = ["Light", "Summary", "overdue_count", "summary"]


@dataclass(frozen=True)
class Summary:
    """open: tasks not ended; overdue: those whose day, or whose next step's day, has passed; lights: light → tasks."""

    open: int
    overdue: int
    lights: Mapping[str, int]


def summary(user: Any) -> Summary:
    """How the open tasks stand today that somebody may see; their lights are measured."""
    today = clock.today()
    found = tasks.rows(tasks.open_tasks(user), on=today)
    counts = Counter(row.light.value for row in found)
    late = sum(row.is_overdue or row.is_late for row in found)
    return Summary(len(found), late, {light.value: counts[light.value] for light in Light})


def overdue_count(user: Any) -> int:
    """How many open tasks are overdue; one query."""
    return int(tasks.overdue(user, on=clock.today()).count())
