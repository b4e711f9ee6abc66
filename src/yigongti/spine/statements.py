"""Statements that many requests ask alike, written once: to write one takes Django longer than PostgreSQL to answer it.

statement = kept(("to_do", "H1"), lambda: Case.objects.filter(due_at__lt=MOMENT).values_list("pk"))
statement.rows({MOMENT: clock.now()})
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOMENT = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands in a kept statement for the instant at which it is asked."""
SOMEBODY = "(somebody)"
"""Stands in a kept statement for the id of the person of whom it is asked."""
_MOST = 4000
_kept: dict[Hashable, "Statement"] = {}


@dataclass(frozen=True)
class Statement:
    """A query as the database takes it; "" yields nothing."""

    sql: str
    values: tuple[Any, ...]

    def rows(self, asked: Mapping[Hashable, Any]) -> list[tuple[Any, ...]]:
        """What it yields, as the database's driver has it; asked: what stands for something → what it is now."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [asked.get(value, value) for value in self.values])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found


def can_keep() -> bool:
    """Whether what the driver yields is what Django would: SQLite has no instants of its own."""
    return bool(connection.vendor == "postgresql")


def kept(key: Hashable, query: Callable[[], QuerySet]) -> Statement:
    """The statement of a query; key: everything that the query depends on, but for what stands for something."""
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _MOST:
            _kept.clear()
        found = _kept[key] = _written(query())
    return found


def _written(query: QuerySet) -> Statement:
    try:
        return Statement(*query.query.sql_with_params())
    except EmptyResultSet:  # Django sees from the conditions that nothing meets them
        return Statement("", ())
