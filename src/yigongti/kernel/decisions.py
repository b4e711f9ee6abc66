"""A decision and its reasons: what every pure judgement returns."""

from dataclasses import dataclass, field
from typing import Literal

from yigongti.kernel.rules import RuleVersion

Outcome = Literal["allow", "refuse", "refer"]


@dataclass(frozen=True)
class Reason:
    """Why: the rule (id and the version that was in force; "" where no rule says it) and the sentence a clerk reads."""

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


ALLOWED = Decision("allow")


def because(rule: RuleVersion | None, text: str) -> Reason:
    """A reason that rests on a version of a rule; None: on the facts alone."""
    return Reason(rule.rule_id, rule.key, text) if rule else Reason("", "", text)


def refuse(text: str, *, by: RuleVersion | None = None) -> Decision:
    """No, for one reason: by a rule, or on the facts alone."""
    return Decision("refuse", (because(by, text),))
