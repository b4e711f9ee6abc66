"""Money after a judgement: what was judged, what came back, what is still owed.  All integer fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yigongti.kernel.decisions import ALLOWED, Decision, refuse
from yigongti.kernel.money import yuan


class Entry(StrEnum):
    """What a line of the recovery ledger says happened to the money."""

    JUDGED = "judged"
    REDUCED = "reduced"
    RECOVERED = "recovered"
    WRITTEN_OFF = "written_off"

    @property
    def label(self) -> str:
        return {"judged": "认定应退", "reduced": "复核减少", "recovered": "已退回", "written_off": "核销"}[self]


@dataclass(frozen=True)
class Balance:
    """The sums of a ledger's lines.  outstanding = judged − reduced − recovered − written off, never negative."""

    judged: int = 0
    reduced: int = 0
    recovered: int = 0
    written_off: int = 0

    @property
    def outstanding(self) -> int:
        return self.judged - self.reduced - self.recovered - self.written_off


def balance(lines: Iterable[tuple[str, int]]) -> Balance:
    """The balance of (entry, fen) lines."""
    sums = dict.fromkeys(Entry, 0)
    for entry, amount in lines:
        sums[Entry(entry)] += amount
    return Balance(**{str(entry): amount for entry, amount in sums.items()})


def may_enter(entry: Entry, amount_fen: int, *, now: Balance) -> Decision:
    """Whether a line may be written: a positive amount, and never more off than is owed."""
    if amount_fen <= 0:
        return refuse(f"金额须大于零,填写的是 {yuan(amount_fen)} 元")
    if entry is not Entry.JUDGED and amount_fen > now.outstanding:
        return refuse(f"{entry.label} {yuan(amount_fen)} 元,超过尚未退回的 {yuan(now.outstanding)} 元")
    return ALLOWED


def may_finish(now: Balance) -> Decision:
    """Whether a lead may be closed as recovered: nothing is owed any more."""
    if now.outstanding:
        return refuse(f"还有 {yuan(now.outstanding)} 元没有退回")
    return ALLOWED
