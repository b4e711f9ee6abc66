"""What of a person's record proves that an item was done: found, not typed again.

An item's evidence names a fact table and, after a colon, the kinds that count, joined by "|":
`follow_up:hypertension|diabetes`, `visit:home`, `measurement:sbp`, or a table alone.  Only what the team's own sites
did counts: a contract is not kept by the care that a hospital gave.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yigongti.capabilities.contract.decisions.schedule import Window

ENTRY = "entry"
"""The evidence of an item that no record shows: the team enters what was done."""
KIND_OF = {
    "follow_up": "programme",
    "visit": "kind",
    "measurement": "code",
    "exam": "kind",
    "immunization": "vaccine_code",
}
"""Fact table that can prove an item → the column that says of which kind a row is."""


@dataclass(frozen=True)
class Proof:
    """A fact of the record: which table, of what kind, on which day, under which key, done by which institution."""

    table: str
    kind: str
    day: date
    key: str
    institution_id: str | None


@dataclass(frozen=True)
class Wanted:
    """An item that waits for its proof.  key: whatever tells it from others; sites: the institutions of the team."""

    key: int
    evidence: str
    window: Window
    sites: Collection[str]


def tables_of(evidence: str) -> frozenset[str]:
    """The fact tables that can prove an item."""
    table = evidence.partition(":")[0]
    return frozenset({table}) if table in KIND_OF else frozenset()


def proves(proof: Proof, wanted: Wanted) -> bool:
    """Whether a fact proves an item: the right table and kind, on a day of the window, at a site of the team."""
    table, _colon, kinds = wanted.evidence.partition(":")
    if proof.table != table or not wanted.window.opens_on <= proof.day <= wanted.window.due_on:
        return False
    if proof.institution_id not in wanted.sites:
        return False
    return not kinds or proof.kind in kinds.split("|")


def matched(items: Iterable[Wanted], *, by: Sequence[Proof]) -> Mapping[int, Proof]:
    """Item key → the earliest fact that proves it; items without one are left out.

    A fact may prove several items (a visit at which pressure was measured and advice was given).
    """
    ordered = sorted(by, key=lambda proof: (proof.day, proof.table, proof.key))
    found = {item.key: next((proof for proof in ordered if proves(proof, item)), None) for item in items}
    return {key: proof for key, proof in found.items() if proof is not None}
