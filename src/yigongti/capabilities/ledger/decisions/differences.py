"""Documents that set the same thing differently: the same indicator, or the same words, with another number or day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yigongti.capabilities.ledger.decisions.matching import reduced
from yigongti.kernel.rules.model import LEVELS, Level


@dataclass(frozen=True)
class Set:
    """One document's target: what it measures (an indicator's id, or "" and the phrase), and how it is set."""

    target_id: str
    document_id: str
    level: Level
    issued_on: date | None
    indicator: str
    phrase: str
    wanted: str
    due: str

    @property
    def subject(self) -> str:
        return self.indicator or reduced(self.phrase)


def differences(targets: Iterable[Set]) -> list[Sequence[Set]]:
    """Every subject that at least two documents set differently: its targets, nearest level first, then latest.

    The order is that in which rules are looked up; which of them counts is for a person to say.
    """
    by_subject: dict[str, list[Set]] = defaultdict(list)
    for target in targets:
        by_subject[target.subject].append(target)
    found = [sorted(same, key=_rank) for same in by_subject.values() if _differ(same)]
    return sorted(found, key=lambda same: same[0].phrase)


def _differ(same: Sequence[Set]) -> bool:
    settings = {(each.wanted, each.due) for each in same}
    return len({each.document_id for each in same}) > 1 and len(settings) > 1


def _rank(each: Set) -> tuple[int, int]:
    return LEVELS.index(each.level), -(each.issued_on or date.min).toordinal()
