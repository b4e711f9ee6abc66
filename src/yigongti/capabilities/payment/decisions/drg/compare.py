"""Two schemes, or two editions of one, over the same cases: who moves where, and what it is worth."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg.engine import group
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme
from yigongti.kernel.money import allocate


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


@dataclass(frozen=True)
class Change:
    """What an institution's cases are worth by two schemes, in fen, when the money of all of them stays the same."""

    institution_id: str
    cases: int
    moved: int
    before_fen: int
    after_fen: int

    @property
    def change_fen(self) -> int:
        return self.after_fen - self.before_fen


@dataclass(frozen=True)
class Priced:
    """Cases with their cost (fen) and institution, in the order of the groups given with them."""

    costs: Sequence[int]
    institutions: Sequence[str]


def own_weights(groups: Sequence[str], costs: Sequence[int]) -> dict[str, Decimal]:
    """The weight of each group by the cases' own costs: cost per case ÷ that of all, to four places."""
    sums: dict[str, int] = defaultdict(int)
    for group_code, cost in zip(groups, costs, strict=True):
        sums[group_code] += cost
    counts, total = Counter(groups), sum(costs)
    return {
        code: (Decimal(cost * len(costs)) / (counts[code] * total)).quantize(Decimal("0.0001"))
        for code, cost in sums.items()
        if total
    }


def changes(before: Sequence[str], after: Sequence[str], priced: Priced) -> tuple[Change, ...]:
    """Each institution's worth by the groups before and after, by its cases' share of what each group cost.

    Both times the whole cost of all cases is shared, so that what one institution gains another loses, to the fen.
    """
    places = sorted(set(priced.institutions))
    worth = [_worth(groups, priced, places) for groups in (before, after)]
    cases = Counter(priced.institutions)
    moved = Counter(place for place, old, new in zip(priced.institutions, before, after, strict=True) if old != new)
    return tuple(
        Change(place, cases[place], moved[place], old, new) for place, old, new in zip(places, *worth, strict=True)
    )


def _worth(groups: Sequence[str], priced: Priced, places: Sequence[str]) -> list[int]:
    counts: Counter[str] = Counter(groups)
    totals: dict[str, int] = defaultdict(int)
    for code, cost in zip(groups, priced.costs, strict=True):
        totals[code] += cost
    shares: dict[str, Fraction] = defaultdict(Fraction)
    for (place, code), number in Counter(zip(priced.institutions, groups, strict=True)).items():
        shares[place] += Fraction(totals[code] * number, counts[code])
    whole = sum(priced.costs)
    return allocate(whole, [shares[place] for place in places]) if whole else [0] * len(places)
