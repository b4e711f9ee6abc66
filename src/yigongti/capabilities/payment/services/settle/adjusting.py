"""Stays that are not paid by their group alone: by the day, as a TCM disease, judged one by one, linked by referral.

Each is paid in one way only, in this order: a special case that was admitted, bed-days, a TCM disease, the group.
Then linked stays of one illness are paid once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions import linked
from yigongti.capabilities.payment.decisions.bed_day import STANDARD as BED_DAY_STANDARD
from yigongti.capabilities.payment.decisions.bed_day import days_of, paid_by_bed_day
from yigongti.capabilities.payment.decisions.drg.points import marked
from yigongti.capabilities.payment.decisions.exact import E4, Ints, divided, half_up
from yigongti.capabilities.payment.decisions.priced import points_of_price_e4
from yigongti.capabilities.payment.decisions.special_cases import (
    RECOGNISED_SHARE,
    Application,
    Ground,
    Judged,
    Scheme,
    judged,
)
from yigongti.capabilities.payment.decisions.tcm import FACTOR, paid_as_tcm
from yigongti.capabilities.payment.decisions.tcm import STANDARD as TCM_STANDARD
from yigongti.capabilities.payment.services.settle.weighing import USE_DIP, Levels, Rules, Weighed
from yigongti.kernel.rules import RuleVersion


@dataclass(frozen=True)
class PutForward:
    """A stay put forward to be judged by itself: why, and when it was applied for."""

    stay_id: str
    ground: Ground
    applied_on: date


def adjusted(
    found: Weighed, stays: pa.Table, chains: Ints, *,
    levels: Levels, rules: Rules, special: Sequence[PutForward] = (),
) -> tuple[Weighed, tuple[Judged, ...]]:  # fmt: skip
    """The stays with the points they are paid by, and how each application was judged.

    stays: in the order of the weighed ones; chains: the chain of linked stays of each.
    """
    answers = _judged(found, stays, rules, special)
    place = _Places(stays["stay_id"])
    taken = set[int]()
    for priced in (_special(answers), *_priced(stays, levels, rules)):
        found, rows = _paid_at(found, priced, place, taken, rules)
        taken |= rows
    return _paid_once(found, stays, chains), answers


@dataclass(frozen=True)
class _Priced:
    """Stays of one way of paying: id → its price in fen, or (None) the factor on its points; and what it is called."""

    kind: str
    rule: str
    prices: Mapping[str, int | None]
    factor_e4: Mapping[str, int]
    names: Mapping[str, str]


class _Places:
    """Where each stay stands; looked up only for the few that need it."""

    def __init__(self, stay_ids: pa.ChunkedArray) -> None:
        self.stay_ids = stay_ids

    def __call__(self, wanted: Iterable[str]) -> dict[str, int]:
        asked = pa.array(sorted(wanted), pa.string())
        if not len(asked):
            return {}
        rows = np.flatnonzero(pc.is_in(self.stay_ids, value_set=asked).to_numpy())
        return dict(zip(self.stay_ids.take(pa.array(rows)).to_pylist(), rows.tolist(), strict=True))


def _priced(stays: pa.Table, levels: Levels, rules: Rules) -> tuple[_Priced, ...]:
    days = paid_by_bed_day(stays, levels=levels, rules=rules).to_pylist()
    tcm = paid_as_tcm(stays, levels=levels, rules=rules).to_pylist()
    by_price = {row["stay_id"]: row for row in tcm if row["payable_fen"] is not None}
    by_factor = {row["stay_id"]: row for row in tcm if row["payable_fen"] is None}
    return (
        _Priced("bed_day", BED_DAY_STANDARD, _column(days, "payable_fen"), {}, _column(days, "kind")),
        _Priced("tcm", TCM_STANDARD, _column([*by_price.values()], "payable_fen"), {},
                _column([*by_price.values()], "disease")),
        _Priced("tcm", FACTOR, dict.fromkeys(by_factor), _column([*by_factor.values()], "factor_e4"), {}),
    )  # fmt: skip


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    return {str(row["stay_id"]): row[name] for row in rows}


def _paid_at(
    found: Weighed, priced: _Priced, place: _Places, taken: set[int], rules: Mapping[str, RuleVersion]
) -> tuple[Weighed, set[int]]:  # fmt: skip
    """The stays with these paid at their prices, except those that are paid in another way already."""
    at = {stay: row for stay, row in place(priced.prices).items() if row not in taken}
    if not at:
        return found, set()
    points = np.array(found.table["points_e4"].to_numpy(), np.int64)
    for stay, row in at.items():
        price = priced.prices[stay]
        points[row] = (
            int(divided(points[row] * priced.factor_e4[stay], E4)) if price is None
            else points_of_price_e4(price, mean_fen=found.mean_fen, scale=found.scale)
        )  # fmt: skip
    rows = np.array(sorted(at.values()), np.int64)
    table = marked(found.table, rows, kind=priced.kind, rule=priced.rule, points_e4=points)
    return replace(found, table=_grouped_as(table, at, priced)), set(at.values())


def _grouped_as(table: pa.Table, at: Mapping[str, int], priced: _Priced) -> pa.Table:
    """The group of a stay with a price of its own is the way it is paid."""
    if not priced.names:
        return table
    groups = table["group"].to_pylist()
    for stay, row in at.items():
        groups[row] = f"{priced.kind}:{priced.names[stay]}"
    return table.set_column(table.column_names.index("group"), "group", pa.array(groups, pa.string()))


def _judged(found: Weighed, stays: pa.Table, rules: Rules, special: Sequence[PutForward]) -> tuple[Judged, ...]:
    """Applications judged; what a group pays a normal case is reckoned at the mean cost of a point."""
    if not special:
        return ()
    place = _Places(stays["stay_id"])([each.stay_id for each in special])
    points, days = _standard_points(found), days_of(stays)
    a_point = found.mean_fen / (found.scale * E4)
    applications = [
        Application(
            each.stay_id, each.ground, stays["discharged_on"][row].as_py(), each.applied_on, int(days[row]),
            stays["total_fen"][row].as_py(), half_up(int(points[row]) * a_point),
        )
        for each in special
        if (row := place.get(each.stay_id)) is not None
    ]  # fmt: skip
    scheme: Scheme = "dip" if rules[USE_DIP].is_on else "drg"
    return judged(applications, discharges=len(stays), scheme=scheme, rules=rules)


def _standard_points(found: Weighed) -> Ints:
    """What a normal case of each stay's group has; a stay without a group what it has itself."""
    base, factor, own = (np.asarray(found.table[name].to_numpy(), np.int64) for name in _NORMAL)
    return np.where(base > 0, divided(base * factor, E4), own)


_NORMAL = ("base_e4", "factor_e4", "points_e4")


def _special(answers: Sequence[Judged]) -> _Priced:
    admitted = {each.application.stay_id: each.recognised_fen for each in answers if not each.decision.refused}
    return _Priced("special", RECOGNISED_SHARE, admitted, {}, {})


def _paid_once(found: Weighed, stays: pa.Table, chains: Ints) -> Weighed:
    """Linked stays of one group have the points of the dearest together."""
    if not (chains > linked.NONE).any():
        return found
    points = np.array(found.table["points_e4"].to_numpy(), np.int64)
    costs = np.asarray(stays["total_fen"].to_numpy(), np.int64)
    parts = linked.paid_once(points, found.table["group"].to_pylist(), costs, chains)
    rows = np.array(sorted(parts), np.int64)
    points[rows] = [parts[row] for row in sorted(parts)]
    return replace(found, table=marked(found.table, rows, kind="linked", rule=linked.PAID_ONCE, points_e4=points))
