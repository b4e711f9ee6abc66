"""Who makes the rounds of a village: the kind of institution that gave most of its circuit visits."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import ibis

from yigongti.analytics.engines import DuckDBEngine, unbound
from yigongti.analytics.lake.manifest import paths
from yigongti.kernel.facts import COUNTY

NEEDED = ("visit", "resident", "institution")
NEIGHBOURS = ("village_room", "community_station", "clinic")


def rounds(start: date, end: date) -> Mapping[str, str]:
    """Village → kind of the institution that gave most of the circuit visits there between the two days.

    Worked out from the facts at hand, and kept until these change.
    """
    parts = tuple((name, tuple(paths(name))) for name in NEEDED)
    return _worked_out(start, end, parts)


@lru_cache(maxsize=2)
def _worked_out(start: date, end: date, parts: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    tables = [COUNTY[name] for name in NEEDED]
    visit, resident, institution = (unbound(tables)[name] for name in NEEDED)
    made = visit.filter(visit.kind == "circuit", visit.day.between(start, end))
    made = made.select("resident_id", "institution_id")
    lives = resident.select("place_id", lives="resident_id")
    by = institution.select("kind", by="institution_id")
    joined = made.inner_join(lives, made.resident_id == lives.lives).inner_join(by, made.institution_id == by.by)
    counted = joined.group_by(["place_id", "kind"]).aggregate(visits=ibis._.count()).order_by("visits")
    with DuckDBEngine() as engine:
        engine.attach(tables, sources={name: list(files) for name, files in parts})
        rows = engine.collect(counted).to_pylist()
    return {row["place_id"]: row["kind"] for row in rows if row["place_id"]}
