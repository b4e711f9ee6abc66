"""DIP: catalogues made from stays, stays grouped and scored by a catalogue (JD-11, YN-13).

`build(stays, rules=…)` makes a catalogue, `score(stays, catalogue, rules=…).table` groups a table of stays.
"""

from yigongti.capabilities.payment.decisions.dip.building import build
from yigongti.capabilities.payment.decisions.dip.cases import treatment_of
from yigongti.capabilities.payment.decisions.dip.catalogue import Catalogue, Comparison, compared, read_catalogue
from yigongti.capabilities.payment.decisions.dip.matching import GroupKey
from yigongti.capabilities.payment.decisions.dip.scoring import Scored, score

__all__ = [
    "Catalogue",
    "Comparison",
    "GroupKey",
    "Scored",
    "build",
    "compared",
    "read_catalogue",
    "score",
    "treatment_of",
]
