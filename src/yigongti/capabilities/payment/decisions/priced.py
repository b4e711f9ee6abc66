"""What is paid at a price of its own rather than by group: as points of the same pool, and never twice.

A stay is paid in one way only.  Bed-days, TCM diseases and special cases have prices in fen; turned into points by the
mean cost of all cases they share the pool's budget like every other case, so that what is paid still sums to it.
"""

from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions.exact import E4, half_up


def points_of_price_e4(price_fen: int, *, mean_fen: int, scale: Fraction) -> int:
    """A price as points (or scores) in ten-thousandths: price ÷ the mean cost of all cases × the scale.

    scale: what a case of mean cost is worth (`payment.drg.points_scale` or `payment.dip.score_scale`).
    Raises ValueError on a negative price or a mean that is not positive.
    """
    if price_fen < 0 or mean_fen <= 0:
        raise ValueError(f"a price needs a positive mean cost, got {price_fen} by {mean_fen}")
    return half_up(Fraction(price_fen, mean_fen) * scale * E4)


def principals(stays: pa.Table) -> pa.DictionaryArray:
    """The principal diagnosis of every stay ("" where it has none), each code once."""
    dx = stays["dx"].combine_chunks()
    has_any = pc.greater(pc.fill_null(pc.list_value_length(dx), 0), 0)
    filled = pc.if_else(has_any, dx, pa.scalar([""], dx.type))
    return pc.fill_null(pc.list_element(filled, 0), "").dictionary_encode()
