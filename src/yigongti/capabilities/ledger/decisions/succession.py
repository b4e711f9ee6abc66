"""Which clause of a new document goes on with a clause of the one that it replaces.

By heading and text: a clause is taken over where one clause of the new document is clearly like it, and no other is
nearly as much so.  What is not clear stays for a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

CLEAR = 70.0
"""From which likeness (0–100) a clause is the same task."""
APART = 8.0
"""By how much the best has to be better than the next."""
_HEADING, _TEXT = 0.6, 0.4


@dataclass(frozen=True)
class Passage:
    """A clause as it is compared."""

    id: str
    heading: str
    text: str


def successors(former: Sequence[Passage], later: Sequence[Passage]) -> Mapping[str, str]:
    """Former clause id → the later clause that goes on with it; a later clause may take over several."""
    return {each.id: found for each in former if (found := _successor(each, later))}


def _successor(former: Passage, later: Sequence[Passage]) -> str:
    scored = sorted(((likeness(former, each), each.id) for each in later), reverse=True)
    if not scored or scored[0][0] < CLEAR:
        return ""
    rival = scored[1][0] if len(scored) > 1 else 0.0
    return scored[0][1] if scored[0][0] - rival >= APART else ""


def likeness(one: Passage, other: Passage) -> float:
    """How alike two clauses are, 0–100; the same heading says more than the same words under it."""
    return _HEADING * fuzz.ratio(one.heading, other.heading) + _TEXT * fuzz.ratio(one.text[:600], other.text[:600])
