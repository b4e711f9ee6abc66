"""Statements that many requests ask alike, written once: to write one takes Django longer than the database to answer.

statement = kept(("to_do", "H1"), lambda: Case.objects.filter(due_at__lt=MOMENT).values_list("pk"))
statement.rows({MOMENT: clock.now()})           # what `values_list` yields
kept("case", lambda: Case.objects.filter(pk=TEXT)).objects({TEXT: case_id})       # what the queryset yields
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from yigongti.spine.keeping import Kept

MOMENT = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands in a kept statement for the instant at which it is asked."""
TEXT = "(text)"
"""Stands in a kept statement for a key that is text, such as a case's or a resident's."""
NUMBER = -(2**31)
"""Stands in a kept statement for a key that is a number, such as an account's."""

Row = Sequence[Any]


@dataclass(frozen=True)
class Statement:
    """A query as the database takes it, and what its rows stand for; "" yields nothing.

    read: place and column of the values that Django reads otherwise than the database has them; made: row → an object
    of the queryset's model, None for a query of plain values.
    """

    sql: str = ""
    values: tuple[Any, ...] = ()
    read: tuple[tuple[int, Any], ...] = ()
    made: Callable[[Row], Any] | None = None

    def rows(self, asked: Mapping[Hashable, Any]) -> Sequence[Row]:
        """The rows that it yields; asked: what stands for something → what it is now."""
        if not self.sql:
            return []
        known = {_adapted(stand): _adapted(value) for stand, value in asked.items()}
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [known.get(value, value) for value in self.values])
            found: Sequence[Row] = cursor.fetchall()
        return self._read(found)

    def objects(self, asked: Mapping[Hashable, Any]) -> list[Any]:
        """The objects that it yields.  Raises TypeError where its queryset yields plain values."""
        if self.made is None and self.sql:
            raise TypeError("a statement of plain values yields no objects")
        return [self.made(row) for row in self.rows(asked)] if self.made else []

    def _read(self, found: Sequence[Row]) -> Sequence[Row]:
        """The database's values as Django's fields have them."""
        if not self.read:
            return found
        rows = [list(row) for row in found]
        for place, column in self.read:
            for converter in _converters(column):
                for row in rows:
                    row[place] = converter(row[place], column, connection)
        return rows


_statements = Kept[Statement](most=4000)


def kept(key: Hashable, query: Callable[[], QuerySet]) -> Statement:
    """The statement of a query; key: everything that the query depends on, but for what stands for something."""
    return _statements.get(key) or _statements.keep(key, _written(query()))


def _written(query: QuerySet) -> Statement:
    compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:  # Django sees from the conditions that nothing meets them
        return Statement()
    columns = enumerate(column for column, _sql, _name in compiler.select[: compiler.col_count])
    read = tuple((place, column) for place, column in columns if _converters(column))
    plain = query._fields is not None  # `values_list`
    return Statement(sql, tuple(values), read, None if plain else _maker(compiler))


def _converters(column: Any) -> list[Callable[..., Any]]:
    """How Django reads a value of this column; asked each time, for they are the present connection's."""
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]


def _maker(compiler: Any) -> Callable[[Row], Any]:
    """How Django's own querysets make an object of a row, with those that were selected with it."""
    about = compiler.klass_info
    first, last = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [column.target.attname for column, _sql, _name in compiler.select[first:last]]
    others = get_related_populators(about, compiler.select, DEFAULT_DB_ALIAS)

    def made(row: Row) -> Any:
        found = about["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for other in others:
            other.populate(row, found)
        return found

    return made


def _adapted(value: Any) -> Any:
    """An instant as the database takes it; SQLite has none of its own."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
