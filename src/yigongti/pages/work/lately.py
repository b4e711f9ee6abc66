"""A workflow's figures as they were lately: over a million cases they take seconds, and many people ask for the same.

What was worked out is kept for HUNDREDFOLD the time that it took, in each process: the larger the county, the longer,
and no set of figures takes more than a hundredth of a processor.  The page says as of when.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from yigongti.kernel import clock
from yigongti.pages.work.figures import Figures
from yigongti.spine.keeping import Kept

HUNDREDFOLD = 100
_turn = Lock()


@dataclass(frozen=True)
class Lately:
    """Figures, and as of when and until when they serve."""

    figures: Figures
    at: datetime
    until: datetime


def lately(key: Hashable, work_out: Callable[[datetime], Figures]) -> Lately:
    """The figures kept under a key, or those worked out now (told the instant); one reader works, the others wait."""
    with _turn:
        now, found = clock.now(), _kept.get(key)
        if found is None or not found.at <= now < found.until:
            began = time.perf_counter()
            made = work_out(now)
            spent = timedelta(seconds=time.perf_counter() - began)
            found = _kept.keep(key, Lately(made, now, now + HUNDREDFOLD * spent))
        return found


_kept = Kept[Lately](most=500)
forget = _kept.forget
