"""A payment standard is an average, not a quota: it must not become what a doctor is measured by or limited to.

Under DIP and DRG an institution is paid an average for a kind of case; some cases cost more and some less.  Made into a
limit for a doctor or a department, the standard drives patients out early and serious cases away, which is what the
detectors of this capability look for.  `check_performance` refuses one measure, `misuses` a whole book of rules.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from yigongti.kernel.decisions import ALLOWED, Decision, refuse
from yigongti.kernel.rules import Rule, RuleVersion

BARRED, WORDS = "supervision.quota.barred", "supervision.quota.words"
PERSONAL = frozenset({"staff", "doctor", "team", "department"})
"""Whom a performance measure may apply to so that a payment standard would become a quota."""
PERFORMANCE = ("finance.performance", "workforce.performance", "finance.pay", "workforce.pay")
"""Where rules of performance pay stand."""


@dataclass(frozen=True)
class Measure:
    """One measure of performance.  applies_to: "doctor", "department", "institution"…; basis: ids of the rules,
    indicators or figures it is reckoned from; text: how it is worded (label, note)."""

    id: str
    applies_to: str
    basis: tuple[str, ...]
    text: str


def check_performance(measure: Measure, *, rules: Mapping[str, RuleVersion]) -> Decision:
    """Refuse a measure of a person's or department's performance that rests on a payment standard; else allow.

    rules: those in force, with `supervision.quota.barred` and `.words`.  The reason names the rule and its source.
    """
    if measure.applies_to not in PERSONAL:
        return ALLOWED
    barred, words = rules[BARRED], rules[WORDS]
    if found := next((name for name in measure.basis if name in barred.codes), None):
        return _refuse(barred, f"“{measure.id}”以支付标准“{found}”考核{measure.text and f'({measure.text})'}")
    if found := next((each.first for each in words.codes.ranges if each.first in measure.text), None):
        return _refuse(words, f"“{measure.id}”把“{found}”用作对医务人员的考核或限额")
    return ALLOWED


def misuses(rules: Iterable[Rule], *, by: Mapping[str, RuleVersion]) -> list[str]:
    """Every rule of performance pay in a book that makes a payment standard a quota, told with the reason."""
    found = []
    for rule in rules:
        for measure in _measures(rule):
            decision = check_performance(measure, rules=by)
            found += [f"{rule.id}:{reason.text}" for reason in decision.reasons if decision.refused]
    return found


def _measures(rule: Rule) -> Iterator[Measure]:
    """What a rule of performance pay measures: its words, and the names that its table or set gives."""
    if not rule.id.startswith(PERFORMANCE):
        return
    for version in rule.versions:
        text = " ".join((version.label, version.note, version.text))
        yield Measure(rule.id, "staff", tuple(_names(version)), text)


def _names(version: RuleVersion) -> Iterator[str]:
    if version.kind == "code_set":
        yield from (each.first for each in version.codes.ranges)
    elif version.kind == "table":
        for name, cell in version.table.items():
            yield name
            yield from (str(each) for each in (cell.values() if isinstance(cell, Mapping) else (cell,)))


def _refuse(rule: RuleVersion, text: str) -> Decision:
    why = rule.note or rule.source.heading
    return refuse(f"{text};{why}——{rule.source.text}", by=rule)
