"""A decision and its reasons: what every pure judgement returns."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["allow", "refuse", "refer"]


@dataclass(frozen=True)
class Reason:
    """Why: the rule (id and the version that was in force) and the sentence a clerk reads."""

    rule_id: str
    version: str
    text: str


@dataclass(frozen=True)
class Decision:
    """allow, refuse, or refer to a person, with every reason that counted."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def allowed(self) -> bool:
        return self.outcome == "allow"

    @property
    def refused(self) -> bool:
        return self.outcome == "refuse"
