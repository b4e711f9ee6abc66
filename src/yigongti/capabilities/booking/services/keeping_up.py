"""What the timer does for booking: opens the coming days, marks who did not come, gives out what is free."""

from dataclasses import dataclass
from datetime import datetime

from yigongti.capabilities.booking.services import changing, opening, promoting, waiting
from yigongti.kernel.clock import day_of
from yigongti.spine.county_rules import county_rules


@dataclass(frozen=True)
class KeptUp:
    """How many slots were opened, bookings marked as missed, waiting entries ended, and people who waited booked."""

    opened: int
    missed: int
    expired: int
    promoted: int


def keep_up(*, at: datetime) -> KeptUp:
    """Everything that is due; each slot, booking and entry is a transaction of its own."""
    ahead = county_rules().find("booking.opened_ahead", on=day_of(at))
    missed, expired = changing.mark_missed(at=at), waiting.expire(at=at)
    opened = opening.open_ahead(at=at, days=ahead.days)
    return KeptUp(opened, missed, expired, promoting.give_out(at=at))
