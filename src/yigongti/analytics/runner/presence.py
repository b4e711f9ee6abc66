"""Whether the facts that an indicator needs are there at all, and up to which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yigongti.kernel.facts import FactTable, Kind
from yigongti.kernel.indicators import MONTH, Era, Scene

Need = tuple[str, Era]


@dataclass(frozen=True)
class Presence:
    """months: (fact table, era) → the months with rows (None in it: rows, whatever the month);
    last: (fact table, era) → the last day of its rows, for tables with days."""

    months: Mapping[Need, frozenset[date | None]] = field(default_factory=dict)
    last: Mapping[Need, date] = field(default_factory=dict)

    def has(self, need: Need, month: date | None) -> bool:
        """Whether a fact table has any row, in a month of the period where one is given."""
        months = self.months.get(need, frozenset())
        return month in months or None in months if month else bool(months)

    def as_of(self, tables: Iterable[str]) -> date | None:
        """The last day up to which all of the dated tables have facts; None when none of them is dated."""
        days = [self.last[(table, "now")] for table in tables if (table, "now") in self.last]
        return min(days, default=None)


def dated_by(table: FactTable) -> str:
    """The column by which rows of a table happen on a day; "" for tables of things that last."""
    if table.month:
        return table.month
    return next((each.name for each in table.columns if each.kind is Kind.MONTH or each.name == "day"), "")


def census(needs: Iterable[tuple[FactTable, Era]], *, scenes: Mapping[Era, Scene]) -> ir.Table:
    """One query for all tables: fact_table, era, on_month, found_rows, last_day."""
    return reduce(ibis.union, [_counted(table, era, scenes[era]) for table, era in needs])


def presence(counted: pa.Table) -> Presence:
    """What the census found."""
    months: dict[Need, set[date | None]] = {}
    last: dict[Need, date] = {}
    for row in counted.to_pylist():
        need: Need = (row["fact_table"], row["era"])
        if row["found_rows"]:
            months.setdefault(need, set()).add(_moved(row["on_month"], row["era"]))
        if row["last_day"]:
            last[need] = max(last.get(need, row["last_day"]), row["last_day"])
    return Presence({need: frozenset(found) for need, found in months.items()}, last)


def _counted(table: FactTable, era: Era, scene: Scene) -> ir.Table:
    dated = dated_by(table)
    rows = scene.during(table.name, dated) if dated else scene[table.name]
    last = rows.on_day.max() if dated else ibis.null("date")
    if dated and MONTH in scene.by:
        counted = rows.group_by("month").aggregate(found_rows=rows.count(), last_day=last).rename(on_month="month")
    else:
        counted = rows.aggregate(found_rows=rows.count(), last_day=last).mutate(on_month=ibis.null("date"))
    return counted.select(
        "found_rows", "last_day", "on_month", fact_table=ibis.literal(table.name), era=ibis.literal(era)
    )


def _moved(month: date | None, era: Era) -> date | None:
    return month.replace(year=month.year + 1) if month and era == "a_year_before" else month
