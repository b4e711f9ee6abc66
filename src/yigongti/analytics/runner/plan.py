"""From indicators to scans: every tally over the same rows, at the same seat and time, goes into one query."""

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from yigongti.analytics.engines import Aggregate
from yigongti.kernel.indicators import SEATS, Era, Indicator, Relation, Scene, Tally, drawn


@dataclass(frozen=True)
class Scan:
    """One query: the rows of a relation, grouped once, and all tallies over them."""

    relation: Relation
    seat: str
    era: Era
    tallies: tuple[Tally, ...]


def fuse(indicators: Iterable[Indicator], *, by: tuple[str, ...]) -> list[Scan]:
    """The fewest scans that hold every tally of the indicators.

    Where nothing is grouped by place, rows at different seats are the same rows and share one scan.
    """
    scans: dict[tuple[str, str, Era], dict[Tally, None]] = {}
    for tally in dict.fromkeys(tally for indicator in indicators for tally in indicator.tallies):
        relation = tally.rows.relation
        seat = (tally.rows.seat or relation.seat) if set(by) & set(SEATS) else ""
        scans.setdefault((relation.name, seat, tally.era), {})[tally] = None
    return [Scan(next(iter(found)).rows.relation, seat, era, tuple(found)) for (_, seat, era), found in scans.items()]


def expression(scan: Scan, *, scene: Scene) -> ir.Table:
    """The query of a scan: the columns of `scene.by`, then t0, t1, … in the order of its tallies."""
    table = drawn(scan.relation, seat=scan.seat, scene=scene)
    measures = {f"t{index}": measure(tally, table, scene) for index, tally in enumerate(scan.tallies)}
    return table.group_by(*scene.by).aggregate(**measures) if scene.by else table.aggregate(**measures)


def rows_and_aggregates(scan: Scan, *, scene: Scene) -> tuple[ir.Table, list[Aggregate]]:
    """The rows of a scan with their groups and what its tallies look at, and how t0, t1, … come from them."""
    table = drawn(scan.relation, seat=scan.seat, scene=scene)
    columns = {group: table[group] for group in scene.by if group in table.columns}
    aggregates = []
    for index, tally in enumerate(scan.tallies):
        passing = tally.rows.passing(table, scene)
        if passing is not None:
            columns[f"c{index}"] = passing
        if tally.of:
            columns[f"v{index}"] = table[tally.of]
        where, of = "" if passing is None else f"c{index}", f"v{index}" if tally.of else ""
        aggregates.append(Aggregate(f"t{index}", tally.how, of, where))
    return table.select(**columns or {"row": ibis.literal(1)}), aggregates


def measure(tally: Tally, table: ir.Table, scene: Scene) -> ir.Scalar:
    """One tally over drawn rows, as an aggregate with its condition."""
    passing = tally.rows.passing(table, scene)
    if tally.how == "count":
        return table.count(where=passing)
    column = table[tally.of]
    return column.sum(where=passing) if tally.how == "sum" else column.nunique(where=passing)


def both_eras(scene: Scene) -> dict[Era, Scene]:
    """The scene of the period, and that of the same days a year before, by the rules of the period."""
    earlier = Scene(scene.tables, scene.period.a_year_before(), scene.by, scene.rules)
    return {"now": scene, "a_year_before": earlier}
