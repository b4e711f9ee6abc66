"""What the fund pays of a stay: deductible by level (continuous over a referral chain), then a share of the rest."""

import numpy as np

from yigongti.demo.care.stays import Stays
from yigongti.demo.land.institutions import Institutions

_TIERS = {"city_hospital": 2, "provincial_hospital": 3}
_DEDUCTIBLE_YUAN = np.array([[200, 400, 800, 1200], [200, 500, 1000, 1500], [0, 0, 0, 0]])
_SHARE = np.array([[0.92, 0.86, 0.78, 0.72], [0.84, 0.73, 0.61, 0.55], [0, 0, 0, 0]])
_WITHOUT_REFERRAL = 0.10
_COVERED = (0.86, 0.99)


def tiers(institutions: Institutions) -> np.ndarray:
    """0 base level, 1 county level, 2 city, 3 province, by institution."""
    return np.array(
        [_TIERS.get(kind, 0 if base else 1) for kind, base in zip(institutions.kind, institutions.primary, strict=True)]
    )


def deductibles(stays: Stays, insured: np.ndarray, tier: np.ndarray) -> np.ndarray:
    """Fen of each stay: going up within a chain pays the difference, coming down pays nothing.

    insured: by stay (0 employee, 1 resident, 2 none); tier: by stay.
    """
    standard = _DEDUCTIBLE_YUAN[insured, tier] * 100
    up = (stays.preceded >= 0) & (stays.by_down < 0)
    before = np.where(up, _DEDUCTIBLE_YUAN[insured, tier[np.maximum(stays.preceded, 0)]] * 100, 0)
    return np.where(stays.by_down >= 0, 0, np.maximum(standard - before, 0))


def fund_of(
    total: np.ndarray, deductible: np.ndarray, *, insured: np.ndarray, tier: np.ndarray, referred: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """Fen that the fund pays; outside the county less without a referral."""
    share = _SHARE[insured, tier] - np.where((tier >= 2) & ~referred, _WITHOUT_REFERRAL, 0)
    covered = total * rng.uniform(*_COVERED, len(total))
    paid = np.floor(np.maximum(covered - deductible, 0) * np.maximum(share, 0)).astype(np.int64)
    return np.where(insured == 2, 0, paid)
