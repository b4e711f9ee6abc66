"""What was written as a rule ends: taken back by a person, or with its document; its value gets its last day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.ledger.models import PolicyDocument, Target
from yigongti.capabilities.ledger.workflow import KEEPERS
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.rules import DEFAULT_POLICY
from yigongti.kernel.rules.reading import OWN
from yigongti.kernel.rules.writing import end_value
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home


def end_rules(document: PolicyDocument, *, reason: str, by: Any, at: datetime) -> Sequence[str]:
    """End the values that a document wrote, today being their last day; returns the ids of their rules.

    A value that another document has set since stands, and so does one that is not in force yet.
    Raises PolicyError where a person has edited the file so that nothing can be added to it.
    """
    ended = rules_of(document, at=at)
    for rule_id in ended:
        _end(rule_id, document, reason=reason, by=by, at=at)
    return ended


@transaction.atomic
def take_back(target: Target, *, reason: str, by: Any, at: datetime) -> None:
    """Take back the rule that was written from a target: its value ends today, and the packs below count again.

    Where another value holds by now, that one stands, and only the target lets go of the rule.  Raises NotAllowed for
    another than the bureau, Refusal where nothing was written or where the value is still to come into force.
    """
    if not may(by, KEEPERS):
        raise NotAllowed("规则由卫生健康局收回", remedy="请转交卫生健康局")
    if not target.rule_id:
        raise Refusal("这个目标没有写成规则", where=target.phrase, remedy="不必收回")
    document = target.clause.document
    rule = county_rules().rules.get(target.rule_id)
    own = [each for each in (rule.layers.get(OWN, ()) if rule else ()) if each.source.doc == document.rule_source]
    if own and own[-1].effective_from > day_of(at):
        raise Refusal(
            f"规则 {target.rule_id} 从 {own[-1].effective_from} 起才生效", where=target.phrase,
            remedy="生效后再收回,或在本县规则文件里删去这个取值",
        )  # fmt: skip
    if target.rule_id in rules_of(document, at=at):
        _end(target.rule_id, document, reason=f"收回:{reason}", by=by, at=at)
    Target.objects.filter(pk=target.pk).update(rule_id="")


def _end(rule_id: str, document: PolicyDocument, *, reason: str, by: Any, at: datetime) -> None:
    today = day_of(at)
    end_value(
        home().own_policy, rule_id, ends_on=today, recorded_on=today, note=f"由台账终止:{reason}",
        root=DEFAULT_POLICY, book=county_rules(),
    )  # fmt: skip
    trail.record("end_rule", actor=by.username, at=at, subject=f"case:{document.pk}", detail={"rule": rule_id})


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
