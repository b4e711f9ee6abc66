"""Money is integer fen; shares of a total always sum to the total."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Weight = int | Fraction | Decimal


def allocate(total: int, weights: Sequence[Weight]) -> list[int]:
    """Split `total` fen by weights with largest remainder; ties go to the earlier place.

    weights: non-negative exact numbers, at least one positive (floats are refused: they are not exact).
    Returns one integer a weight; they sum to `total` exactly, for negative totals too.
    Raises ValueError on an empty, negative or all-zero list of weights.
    """
    if any(isinstance(weight, float) for weight in weights):
        raise ValueError("weights must be exact: int, Fraction or Decimal, not float")
    exact = [Fraction(weight) for weight in weights]
    if not exact or min(exact) < 0 or (whole := sum(exact)) == 0:
        raise ValueError(f"weights must be non-negative with a positive sum, got {list(weights)!r}")
    if total < 0:
        return [-share for share in allocate(-total, weights)]
    quotas = [weight * total / whole for weight in exact]
    shares = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: (shares[i] - quotas[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def fen(yuan: str | Decimal) -> int:
    """Yuan as written ("12.34") to fen; half a fen rounds up.  Raises decimal.InvalidOperation on other text."""
    return int((Decimal(yuan) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan(amount_fen: int) -> str:
    """Fen to yuan with thousands separators and two decimals: 123456 → "1,234.56"."""
    sign, whole = ("-" if amount_fen < 0 else ""), abs(amount_fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"
