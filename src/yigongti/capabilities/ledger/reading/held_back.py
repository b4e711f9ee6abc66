"""Numbers that are not read as targets but may be meant as such: a person is told of them."""

import re

from yigongti.capabilities.ledger.reading import measure_words
from yigongti.capabilities.ledger.reading.numerals import ARABIC, MAGNITUDE
from yigongti.capabilities.ledger.reading.passage import Passage

_UNIT = "|".join(re.escape(unit) for unit in (*measure_words.MONEY, *measure_words.SIZES))
_SAID = ("投资", "概算", "估算", "占地", "面积")
_PROJECT_SIZE = re.compile(
    rf"(?:总投资额?|概算(?:总?投资)?|估算(?:总?投资)?|占地(?:面积)?|总?建筑面积|用地面积)(?:约|为|共|达)*"
    rf"{ARABIC}{MAGNITUDE}?(?:余)?(?:{_UNIT})"
)


def names_project_size(text: str) -> bool:
    """True for folded text in which `project_sizes` may find something; cheap."""
    return any(word in text for word in _SAID)


def project_sizes(passage: Passage) -> list[str]:
    """总投资6.8亿元, 建筑面积8600平方米: quotes of what a project takes, which is no aim of the plan by itself."""
    found = (match.span() for match in _PROJECT_SIZE.finditer(passage.text))
    return [passage.quote(span, around=span) for span in found]
