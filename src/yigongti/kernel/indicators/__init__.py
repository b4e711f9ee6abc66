"""Indicators: one number, one definition, from which everything else follows.

    in_county = VISITS.where(lambda visit: visit.in_county)
    Indicator("primary_visit_share", …, numerator=in_county.where(lambda visit: visit.primary).count(),
              denominator=in_county.count(), …)

`Relation` says what rows there are (an Ibis expression over the fact tables), `Tally` what is counted of them,
`Indicator` what is set against what.  Nothing here computes: a runner fuses the tallies of all indicators into one
scan a relation, on whatever engine; a plain row engine can evaluate the same declarations row by row.
"""

from yigongti.kernel.indicators.amounts import (
    Amount,
    Combined,
    Constant,
    Era,
    Parameter,
    Tally,
    evaluate,
    parameters,
    parts,
    tallies,
)
from yigongti.kernel.indicators.declaration import DIMENSIONS, Indicator, Proof, catalogue, problems
from yigongti.kernel.indicators.groups import AREAS, EVERY, GROUPS, MONTH, SEATS, YEARLY_AREAS
from yigongti.kernel.indicators.relations import HOME, Condition, Relation, Rows, drawn
from yigongti.kernel.indicators.scene import AS_OF, SPAN, Scene, as_day, days_between
from yigongti.kernel.indicators.targets import Target, target_of

__all__ = [
    "AREAS",
    "AS_OF",
    "DIMENSIONS",
    "EVERY",
    "GROUPS",
    "HOME",
    "MONTH",
    "SEATS",
    "SPAN",
    "YEARLY_AREAS",
    "Amount",
    "Combined",
    "Condition",
    "Constant",
    "Era",
    "Indicator",
    "Parameter",
    "Proof",
    "Relation",
    "Rows",
    "Scene",
    "Tally",
    "Target",
    "as_day",
    "catalogue",
    "days_between",
    "drawn",
    "evaluate",
    "parameters",
    "parts",
    "problems",
    "tallies",
    "target_of",
]
