"""Figures of groups as the dashboards show them: the county's, each institution's inside one's scope, their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions.drg import figures
from yigongti.capabilities.payment.decisions.drg.figures import Performance, Sums, total
from yigongti.capabilities.payment.services.grouped import Grouped
from yigongti.capabilities.payment.services.stored import stored_institutions
from yigongti.spine.access.scope import scope_of


@dataclass(frozen=True)
class Seat:
    """An institution's figures of a year; gain_fen: weight × rate − cost, 0 over the whole county."""

    institution_id: str
    name: str
    level: str
    performance: Performance
    sums: Mapping[str, Sums]
    cost_fen: int
    gain_fen: int | None
    low: int
    high: int
    low_risk_deaths: int

    def __getattr__(self, name: str) -> Any:
        """The figures of `performance`, so that a table's column may name them."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.performance, name)


@dataclass(frozen=True)
class GroupLine:
    """A group over some institutions: cases, weight, mean cost with its variation, days, what it gains or loses
    by weight × rate."""

    code: str
    name: str
    cases: int
    weight: float | None
    mean_fen: int
    region_mean_fen: int
    variation: float | None
    days: float
    deaths: int
    gain_fen: int | None
    risk: str


def seats(found: Grouped, user: Any) -> list[Seat]:
    """The institutions inside one's scope that have stays in the year, the most cases first."""
    every, scope = stored_institutions(), scope_of(user)
    inside = [place for place in found.cases if scope.covers(place)]
    listed = (_seat(place, found, every.names.get(place, place), every.levels.get(place, "none")) for place in inside)
    return sorted(listed, key=lambda seat: (-seat.cases, seat.institution_id))


def county(found: Grouped) -> Performance:
    """The figures of all institutions together."""
    return _performance(sum(found.cases.values()), found.region, found)


def _seat(place: str, found: Grouped, name: str, level: str) -> Seat:
    own = found.by_institution.get(place, {})
    return Seat(
        place, name, level, _performance(found.cases[place], own, found), own, total(own.values()).total_fen,
        gain_fen(own, found), found.outliers.get((place, "low"), 0), found.outliers.get((place, "high"), 0),
        sum(each.deaths for drg, each in own.items() if found.risks.get(drg) == "low"),
    )  # fmt: skip


def _performance(cases: int, own: Mapping[str, Sums], found: Grouped) -> Performance:
    return figures.performance(cases, own, region=found.region, weights=found.weights, rules=found.rules)


def gain_fen(own: Mapping[str, Sums], found: Grouped) -> int | None:
    """Weight × rate − cost, over the groups that have a weight."""
    if found.rate_fen is None:
        return None
    weighed = {drg: each for drg, each in own.items() if drg in found.weights}
    worth = sum((found.weights[drg] * each.cases * found.rate_fen for drg, each in weighed.items()), Fraction(0))
    return round(worth - sum(each.total_fen for each in weighed.values()))


def lines(found: Grouped, own: Mapping[str, Sums]) -> list[GroupLine]:
    """Every group of some institutions, the greatest loss first."""
    made = [_line(drg, each, found) for drg, each in own.items()]
    return sorted(made, key=lambda line: (line.gain_fen if line.gain_fen is not None else 0, line.code))


def _line(drg: str, own: Sums, found: Grouped) -> GroupLine:
    weight = found.weights.get(drg)
    return GroupLine(
        code=drg,
        name=found.names.get(drg, ""),
        cases=own.cases,
        weight=None if weight is None else round(float(weight), 4),
        mean_fen=round(own.total_fen / own.cases),
        region_mean_fen=round(found.region[drg].total_fen / found.region[drg].cases),
        variation=None if own.variation is None else round(own.variation, 2),
        days=round(own.days / own.cases, 1),
        deaths=own.deaths,
        gain_fen=None if weight is None else gain_fen({drg: own}, found),
        risk=figures.RISK_LABELS[found.risks[drg]],
    )


KINDS: Mapping[str, Callable[[pa.Table, Grouped], Any]] = {
    "all": lambda stays, found: pc.is_valid(stays["stay_id"]),
    "ungrouped": lambda stays, found: pc.not_equal(stays["status"], "grouped"),
    "high": lambda stays, found: pc.equal(stays["outlier"], "high"),
    "low": lambda stays, found: pc.equal(stays["outlier"], "low"),
    "deaths": lambda stays, found: stays["died"],
    "low_risk_deaths": lambda stays, found: pc.and_(stays["died"], pc.is_in(stays["drg"], value_set=_low_risk(found))),
}
"""What may be asked of the rows: name → which of the stays."""


def _low_risk(found: Grouped) -> pa.Array:
    return pa.array([drg for drg, risk in found.risks.items() if risk == "low"], pa.string())


def rows(
    found: Grouped, user: Any, *, kind: str, institution: str = "", group: str = ""
) -> Sequence[Mapping[str, Any]]:
    """The stays behind a number, of the institutions inside one's scope, the dearest first."""
    stays, scope = found.stays, scope_of(user)
    inside = [place for place in found.cases if scope.covers(place) and institution in ("", place)]
    wanted = pc.and_(
        KINDS[kind](stays, found), pc.is_in(stays["institution_id"], value_set=pa.array(inside, pa.string()))
    )
    if group:
        wanted = pc.and_(wanted, pc.equal(pc.fill_null(stays["drg"], ""), group))
    chosen = stays.filter(wanted).sort_by([("total_fen", "descending"), ("stay_id", "ascending")])
    return list(chosen.to_pylist())
