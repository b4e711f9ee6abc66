"""How many seats, and which, are kept for residents whom a family doctor refers (YN-11)."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from yigongti.kernel.rules.values import Exact


def reserved_seats(seats: Sequence[int], *, share: Exact) -> list[int]:
    """Of every slot of a resource's day, how many seats are kept.

    seats: the seats of each slot in the order of time; share: 0…1, rule booking.reserved_share.  The kept seats are
    the fewest that are at least the share of the day's seats, spread evenly over the day: after every slot, what has
    been kept so far is the share of what has been offered so far, to within one seat.
    """
    total = sum(seats)
    kept = int((Decimal(share) * total).to_integral_value(ROUND_CEILING))
    found, offered, given = [], 0, 0
    for count in seats:
        offered += count
        due = -(-kept * offered // total) if total else 0
        found.append(due - given)
        given = due
    return found
