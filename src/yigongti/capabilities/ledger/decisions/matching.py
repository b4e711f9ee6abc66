"""Which indicator measures a target: suggested from its phrase by words and units; a person confirms.

A phrase of a document and an indicator's label say the same thing in other words (签约服务 / 家庭医生签约, 长护险 /
长期护理保险).  Both are reduced to the words of a small dictionary and to letters, compared, and held against the
unit.  No more than a suggestion comes of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

SAME_WORDS: Sequence[tuple[str, str]] = (
    ("医疗卫生机构", "机构"), ("公立医疗机构", "机构"), ("乡镇卫生院(社区卫生服务中心)", "乡镇卫生院"),
    ("百分比", "占比"), ("比例", "占比"), ("比重", "占比"), ("比率", "占比"), ("诊疗量", "诊疗人次"),
    ("就诊人次", "诊疗人次"), ("家庭医生", ""), ("签约服务", "签约"), ("市域内", "县域内"), ("区域内", "县域内"),
    ("常住人口", "人口"), ("长期护理保险", "长护险"), ("每千人口", "每千人口"), ("医务性收入", "医疗服务收入"),
    ("医疗技术服务收入", "医疗服务收入"), ("业务收入", "医疗收入"), ("重大慢性病", "四类慢性病"),
    ("均次费用", "次均费用"), ("年均增幅", "增长率"), ("增幅", "增长率"), ("设立", "设置"), ("覆盖率", "率"),
    ("互联网医院业务", "互联网诊疗人次"), ("派出人数", "下派人数"), ("在册严重精神障碍患者", "在册患者"),
    ("执业(助理)医师", "医师"), ("注册护士", "护士"), ("保障水平", ""), ("全市", ""), ("全区", ""), ("全县", ""),
    ("居民", ""),
)  # fmt: skip
"""Word in a document or label → the word both are compared by; longer ones first where they overlap."""

_NOISE = re.compile(r"[\s、,,。;;()()“”\"《》/:]|达到|以上|以下|力争|确保|推进|实现|其中")
_UNIT_AGREES, _UNIT_DIFFERS = 12.0, -30.0
LEAST = 58.0
"""Scores below this are not suggested."""
_CLEAR = 72.0
_WHOLE_LABEL = 5
"""From how many letters a label that stands whole in the phrase is clear by itself."""


@dataclass(frozen=True)
class Candidate:
    """An indicator that could measure something."""

    id: str
    label: str
    definition: str
    unit: str


@dataclass(frozen=True)
class Suggestion:
    """An indicator with how well it fits (0–100) and whether that is clear enough to offer it first."""

    indicator: str
    score: float

    @property
    def is_clear(self) -> bool:
        return self.score >= _CLEAR


def suggest(phrase: str, candidates: Iterable[Candidate], *, unit: str = "", limit: int = 5) -> list[Suggestion]:
    """The indicators that could measure what a phrase names, best first.

    unit: of the target in rule terms ("" where it has none): one of another unit can hardly be meant.
    """
    wanted = reduced(phrase)
    if not wanted:
        return []
    scored = [Suggestion(each.id, _score(wanted, each, unit)) for each in candidates]
    good = [suggestion for suggestion in scored if suggestion.score >= LEAST]
    return sorted(good, key=lambda suggestion: (-suggestion.score, suggestion.indicator))[:limit]


def reduced(phrase: str) -> str:
    """A phrase in the words that are compared."""
    for said, meant in SAME_WORDS:
        phrase = phrase.replace(said, meant)
    return _NOISE.sub("", phrase)


def _score(wanted: str, candidate: Candidate, unit: str) -> float:
    label = reduced(candidate.label)
    likeness = 0.55 * _shared_pairs(wanted, label) + 0.45 * fuzz.token_ratio(wanted, label)
    if len(label) >= _WHOLE_LABEL and label in wanted:
        likeness = max(likeness, _CLEAR)
    likeness += 0.06 * fuzz.partial_ratio(wanted, reduced(candidate.definition))
    if unit:
        likeness += _UNIT_AGREES if unit == candidate.unit else _UNIT_DIFFERS
    return max(min(likeness, 100.0), 0.0)


def _shared_pairs(first: str, second: str) -> float:
    """Letters in pairs that both have, as a share of those of both (Dice), in percent."""
    pairs, others = _pairs(first), _pairs(second)
    return 200.0 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
