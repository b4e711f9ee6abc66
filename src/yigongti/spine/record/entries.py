"""Which facts make an entry of a resident's record, and how a fact's columns divide over the entry's fields."""

from dataclasses import dataclass
from functools import cache

from yigongti.kernel.facts import COUNTY, FactTable, Kind

MASTER = ("resident", "identity")
BULK = ("charge",)
"""About a person, but too many for the record: the detail of a visit or stay is read from the lake."""
PLANS = ("contract_item",)
"""About what is to be done for a person: what was done has its own entry, the plan is the contract's to show."""


@dataclass(frozen=True)
class EntryShape:
    """How a fact table's columns divide: the day, the institution ("" where there is none), and the line's rest."""

    table: FactTable
    day: str
    institution: str
    line: tuple[str, ...]


@cache
def entry_shape(table: str) -> EntryShape | None:
    """The shape of the table's entries, or None where its rows are not shown in a resident's record."""
    facts = COUNTY[table]
    if not facts.person or table in MASTER + BULK + PLANS:
        return None
    day, institution = _day(facts), _institution(facts)
    apart = {facts.person, institution}
    if len(facts.key) == 1:  # a key of several columns does not come apart again: its columns stay in the line
        apart.update(facts.key)
    if facts[day].kind is Kind.DAY:  # an instant says more than the day that is made of it
        apart.add(day)
    return EntryShape(facts, day, institution, tuple(name for name in facts.names if name not in apart))


def _day(facts: FactTable) -> str:
    dated = (column.name for column in facts.columns if column.kind in (Kind.DAY, Kind.INSTANT))
    return facts.month or next(dated)


def _institution(facts: FactTable) -> str:
    return next((column.name for column in facts.columns if column.refers == "institution"), "")
