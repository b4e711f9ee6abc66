"""The course of a referral in time: sent, accepted, arrived, handed back, closed — or not."""

from dataclasses import dataclass

import numpy as np

from yigongti.demo.calendar import DAY_SECONDS, instant
from yigongti.demo.tables import NEVER_AT

OUTCOMES = ("完成诊疗并回转", "完成诊疗", "患者未到院", "接收方未接收", "下转接续完成")
_HOUR = 3600
_ACCEPTED, _ACCEPTED_LATE = 0.965, 0.06
_HANDED_BACK, _CLOSED = 0.74, 0.93
RESERVED = 0.17


@dataclass(frozen=True)
class Timeline:
    """Seconds since 1970 UTC, NEVER_AT where it did not happen (or not by `end`)."""

    sent: np.ndarray
    accepted: np.ndarray
    arrived: np.ndarray
    returned: np.ndarray
    closed: np.ndarray
    outcome: np.ndarray
    reserved: np.ndarray


def run(
    sent_day: np.ndarray, arrival_day: np.ndarray, leaving_day: np.ndarray, *, up: np.ndarray, arrives: np.ndarray,
    end: int, rng: np.random.Generator,
) -> Timeline:  # fmt: skip
    """Timelines of referrals sent, arriving and leaving care on these days; the others are closed days later."""
    count = len(sent_day)
    sent = instant(sent_day, rng.integers(8 * _HOUR, 17 * _HOUR, count))
    answered = np.where(rng.random(count) < _ACCEPTED_LATE, rng.integers(25, 60, count) * _HOUR,
                        (rng.lognormal(0.3, 1.0, count) * _HOUR).astype(np.int64).clip(120, 20 * _HOUR))  # fmt: skip
    is_accepted = arrives | (rng.random(count) < _ACCEPTED)
    accepted = np.where(is_accepted, sent + answered, NEVER_AT)
    came = np.maximum(instant(arrival_day, rng.integers(8 * _HOUR, 18 * _HOUR, count)), sent + 900)
    accepted = np.where(arrives, np.minimum(accepted, came - 300), accepted)
    arrived = np.where(arrives, came, NEVER_AT)
    left = np.maximum(instant(leaving_day, rng.integers(9 * _HOUR, 17 * _HOUR, count)), came + _HOUR)
    is_returned = arrives & up & (rng.random(count) < _HANDED_BACK)
    returned = np.where(is_returned, left + rng.integers(0, 2 * DAY_SECONDS, count), NEVER_AT)
    base = np.where(is_returned, returned, np.where(arrives, left, sent + answered + 3 * DAY_SECONDS))
    is_closed = rng.random(count) < np.where(arrives & ~is_returned & up, 0.6, _CLOSED)
    closed = np.where(is_closed, base + rng.integers(_HOUR, 5 * DAY_SECONDS, count), NEVER_AT)
    outcome = np.where(~arrives, np.where(is_accepted, 2, 3), np.where(~up, 4, np.where(is_returned, 0, 1)))
    accepted, arrived, returned, closed = (
        np.where(moment < end, moment, NEVER_AT) for moment in (accepted, arrived, returned, closed)
    )
    settled = np.where(closed != NEVER_AT, outcome, -1)
    reserved = rng.random(count) < RESERVED
    return Timeline(np.minimum(sent, end - 1), accepted, arrived, returned, closed, settled, reserved)
