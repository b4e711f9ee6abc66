"""Rules: dated, cited values kept as data, looked up by day and never defaulted in silence.

    book = RuleBook.load(DEFAULT_POLICY, ["national", "banan-2024"], own=county_folder)
    book.find("followup.visits_per_year", on=day).number

A rule's number stands in `policy/`, with its clause; code names the rule's id.  Two days matter: from when a value
is in force (`effective_from`) and from when it was known (`recorded_on`), so that an old result can be reproduced.
"""

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.rules.book import DEFAULT_POLICY, OutsideDates, RuleBook, Rules, UnknownRule
from yigongti.kernel.rules.capabilities import CAPABILITIES, SECTIONS
from yigongti.kernel.rules.coverage import Coverage, read_coverage
from yigongti.kernel.rules.linting import lint, whole
from yigongti.kernel.rules.model import (
    CONFIDENCE_LABELS,
    LEVEL_LABELS,
    LEVELS,
    Clause,
    Document,
    Pack,
    Rule,
    RuleVersion,
    SourceRef,
)
from yigongti.kernel.rules.units import KINDS, UNITS
from yigongti.kernel.rules.values import Band, CodeRange, CodeSet, Stretch

__all__ = [
    "CAPABILITIES",
    "CONFIDENCE_LABELS",
    "DEFAULT_POLICY",
    "KINDS",
    "LEVELS",
    "LEVEL_LABELS",
    "SECTIONS",
    "UNITS",
    "Band",
    "Clause",
    "CodeRange",
    "CodeSet",
    "Coverage",
    "Document",
    "OutsideDates",
    "Pack",
    "PolicyError",
    "Rule",
    "RuleBook",
    "RuleVersion",
    "Rules",
    "SourceRef",
    "Stretch",
    "UnknownRule",
    "lint",
    "read_coverage",
    "whole",
]
