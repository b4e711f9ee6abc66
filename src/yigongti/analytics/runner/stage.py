"""The stage on which scans run: an engine, its fact tables, and the tables described from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from yigongti.analytics.engines import Engine, Source, unbound
from yigongti.analytics.runner.plan import fuse
from yigongti.kernel.facts import COUNTY, FactTable
from yigongti.kernel.indicators import HOME, Indicator
from yigongti.kernel.indicators.places import DESCRIPTIONS, HOME_OF_RESIDENT

MASTERS = (COUNTY["institution"], COUNTY["place"], COUNTY["resident"])
"""The fact tables by which rows are grouped by place."""


@dataclass(frozen=True)
class Stage:
    """engine: with every table of `tables` in it; descriptions: how the described ones came about."""

    engine: Engine
    tables: Mapping[str, ir.Table]
    descriptions: Mapping[str, ir.Table]


def staged(
    indicators: Sequence[Indicator], *, sources: Mapping[str, Source], by: tuple[str, ...], engine: Engine
) -> Stage:
    """Give an engine the fact tables, and have it describe institutions, places and, where needed, homes."""
    facts = _facts(indicators)
    engine.attach(facts, sources=sources)
    tables, descriptions = unbound(facts), {}
    for name, describe in DESCRIPTIONS.items():
        if name == HOME_OF_RESIDENT and not any(scan.seat == HOME for scan in fuse(indicators, by=by)):
            continue
        descriptions[name] = describe(tables)
        engine.define(name, descriptions[name])
        tables[name] = ibis.table(descriptions[name].schema(), name=name)
    return Stage(engine, tables, descriptions)


def _facts(indicators: Iterable[Indicator]) -> list[FactTable]:
    relations = [tally.rows.relation for indicator in indicators for tally in indicator.tallies]
    tables = [table for relation in relations for table in (*relation.needs, *relation.reads)]
    return list({table.name: table for table in (*tables, *MASTERS)}.values())
