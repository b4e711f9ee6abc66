"""Payment by the bed-day for long, psychiatric, rehabilitation and palliative stays (QY-7: composite payment).

A stay whose kind and length the rules name is paid per day by kind and institution's level; later days are worth less.
Days are counted with the day of admission and without that of discharge; a stay of one day counts one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.exact import half_up
from yigongti.capabilities.payment.decisions.priced import principals
from yigongti.kernel.decisions import Reason, because
from yigongti.kernel.money import fen, yuan
from yigongti.kernel.rules import RuleVersion

IN_USE = "payment.bed_day.in_use"
KINDS_BY_DIAGNOSIS = "payment.bed_day.kinds"
LEAST_DAYS = "payment.bed_day.least_days"
DAY_SHARES = "payment.bed_day.day_shares"
STANDARD = "payment.bed_day.standard"

Kind = Literal["psychiatric", "rehabilitation", "palliative", "long_stay"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_LABELS: Mapping[Kind, str] = {
    "psychiatric": "精神", "rehabilitation": "康复", "palliative": "安宁疗护", "long_stay": "长期住院",
}  # fmt: skip

Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class Part:
    """Days `first` to `last` of a stay, what share of the daily standard each is worth, and what they come to."""

    first: int
    last: int
    share: Fraction
    payable_fen: int


@dataclass(frozen=True)
class BedDays:
    """A stay paid by the day: its kind, days, parts by day share, and why."""

    kind: Kind
    days: int
    daily_fen: int
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]

    @property
    def payable_fen(self) -> int:
        return sum(part.payable_fen for part in self.parts)


def kind_of(principal_dx: str | None, *, days: int, rules: Rules) -> Kind | None:
    """How a stay is paid by the day, or None where it is paid by its group.

    The kind of the diagnosis where the stay is long enough for it, else a long stay where it is long enough for that.
    """
    if not rules[IN_USE].is_on:
        return None
    least = rules[LEAST_DAYS].table
    by_diagnosis = rules[KINDS_BY_DIAGNOSIS].codes.group_of(principal_dx or "")
    candidates = (kind for kind in KINDS if kind in (by_diagnosis, "long_stay"))
    return next((kind for kind in candidates if days >= least[kind]), None)


def bed_days(principal_dx: str | None, *, days: int, level: str, rules: Rules) -> BedDays | None:
    """What a stay is worth by the day; None where it is paid by its group.

    days ≥ 1 in hospital; level: the institution's.  Raises ValueError on fewer days, KeyError on an unknown level.
    """
    if days < 1:
        raise ValueError(f"a stay has at least one day, got {days}")
    kind = kind_of(principal_dx, days=days, rules=rules)
    if kind is None:
        return None
    daily = fen(str(rules[STANDARD].table[kind][level]))
    parts = tuple(_parts(days, daily, rules))
    return BedDays(kind, days, daily, parts, _reasons(kind, days, daily, parts, rules))


def _parts(days: int, daily_fen: int, rules: Rules) -> Iterator[Part]:
    first = 1
    for band in rules[DAY_SHARES].bands:
        last = days if band.high is None else min(days, int(band.high))
        if last >= first:
            share = Fraction(str(band.value))
            yield Part(first, last, share, half_up(share * daily_fen * (last - first + 1)))
            first = last + 1


def _reasons(kind: Kind, days: int, daily: int, parts: tuple[Part, ...], rules: Rules) -> tuple[Reason, ...]:
    label = KIND_LABELS[kind]
    by_kind = because(rules[LEAST_DAYS], f"{label}住院 {days} 天,不少于 {rules[LEAST_DAYS].table[kind]} 天,按床日付费")
    price = because(rules[STANDARD], f"{label}床日标准每日 {yuan(daily)} 元")
    shares = (
        because(rules[DAY_SHARES], f"第 {p.first} 至 {p.last} 天按 {p.share * 100}% 计,{yuan(p.payable_fen)} 元")
        for p in parts
    )
    return (by_kind, price, *shares)


def paid_by_bed_day(stays: pa.Table, *, levels: Mapping[str, str], rules: Rules) -> pa.Table:
    """The stays paid by the day, the others left out: `stay_id, kind, days, payable_fen, rule`.

    stays: stay_id, institution_id, admitted_on, discharged_on, dx; levels: institution → level (unknown: none).
    Stays alike in diagnosis, days and level are judged once, so that a million cost no more than their kinds.
    """
    rows = _candidates(stays, rules) if rules[IN_USE].is_on and len(stays) else pa.array([], pa.int64())
    chosen = stays.take(rows)
    judged = cache(lambda dx, days, level: bed_days(dx, days=days, level=level, rules=rules))
    found = [
        judged(dx, days, levels.get(institution, "none"))
        for dx, days, institution in zip(
            principals(chosen).to_pylist(), days_of(chosen).tolist(), chosen["institution_id"].to_pylist(), strict=True
        )
    ]
    return _paid(chosen, [each for each in found if each is not None])


def days_of(stays: pa.Table) -> NDArray[np.int64]:
    """Days in hospital, the day of discharge not counted; at least one."""
    admitted, discharged = (
        np.asarray(stays[name].cast(pa.int32()).to_numpy(), np.int64) for name in ("admitted_on", "discharged_on")
    )
    days: NDArray[np.int64] = np.maximum(discharged - admitted, 1)
    return days


def _candidates(stays: pa.Table, rules: Rules) -> pa.Array:
    """The stays that are long enough for their kind or for a long stay."""
    least, codes = rules[LEAST_DAYS].table, rules[KINDS_BY_DIAGNOSIS].codes
    dx = principals(stays)
    kinds = (codes.group_of(code) or "long_stay" for code in dx.dictionary.to_pylist())
    enough = np.array([min(least[kind], least["long_stay"]) for kind in kinds], np.float64)
    return pa.array(np.flatnonzero(days_of(stays) >= enough[dx.indices.to_numpy()]))


def _paid(stays: pa.Table, found: list[BedDays]) -> pa.Table:
    return pa.table(
        {
            "stay_id": stays["stay_id"],
            "kind": pa.array([each.kind for each in found], pa.string()),
            "days": pa.array([each.days for each in found], pa.int64()),
            "payable_fen": pa.array([each.payable_fen for each in found], pa.int64()),
            "rule": pa.array([STANDARD] * len(found), pa.string()),
        }
    )
