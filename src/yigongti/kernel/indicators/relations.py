"""Relations: the kinds of rows that are counted — one row a visit, a stay, a person enrolled, a village.

A relation says once how its rows come from the fact tables (an Ibis expression, nothing is computed here) and by
what they can be grouped.  Conditions are functions of a row: `lambda visit: visit.in_county`; where a condition
needs a rule, its id is named beside it and the version in force is handed in:

    STAYS.where(lambda stay, within: stay.days_since_discharge <= within.days, "measure.readmission_within")
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

import ibis.expr.types as ir

from yigongti.kernel.facts import FactTable
from yigongti.kernel.indicators import places
from yigongti.kernel.indicators.amounts import How, Tally
from yigongti.kernel.indicators.groups import AREAS, EVERY, MONTH, SEATS
from yigongti.kernel.indicators.scene import Scene

HOME = "resident_id"
"""The seat of rows that belong to where the resident lives, not to where the service was given."""


@dataclass(frozen=True)
class Condition:
    """A test of one row, and the ids of the rules whose versions it takes after the row."""

    test: Callable[..., Any]
    rules: tuple[str, ...] = ()

    def holds(self, row: Any, scene: Scene) -> Any:
        """The test on a row (an Ibis table: a column of answers; a plain row: one answer)."""
        return self.test(row, *(scene.rule(rule_id) for rule_id in self.rules))


@dataclass(frozen=True, eq=False)
class Relation:
    """One kind of rows.

    draw: scene → Ibis table; needs: the fact tables it is drawn from, without which there is no number; groups: what
    its rows can be grouped by (columns of these names); seat: the column of the institution, or HOME, that the rows
    belong to — "" where the drawing gives the group columns itself; rules: ids of the rules that its drawing uses;
    reads: fact tables that it looks into besides, and that may be empty.
    """

    name: str
    label: str
    draw: Callable[[Scene], ir.Table]
    needs: tuple[FactTable, ...]
    groups: tuple[str, ...]
    seat: str = ""
    rules: tuple[str, ...] = ()
    reads: tuple[FactTable, ...] = ()

    def where(self, test: Callable[..., Any], *rules: str) -> "Rows":
        """Only the rows that pass the test."""
        return Rows(self).where(test, *rules)

    def at(self, seat: str) -> "Rows":
        """The same rows, belonging to another institution they name, or to the resident's home (HOME)."""
        return Rows(self, seat=seat)

    def count(self) -> Tally:
        """How many rows."""
        return Rows(self).count()

    def sum(self, column: str) -> Tally:
        """The sum of a column."""
        return Rows(self).sum(column)

    def distinct(self, column: str) -> Tally:
        """How many different values a column has."""
        return Rows(self).distinct(column)


@dataclass(frozen=True)
class Rows:
    """Rows of a relation that pass every condition, belonging to the relation's own institution or to `seat`."""

    relation: Relation
    conditions: tuple[Condition, ...] = ()
    seat: str = ""

    def where(self, test: Callable[..., Any], *rules: str) -> "Rows":
        """Only the rows that pass one more test."""
        return replace(self, conditions=(*self.conditions, Condition(test, rules)))

    def at(self, seat: str) -> "Rows":
        """The same rows, belonging to another institution they name, or to the resident's home (HOME)."""
        return replace(self, seat=seat)

    def count(self) -> Tally:
        """How many rows."""
        return Tally(self, "count")

    def sum(self, column: str) -> Tally:
        """The sum of a column."""
        return self._tally("sum", column)

    def distinct(self, column: str) -> Tally:
        """How many different values a column has."""
        return self._tally("distinct", column)

    def _tally(self, how: How, column: str) -> Tally:
        return Tally(self, how, column)

    @property
    def groups(self) -> tuple[str, ...]:
        """What these rows can be grouped by."""
        if not self.seat:
            return self.relation.groups
        seated = AREAS if self.seat == HOME else EVERY
        return tuple(group for group in seated if group != MONTH or MONTH in self.relation.groups)

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of every rule that these rows depend on."""
        own = (rule_id for condition in self.conditions for rule_id in condition.rules)
        return tuple(dict.fromkeys((*self.relation.rules, *own)))

    @property
    def needs(self) -> tuple[FactTable, ...]:
        """The fact tables that these rows are drawn from."""
        return self.relation.needs

    @property
    def reads(self) -> tuple[FactTable, ...]:
        """Fact tables that are looked into besides, and that may be empty."""
        return self.relation.reads

    def passing(self, table: Any, scene: Scene) -> Any:
        """All conditions on a drawn table (or row), joined by “and”; None where there is no condition."""
        answers = [condition.holds(table, scene) for condition in self.conditions]
        return reduce(and_, answers) if answers else None


def drawn(relation: Relation, *, seat: str, scene: Scene) -> ir.Table:
    """The rows of a relation as an Ibis table, with the group columns of the seat where the scene groups by place.

    seat: as in Rows; "" for the relation's own.
    """
    table, seat = relation.draw(scene), seat or relation.seat
    if not seat or not set(scene.by) & set(SEATS):
        return table
    bare = table.drop(*(group for group in SEATS if group in table.columns))
    return places.at_home(bare, scene) if seat == HOME else places.seated(bare, scene, column=seat)
