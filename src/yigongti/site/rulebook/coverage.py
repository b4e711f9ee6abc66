"""Each clause of the requirements with what serves it today, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from yigongti.kernel.rules import CAPABILITIES, DEFAULT_POLICY, Coverage, read_coverage
from yigongti.kernel.rules.coverage import STATES

TONES: Mapping[str, str] = {"served": "good", "partly": "warn", "ledger only": "plain", "planned": "none"}


@dataclass(frozen=True)
class Served:
    """One clause as a row of the page."""

    clause: Coverage

    @property
    def id(self) -> str:
        return self.clause.id

    @property
    def label(self) -> str:
        return self.clause.label

    @property
    def doc(self) -> str:
        return self.clause.doc

    @property
    def state(self) -> str:
        return self.clause.state

    @property
    def state_label(self) -> str:
        return _(STATES[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def capabilities(self) -> str:
        return "、".join(_(CAPABILITIES.get(name, name)) for name in self.clause.capabilities)

    @property
    def rules(self) -> int:
        return len(self.clause.rules)

    @property
    def indicators(self) -> int:
        return len(self.clause.indicators)

    @property
    def workflows(self) -> int:
        return len(self.clause.workflows)

    @property
    def screens(self) -> int:
        return len(self.clause.screens)


@cache
def coverage() -> tuple[Served, ...]:
    """Every clause of the requirements, in the file's order."""
    return tuple(Served(clause) for clause in read_coverage(DEFAULT_POLICY).values())


def serving(doc: str, clause: str) -> list[Served]:
    """The requirements that a clause of a document makes."""
    return [row for row in coverage() if row.doc == doc and clause in row.clause.clauses]


def resting_on(rule_id: str) -> list[Served]:
    """The requirements that a rule serves."""
    return [row for row in coverage() if rule_id in row.clause.rules]
