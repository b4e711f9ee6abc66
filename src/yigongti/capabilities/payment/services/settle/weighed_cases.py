"""Every stay of the year as the clearing sees it: where it is paid from, its points and why, what its patient paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions import linked
from yigongti.capabilities.payment.decisions.exact import Ints
from yigongti.capabilities.payment.decisions.special_cases import Judged
from yigongti.capabilities.payment.services.settle.adjusting import PutForward, adjusted
from yigongti.capabilities.payment.services.settle.facts import Facts
from yigongti.capabilities.payment.services.settle.weighing import COLUMNS, Weighed, weighed
from yigongti.kernel.rules import RuleBook, Rules

FROM_FACTS = (
    "stay_id", "pool", "insured_as", "institution_id", "in_county", "discharged_on", "total_fen", "fund_fen",
)  # fmt: skip


@dataclass(frozen=True)
class WeighedCases:
    """table: one row a stay, by stay_id: what FROM_FACTS names, COLUMNS of `Weighed` (null and 0 outside the county),
    self_fen (what the patient owes) and overcharged_fen (the deductible to be given back, taken off already).
    names: group → what it is called; answers: how each special case was judged."""

    table: pa.Table
    names: dict[str, str]
    answers: tuple[Judged, ...]


def weighed_cases(
    year: int, facts: Facts, *, book: RuleBook, rules: Rules, home: Path | None, scheme: str,
    special: Sequence[PutForward],
) -> WeighedCases:  # fmt: skip
    """The stays of a year, weighed by the rules."""
    levels = _levels(facts)
    of_year = pc.equal(pc.year(facts.stays["discharged_on"]), year)
    rows = pa.array(np.flatnonzero(of_year.to_numpy()))
    stays, chains = facts.stays.take(rows), linked_chains(facts.stays, rules)[rows.to_numpy()]
    inside = stays["in_county"].to_numpy()
    history = facts.stays.filter(pc.and_(pc.invert(of_year), facts.stays["in_county"]))
    here = np.flatnonzero(inside)
    found, answers = _points(stays.take(pa.array(here)), history, chains[here], levels, rules, home, scheme, special)
    owed, back = _owed(stays, chains, levels, book, rules)
    spread = _everywhere(found, here, len(stays))
    kept = {name: stays[name] for name in FROM_FACTS}
    table = pa.table(kept | {"self_fen": owed, "overcharged_fen": back} | spread)
    return WeighedCases(table, dict(found.names) if found else {}, answers)


def _points(
    stays: pa.Table, history: pa.Table, chains: Ints, levels: dict[str, str], rules: Rules, home: Path | None,
    scheme: str, special: Sequence[PutForward],
) -> tuple[Weighed | None, tuple[Judged, ...]]:  # fmt: skip
    if not len(stays):
        return None, ()
    found = weighed(stays, history, levels=levels, rules=rules, home=home, scheme=scheme)
    return adjusted(found, stays, chains, levels=levels, rules=rules, special=special)


def linked_chains(stays: pa.Table, rules: Rules) -> Ints:
    """The chain of each stay, where the rules ask for it."""
    if rules[linked.PAID_ONCE].is_on or linked.is_continuous(rules):
        return linked.chains_of(stays, rules=rules)
    return np.full(len(stays), linked.NONE, np.int64)


def _owed(stays: pa.Table, chains: Ints, levels: dict[str, str], book: RuleBook, rules: Rules) -> tuple[Ints, Ints]:
    """What each patient owes, and what was charged twice over linked stays and is to be given back."""
    back = np.zeros(len(stays), np.int64)
    if linked.is_continuous(rules):
        for row, amount in linked.overcharged_fen(stays, chains, levels, book=book).items():
            back[row] = amount
    paid = np.asarray(stays["self_fen"].to_numpy(), np.int64)
    back = np.minimum(back, np.maximum(paid, 0))
    return paid - back, back


def _everywhere(found: Weighed | None, here: Ints, rows: int) -> dict[str, pa.Array]:
    """The columns of weighed stays spread over all stays, those outside the county without a group or points."""
    at = np.full(rows, -1, np.int64)
    at[here] = np.arange(len(here))
    place = pa.array(at, mask=at < 0)
    if found is None:
        kinds = dict.fromkeys(("group", "kind", "rule"), pa.nulls(rows, pa.string()))
        return {name: kinds.get(name, pa.array(np.zeros(rows, np.int64))) for name in COLUMNS}
    return {name: _spread(found.table[name].combine_chunks(), place) for name in COLUMNS}


def _spread(column: pa.Array, place: pa.Array) -> pa.Array:
    taken = column.take(place)
    return taken if pa.types.is_string(column.type) else pc.fill_null(taken, 0)


def _levels(facts: Facts) -> dict[str, str]:
    names, levels = (facts.institutions[name].to_pylist() for name in ("institution", "level"))
    return dict(zip(names, levels, strict=True))
