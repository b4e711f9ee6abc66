"""Every village as the indicator of blank spots sees it: one definition for the number, the map and the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from yigongti.analytics.runner import rows_behind
from yigongti.capabilities.measure.facts.institutions import VILLAGES
from yigongti.capabilities.measure.selectors.figures import latest_run
from yigongti.capabilities.measure.services import inputs
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.periods import Period
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.county_rules import county_rules

BLANK = "villages_without_service"
Parts = tuple[tuple[str, tuple[Path, ...]], ...]


@dataclass(frozen=True)
class Village:
    """has_institution: an open primary institution stands there; on_rounds: circuit visits reached its residents;
    is_blank: the indicator counts it."""

    place_id: str
    has_institution: bool
    on_rounds: bool
    is_blank: bool


@dataclass(frozen=True)
class Villages:
    """All villages over the period of the latest results, by place id."""

    period_start: date
    period_end: date
    by_place: Mapping[str, Village]


def villages() -> Villages | None:
    """The villages over the period of the latest results; None before the first.

    Worked out from the facts at hand, and kept until these or the results change.
    Raises Refusal where a rule that the indicator needs is missing.
    """
    run = latest_run()
    if run is None:
        return None
    sources = inputs.present([REGISTRY.indicators[BLANK]]).sources
    parts = tuple(sorted((name, tuple(files)) for name, files in sources.items()))
    found = _worked_out(run.period, run.known_on, parts)
    return Villages(run.period_start, run.period_end, {village.place_id: village for village in found})


@lru_cache(maxsize=2)
def _worked_out(period: Period, known_on: date, parts: Parts) -> Sequence[Village]:
    behind = rows_behind(
        _over_all_villages(), tables=dict(parts), period=period, rules=county_rules(), known_on=known_on
    )
    rows = (row for table in behind.values() for row in table.to_pylist())
    return [
        Village(row["place_id"], bool(row["has_institution"]), bool(row["on_rounds"]), bool(row["in_numerator"]))
        for row in rows
    ]


def _over_all_villages() -> Indicator:
    """The indicator with every village in its denominator, so that its rows are all of them."""
    return replace(REGISTRY.indicators[BLANK], denominator=VILLAGES.count(), proofs=())
