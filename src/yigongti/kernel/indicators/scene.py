"""The scene in which relations are drawn: fact tables, period, grouping and the rules in force.

Facts that happen have a day (`during`); facts that last have a beginning and perhaps an end (`standing`): they count
where they are in force on the last day of the period or, by month, on the last day of each month of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import ibis
import ibis.expr.types as ir

from yigongti.kernel.indicators.groups import MONTH
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

AS_OF = "as_of"
"""The column of the day for which a lasting fact is looked at."""
SPAN = "span_days"
"""The column of the days from the beginning of the month or period to `as_of`, both included."""


@dataclass(frozen=True)
class Scene:
    """tables: fact table name → Ibis table with the dictionary's columns; by: groups asked for;
    rules: rule id → the one version in force throughout the period."""

    tables: Mapping[str, ir.Table]
    period: Period
    by: tuple[str, ...] = ()
    rules: Mapping[str, RuleVersion] = field(default_factory=dict)

    def __getitem__(self, table: str) -> ir.Table:
        return self.tables[table]

    def rule(self, rule_id: str) -> RuleVersion:
        """The version in force.  Raises KeyError for a rule that the relation or condition does not declare."""
        return self.rules[rule_id]

    @cached_property
    def spans(self) -> tuple[Period, ...]:
        """The stretches of time looked at one by one: the months of the period, or the whole of it."""
        return tuple(self.period.months()) if MONTH in self.by else (self.period,)

    def during(self, table: str, day: str) -> ir.Table:
        """Rows whose day (or instant, or month) lies in the period; the column `on_day` is that day in the county."""
        return self.in_period(self[table], day)

    def in_period(self, rows: ir.Table, day: str) -> ir.Table:
        """As `during`, for rows already drawn from somewhere."""
        rows = rows.mutate(on_day=as_day(rows[day]))
        rows = rows.filter(rows.on_day.between(self.period.start, self.period.end))
        return rows.mutate(month=rows.on_day.truncate("M")) if MONTH in self.by else rows

    def standing(self, rows: ir.Table, start: str, end: str) -> ir.Table:
        """Rows in force (first and last day included; an open end lasts) on the last day of each span."""
        rows = self.each_span(rows)
        begun = rows[start].isnull() | (rows[start] <= rows[AS_OF])
        return rows.filter(begun, rows[end].isnull() | (rows[end] >= rows[AS_OF]))

    def each_span(self, rows: ir.Table) -> ir.Table:
        """Every row once for each span, with its last day (`as_of`) and length (`span_days`)."""
        if MONTH not in self.by:
            return rows.mutate(**{AS_OF: ibis.literal(self.period.end), SPAN: ibis.literal(self.period.days)})
        ends = ibis.array([ibis.literal(span.end) for span in self.spans]).unnest().name(AS_OF).as_table()
        rows = rows.cross_join(ends)
        first = ibis.greatest(rows[AS_OF].truncate("M"), ibis.literal(self.period.start))
        return rows.mutate(month=rows[AS_OF].truncate("M"), **{SPAN: days_between(first, rows[AS_OF]) + 1})


def as_day(column: ir.Column) -> ir.Column:
    """The day in the county of a day, an instant or a month written “2025-07”."""
    if column.type().is_string():
        return (column + "-01").cast("date")
    return column.cast("date") if column.type().is_timestamp() else column


def days_between(earlier: ir.Column, later: ir.Column) -> ir.Column:
    """Days from one day to another; 0 when they are the same."""
    return later.delta(earlier, unit="day")
