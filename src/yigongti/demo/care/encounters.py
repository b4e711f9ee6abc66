"""Visits and stays of a month side by side, as one list of encounters that orders and charges refer to."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Encounters:
    """A month's encounters inside the county and out: visits first, then the stays admitted in the month.

    day: of the visit, or of admission; last: the last day on which something can be charged.
    """

    ids: pa.Array
    resident: np.ndarray
    institution: np.ndarray
    day: np.ndarray
    last: np.ndarray

    def __len__(self) -> int:
        return len(self.resident)


@dataclass(frozen=True)
class Orders:
    """Things ordered: encounter and goods by index."""

    encounter: np.ndarray
    good: np.ndarray

    def __len__(self) -> int:
        return len(self.encounter)

    def take(self, which: np.ndarray) -> "Orders":
        """Some of them."""
        return Orders(self.encounter[which], self.good[which])

    def also(self, more: "Orders") -> "Orders":
        """These, and others after them."""
        return Orders(np.concatenate([self.encounter, more.encounter]), np.concatenate([self.good, more.good]))
