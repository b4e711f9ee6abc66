"""Supervision's door: sweeps, the rule base, and the guard against payment standards used as quotas.

The guard is for whoever sets performance rules: `check_measure` refuses one measure, `misused_standards` every rule of
performance pay in a book that makes a payment standard a doctor's quota, each with the rule and clause it offends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from yigongti.capabilities.supervision.decisions import quota
from yigongti.capabilities.supervision.decisions.detector import Detector
from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.decisions.quota import Measure
from yigongti.capabilities.supervision.facts.tables import LIMIT_KINDS
from yigongti.capabilities.supervision.services import rule_base, sweeping
from yigongti.capabilities.supervision.services.rule_base import Imported
from yigongti.capabilities.supervision.services.sweeping import Swept, period_of_facts, sweep
from yigongti.capabilities.supervision.services.timer import sweep_if_due
from yigongti.kernel.decisions import Decision
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleBook, Rules
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.county_rules import county_rules

__all__ = [
    "LIMIT_KINDS", "Edition", "Imported", "Measure", "Swept", "as_dict", "check_measure", "described",
    "import_rule_base", "misused_standards", "period_of_facts", "retire_rule_base", "rule_editions", "sweep",
    "sweep_if_due", "what_if",
]  # fmt: skip


@dataclass(frozen=True)
class Edition:
    """An edition of the rule base in force."""

    title: str
    number: int
    imported_on: date
    lines: int


def check_measure(measure: Measure, *, on: date, book: RuleBook | None = None) -> Decision:
    """Whether something may be a measure of performance: refused where a payment standard becomes a quota."""
    return quota.check_performance(measure, rules=Rules(book or county_rules(), on))


def misused_standards(book: RuleBook, *, on: date) -> list[str]:
    """Rules of performance pay that make a payment standard a quota, told with what they offend; [] where none does."""
    return quota.misuses(book.rules.values(), by=Rules(book, on))


def import_rule_base(files: Iterable[Path], *, at: datetime, by: Any = SYSTEM_ACTOR) -> list[Imported]:
    """Import workbooks of the published rule base one by one.  Raises FileRefused on the first that is not known."""
    return [rule_base.import_file(path, by=by, at=at) for path in files]


def retire_rule_base(title: str, *, at: datetime, by: Any = SYSTEM_ACTOR) -> None:
    """Take the edition in force of a title out of use."""
    rule_base.retire(title, by=by, at=at)


def rule_editions() -> list[Edition]:
    """The editions in force."""
    return [
        Edition(each.title, each.number, each.imported_at.date(), sum(each.counts.values()))
        for each in rule_base.in_force()
    ]


def what_if(
    settings: Sequence[str], *, period: Period | None = None, detectors: Iterable[str] = ()
) -> dict[str, dict[str, Any]]:
    """What a sweep would find with parameters supposed ("split_admission.interval=30"); nothing is kept."""
    book = sweeping.supposed(county_rules(), settings)
    found = sweeping.look(sweeping.chosen(detectors), period=period or period_of_facts(), book=book).found
    return {each.detector.id: _line(each.detector, each.hits.num_rows, each.hits["amount_fen"].to_pylist())
            for each in found}  # fmt: skip


def as_dict(swept: Swept) -> dict[str, Any]:
    """A sweep as JSON has it."""
    return {
        "sweep": swept.sweep_id, "from": swept.period.start.isoformat(), "to": swept.period.end.isoformat(),
        "lines": swept.lines, "new_findings": swept.new_findings, "new_leads": swept.new_leads,
        "seconds": round(swept.seconds, 2),
        "hits": {name: _line(DETECTORS[name], count, [swept.amounts[name]]) for name, count in swept.hits.items()},
    }  # fmt: skip


def described(*, on: date) -> list[dict[str, Any]]:
    """Every detector with its definition, clause and parameters as they stand on a day."""
    book = county_rules()
    return [_described(each, book, on=on) for each in DETECTORS.values()]


def _described(detector: Detector, book: RuleBook, *, on: date) -> dict[str, Any]:
    document, clause = detector.source
    parameters = [
        {"name": name, "rule": rule_id, "value": book.find(rule_id, on=on).text}
        for name, rule_id in detector.parameters.items()
    ]
    return {
        "id": detector.id, "label": detector.label, "severity": detector.severity.label,
        "definition": detector.definition, "source": f"{book.documents[document].title} {clause}",
        "parameters": parameters,
    }  # fmt: skip


def _line(detector: Detector, hits: int, amounts: Sequence[int]) -> dict[str, Any]:
    return {"label": detector.label, "hits": hits, "amount_fen": sum(amounts)}
