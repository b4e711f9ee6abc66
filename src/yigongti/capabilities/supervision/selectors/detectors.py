"""Detectors as people read them: definition, clause, parameters as they stand, what they found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yigongti.capabilities.supervision.decisions.detector import Detector, Severity
from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.kernel.errors import PolicyError
from yigongti.kernel.rules import RuleBook, RuleVersion, SourceRef
from yigongti.spine.county_rules import county_rules


@dataclass(frozen=True)
class Shown:
    """A detector with its clause and the versions of its parameters on a day."""

    detector: Detector
    source: SourceRef
    parameters: Sequence[RuleVersion]

    @property
    def id(self) -> str:
        return self.detector.id

    @property
    def label(self) -> str:
        return _(self.detector.label)

    @property
    def definition(self) -> str:
        return _(self.detector.definition)

    @property
    def severity(self) -> str:
        return _(self.detector.severity.label)

    @property
    def tone(self) -> str:
        return "bad" if self.detector.severity is Severity.BREACH else "warn"


def shown(detector_id: str, *, on: date) -> Shown | None:
    """One detector; None where there is none of this id."""
    detector = DETECTORS.get(detector_id)
    return _shown(detector, county_rules(), on) if detector else None


def all_shown(*, on: date) -> list[Shown]:
    """Every detector, in the order of declaration."""
    book = county_rules()
    return [_shown(each, book, on) for each in DETECTORS.values()]


def source_of(book: RuleBook, doc: str, clause: str) -> SourceRef:
    """A clause as a chip cites it.  Raises PolicyError where the county's policy data do not have it."""
    document = book.documents.get(doc)
    if document is None or clause not in document.clauses:
        raise PolicyError(f"没有登记条款 {doc} {clause}", remedy="请在 policy/sources 里补充")
    return SourceRef(doc, clause, document.clauses[clause].heading, document.title, document.number)


def _shown(detector: Detector, book: RuleBook, on: date) -> Shown:
    versions = [book.find(rule_id, on=on) for rule_id in detector.parameters.values()]
    return Shown(detector, source_of(book, *detector.source), versions)
