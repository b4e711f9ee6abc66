"""Stays that a referral links, and what follows for money: one illness is paid once, its deductible charged once.

A stay is linked to the one before it where the same person came by referral from another institution within the days
of the rule.  Stays that are linked form a chain.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.deductible import CONTINUOUS, LINKED_WITHIN, LinkedStay, deductibles
from yigongti.capabilities.payment.decisions.exact import Ints, day_numbers
from yigongti.kernel.money import allocate
from yigongti.kernel.rules import RuleBook, RuleVersion

PAID_ONCE = "payment.linked_stays_paid_once"
Rules = Mapping[str, RuleVersion]
NONE = -1


def chains_of(stays: pa.Table, *, rules: Rules) -> Ints:
    """The chain of each stay, numbered from 0; -1 for a stay that is linked to none.

    stays: stay_id, resident_id, institution_id, admitted_on, discharged_on, referral_id.
    """
    found = np.full(len(stays), NONE, np.int64)
    referred = pc.unique(stays["resident_id"].filter(pc.is_valid(stays["referral_id"])))
    rows = np.flatnonzero(pc.is_in(stays["resident_id"], value_set=referred).to_numpy())
    if not len(rows):
        return found
    few = stays.select(["resident_id", "admitted_on", "discharged_on", "stay_id", "institution_id", "referral_id"])
    few = few.take(pa.array(rows)).append_column("row", pa.array(rows))
    few = few.sort_by([(name, "ascending") for name in ("resident_id", "admitted_on", "discharged_on", "stay_id")])
    linked = _is_linked(few, rules[LINKED_WITHIN].days)
    number = np.cumsum(~linked) - 1
    of_chain = np.bincount(number)[number] > 1
    found[few["row"].to_numpy()[of_chain]] = np.unique(number[of_chain], return_inverse=True)[1]
    return found


def _is_linked(ordered: pa.Table, within: int) -> NDArray[np.bool_]:
    """Whether each stay continues the one above it."""
    linked = np.zeros(len(ordered), bool)
    above, here = ordered.slice(0, len(ordered) - 1), ordered.slice(1)
    gap = day_numbers(here["admitted_on"]) - day_numbers(above["discharged_on"])
    same = pc.equal(above["resident_id"], here["resident_id"])
    moved = pc.not_equal(above["institution_id"], here["institution_id"])
    sent = pc.is_valid(here["referral_id"])
    linked[1:] = pc.and_(pc.and_(same, moved), sent).to_numpy() & (gap >= 0) & (gap <= within)
    return linked


def paid_once(points_e4: Ints, groups: Sequence[str | None], costs: Ints, chains: Ints) -> dict[int, int]:
    """Row → its points, for linked stays of one group: together they have the points of the dearest of them.

    They are divided by what each stay cost.  groups, costs, chains: a value a row, as points_e4.
    """
    found: dict[int, int] = {}
    for rows in _alike(groups, chains):
        most, weights = int(points_e4[rows].max()), [int(costs[row]) for row in rows]
        parts = allocate(most, weights if sum(weights) else [1] * len(rows))
        found.update(zip(rows, parts, strict=True))
    return found


def _alike(groups: Sequence[str | None], chains: Ints) -> Iterator[list[int]]:
    """The rows of every chain that share a group, two or more."""
    found: dict[tuple[int, str], list[int]] = {}
    for row in np.flatnonzero(chains > NONE).tolist():
        group = groups[row]
        if group:
            found.setdefault((int(chains[row]), group), []).append(row)
    return (rows for rows in found.values() if len(rows) > 1)


def overcharged_fen(stays: pa.Table, chains: Ints, levels: Mapping[str, str], *, book: RuleBook) -> dict[int, int]:
    """Row → by how much a linked stay's deductible exceeds what the continuous reckoning asks for; only where it does.

    stays: stay_id, institution_id, admitted_on, discharged_on, insured_as, deductible_fen (null: not known).
    """
    rows = np.flatnonzero(chains > NONE)
    order = rows[np.argsort(chains[rows], kind="stable")].tolist()
    linked = dict(zip(order, _linked_stays(stays, order, levels), strict=True))
    charged = stays["deductible_fen"].take(pa.array(order, pa.int64())).to_pylist()
    due: dict[str, int] = {}
    for members in _by_chain(order, chains):
        of_chain = deductibles([linked[row] for row in members], book=book)
        due.update((charge.stay_id, charge.deductible_fen) for charge in of_chain)
    over = ((row, (paid or 0) - due[linked[row].stay_id]) for row, paid in zip(order, charged, strict=True))
    return {row: amount for row, amount in over if amount > 0}


def _by_chain(order: Sequence[int], chains: Ints) -> Iterator[list[int]]:
    members: dict[int, list[int]] = {}
    for row in order:
        members.setdefault(int(chains[row]), []).append(row)
    return iter(members.values())


def _linked_stays(stays: pa.Table, order: Sequence[int], levels: Mapping[str, str]) -> Iterator[LinkedStay]:
    names = ("stay_id", "institution_id", "admitted_on", "discharged_on", "insured_as", "referral_id")
    for row in stays.select(names).take(pa.array(order, pa.int64())).to_pylist():
        level = levels.get(row["institution_id"], "none")
        sent = row["referral_id"] is not None
        yield LinkedStay(
            row["stay_id"], level, row["admitted_on"], row["discharged_on"], linked=sent, insured_as=row["insured_as"]
        )


def is_continuous(rules: Rules) -> bool:
    """Whether the deductible of linked stays is reckoned through."""
    return rules[CONTINUOUS].is_on
