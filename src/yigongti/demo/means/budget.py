"""The insurance fund's budget for each consortium: close to what its people really cost, one a little short."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yigongti.demo.land.institutions import CONSORTIA
from yigongti.demo.means.ledger import INPATIENT, OUTPATIENT, Ledger
from yigongti.demo.people.residents import INSURED
from yigongti.demo.tables import coded
from yigongti.demo.world import World

SCHEMES = ("inpatient", "outpatient", "global")
_OF_SPENDING = (0.972, 1.031)
"""Budget by spending: the first consortium overspends, the second keeps a surplus."""
_ROUND_TO = 1_000_000


def columns(ledger: Ledger, world: World) -> Mapping[str, Any]:
    """The budget table: full calendar years, also where the period covers only a part of one.

    The global budget is the sum of its two parts as rounded, so that every budget adds up.
    """
    covered = np.array([sum(label.startswith(str(y)) for label in world.calendar.labels) for y in world.calendar.years])
    full = ledger.fund * (12 / covered)[:, None, None, None]
    by_scheme = np.stack([full[..., INPATIENT], full[..., OUTPATIENT]], axis=-1)[:, :, :2]
    parts = np.rint(by_scheme * np.array(_OF_SPENDING)[None, :, None, None] / _ROUND_TO) * _ROUND_TO
    amount = np.concatenate([parts, parts.sum(axis=-1, keepdims=True)], axis=-1)
    year, consortium, insured, scheme = np.indices(amount.shape).reshape(4, -1)
    return {
        "year": np.array(world.calendar.years)[year],
        "consortium_id": coded(consortium, CONSORTIA),
        "insured_as": coded(insured, INSURED),
        "scheme": coded(scheme, SCHEMES),
        "amount_fen": amount.ravel().astype(np.int64),
    }
