"""The clearing brought down to single stays: each one's share of what its institution's points are worth.

The worths of a line's stays sum to the line's, to the fen; what the fund owes of one is its worth less what the patient
paid, where points share the total cost.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from yigongti.capabilities.payment.decisions.clearing import TOTAL_COST
from yigongti.capabilities.payment.decisions.exact import Ints, shared_out
from yigongti.capabilities.payment.decisions.pools import Cleared
from yigongti.capabilities.payment.services.settle.claims import INPATIENT
from yigongti.kernel.rules import Rules

_KEY = ("pool", "insured_as", "institution_id")


def paid_cases(cases: pa.Table, pools: Sequence[Cleared], *, rules: Rules) -> pa.Table:
    """The weighed stays with `scheme` ("" where no budget pays for it), `worth_fen` and `due_fen`."""
    worths = {
        (cleared.pool.consortium_id, cleared.pool.insured_as, line.claim.institution_id): (
            cleared.pool.scheme, line.due.worth_fen,
        )
        for cleared in pools if cleared.pool.scheme in INPATIENT
        for line in cleared.lines
    }  # fmt: skip
    worth, which = np.zeros(len(cases), np.int64), np.zeros(len(cases), np.int64)
    schemes = ["", *INPATIENT]
    points, recorded = (np.asarray(cases[name].to_numpy(), np.int64) for name in ("points_e4", "fund_fen"))
    for key, rows in _lines(cases):
        scheme, total = worths.get(key, ("", 0))
        weights = points[rows] if points[rows].any() else recorded[rows]
        worth[rows], which[rows] = shared_out(total, weights), schemes.index(scheme)
    inside = cases["in_county"].to_numpy()
    paid = np.asarray(cases["self_fen"].to_numpy(), np.int64)
    by_points = inside & (points > 0) if rules[TOTAL_COST].is_on else np.zeros(len(cases), bool)
    due = np.where(which == 0, 0, worth - np.where(by_points, paid, 0))
    added = {"scheme": pa.array(schemes).take(pa.array(which)), "worth_fen": pa.array(worth), "due_fen": pa.array(due)}
    return pa.table({name: cases[name] for name in cases.column_names} | added)


def _lines(cases: pa.Table) -> Iterator[tuple[tuple[str, str, str], Ints]]:
    """The rows of every pool, insurance and institution, in the order given."""
    code, names = np.zeros(len(cases), np.int64), []
    for name in _KEY:
        encoded = cases[name].combine_chunks().dictionary_encode()
        code = code * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy()
        names.append(encoded.dictionary.to_pylist())
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if len(order) else ():
        at, key = int(code[rows[0]]), []
        for values in reversed(names):
            at, place = divmod(at, len(values))
            key.append(values[place])
        yield (key[2], key[1], key[0]), rows
