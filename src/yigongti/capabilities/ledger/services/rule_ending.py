"""What a document wrote ends with it: its values in the county's own pack get their last day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yigongti.capabilities.ledger.models import PolicyDocument, Target
from yigongti.kernel.clock import day_of
from yigongti.kernel.rules import DEFAULT_POLICY
from yigongti.kernel.rules.reading import OWN
from yigongti.kernel.rules.writing import end_value
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home


def end_rules(document: PolicyDocument, *, reason: str, by: Any, at: datetime) -> Sequence[str]:
    """End the values that a document wrote, today being their last day; returns the ids of their rules.

    A value that another document has set since stands, and so does one that is not in force yet.
    Raises PolicyError where a person has edited the file so that nothing can be added to it.
    """
    today = day_of(at)
    ended = []
    for rule_id in rules_of(document, at=at):
        end_value(
            home().own_policy, rule_id, ends_on=today, recorded_on=today, note=f"由台账终止:{reason}",
            root=DEFAULT_POLICY, book=county_rules(),
        )  # fmt: skip
        trail.record("end_rule", actor=by.username, at=at, subject=f"case:{document.pk}", detail={"rule": rule_id})
        ended.append(rule_id)
    return ended


def rules_of(document: PolicyDocument, *, at: datetime) -> list[str]:
    """The rules whose value in force in the county's own pack is the one that a document wrote."""
    today = day_of(at)
    written = Target.objects.filter(clause__document=document).exclude(rule_id="").order_by("rule_id")
    found = []
    for rule_id in written.values_list("rule_id", flat=True).distinct():
        rule = county_rules().rules.get(rule_id)
        version = rule.in_force(on=today) if rule else None
        if version and version.pack == OWN and version.source.doc == document.rule_source and not version.effective_to:
            found.append(rule_id)
    return found
