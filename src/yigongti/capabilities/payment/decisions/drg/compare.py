"""Two schemes, or two editions of one, over the same cases: who moves where, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg.engine import group
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme


@dataclass(frozen=True)
class Move:
    """So many cases go from one group to another; weight: the change of their total weight, None where unweighed."""

    before: str
    after: str
    cases: int
    weight: Decimal | None


@dataclass(frozen=True)
class Difference:
    """All cases, how many change their group, every move (most cases first), the total weight before and after.

    unweighed: groups of the cases for which a weight table was given but has no entry; their cases are in no weight.
    """

    cases: int
    moved: int
    moves: tuple[Move, ...]
    weight_before: Decimal | None
    weight_after: Decimal | None
    unweighed: tuple[str, ...]


Weights = Mapping[str, Decimal]


def difference(
    cases: pa.Table, before: Scheme, after: Scheme, *, weights: tuple[Weights, Weights] | None = None
) -> Difference:
    """Groups the cases by both schemes and compares; weights: DRG → weight for each scheme, where money matters."""
    pairs = pa.table({"before": group(cases, before)["drg"], "after": group(cases, after)["drg"]})
    counts = pairs.group_by(["before", "after"]).aggregate([([], "count_all")]).to_pylist()
    moves = [_move(row["before"], row["after"], row["count_all"], weights) for row in counts]
    moved = sorted((m for m in moves if m.before != m.after), key=lambda m: (-m.cases, m.before, m.after))
    total_before, total_after = _totals(moves, weights) if weights else (None, None)
    return Difference(
        cases=cases.num_rows,
        moved=sum(move.cases for move in moved),
        moves=tuple(moved),
        weight_before=total_before,
        weight_after=total_after,
        unweighed=_unweighed(moves, weights),
    )


def _move(before: str, after: str, cases: int, weights: tuple[Weights, Weights] | None) -> Move:
    if weights is None or before not in weights[0] or after not in weights[1]:
        return Move(before, after, cases, None)
    return Move(before, after, cases, (weights[1][after] - weights[0][before]) * cases)


def _totals(moves: list[Move], weights: tuple[Weights, Weights]) -> tuple[Decimal, Decimal]:
    weighed = [move for move in moves if move.weight is not None]
    before = sum((weights[0][move.before] * move.cases for move in weighed), Decimal(0))
    return before, before + sum((move.weight for move in weighed if move.weight is not None), Decimal(0))


def _unweighed(moves: list[Move], weights: tuple[Weights, Weights] | None) -> tuple[str, ...]:
    if weights is None:
        return ()
    missing = {move.before for move in moves} - set(weights[0]) | {move.after for move in moves} - set(weights[1])
    return tuple(sorted(missing))


def share_moved(found: Difference) -> Decimal:
    """The share of cases that change their group (0 of no cases)."""
    return Decimal(found.moved) / found.cases if found.cases else Decimal(0)
