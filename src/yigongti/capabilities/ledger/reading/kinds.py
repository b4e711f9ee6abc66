"""Target or standing norm: what is to be reached once, or what is to hold all the time.

Every sign that is there gives its points, those for a norm above zero and those for an aim below; the sum decides.
What nothing speaks of is an aim.  `judged` tells the sum with its reasons.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from yigongti.capabilities.ledger.reading import norms
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence
from yigongti.capabilities.ledger.reading.model import Kind

Genre = Literal["plan", "goals", "measures", "standard"]

_REACHED = re.compile(
    r"(?:达到|达|[提升增扩延]\S{0,2}[到至]|[降减缩压]\S{0,2}[到至]|增长|提高|提升|增加|下降|降低|减少|缩短|实现|突破|建成|完成)$"
)
_PERIOD = re.compile(r"十[三四五六]五”?(?:期间|时期|期内)每")
_AIMS = re.compile(r"力争|争取|逐步|逐年|稳步|努力|目标")
_STANDARD = re.compile(r"(?:基本|能力|评审|管理|建设|设置|配置|配备|建筑|装备|准入)标准(?!化)(?:\([^()]*\))?$")
_MEASURES = re.compile(r"(?:办法|细则|规定|条例|制度|规程|章程|实施标准)(?:\([^()]*\))?$")
_GOALS = re.compile(r"(?:目标|指标)(?:任务|要求|体系)?$")
_LISTS_ASSESSED = re.compile(r"(?:考核|评价)(?:内容|指标|目标)[^,。]{0,8}:$")
_ASSESSES = re.compile(r"考核|评价|评估|绩效|评审|监测")


@dataclass(frozen=True)
class Evidence:
    """What a kind is judged by.  base: what the number is counted for (每周, 每个街道); genre: who speaks."""

    frame: Frame
    sentence: Sentence
    due: str | None
    base: str
    genre: Genre = "plan"


@dataclass(frozen=True)
class Sign:
    """points: above zero for a norm, below for an aim.  says: the reason in words, for the person who reviews.

    spoken: the number's own words say so; false where only the kind of thing it counts does.
    """

    points: int
    says: str
    holds: Callable[[Evidence], bool]
    spoken: bool = True


@dataclass(frozen=True)
class Judgement:
    """The kind, and the signs it rests on."""

    kind: Kind
    signs: tuple[Sign, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What was said for either side."""
        return tuple(sign.says for sign in self.signs)

    def reasons_for(self, kind: Kind) -> tuple[str, ...]:
        """What was said for one side."""
        return tuple(sign.says for sign in self.signs if (sign.points > 0) == (kind == "rule"))

    @property
    def is_aimed(self) -> bool:
        """True when something was said for an aim."""
        return any(sign.points < 0 for sign in self.signs)

    @property
    def is_spoken(self) -> bool:
        """True when the number's own words make it a norm, whatever stands before it."""
        return any(sign.spoken and sign.points > 0 for sign in self.signs)


def judged(evidence: Evidence) -> Judgement:
    """The kind of a number, by the points of all signs that hold."""
    signs = tuple(sign for sign in SIGNS if sign.holds(evidence))
    return Judgement("rule" if sum(sign.points for sign in signs) > 0 else "target", signs)


def genre_of(title: str, headings: tuple[str, ...], *, lead: str = "") -> Genre:
    """How a part of a document speaks: a plan sets aims, most of all under its goals; standards set norms.

    lead: the words right above it (考核内容包括:).
    """
    if any(_STANDARD.search(heading) for heading in (title, *headings)):
        return "standard"
    if any(_GOALS.search(heading) for heading in headings) or _LISTS_ASSESSED.search(lead):
        return "goals"
    return "measures" if _MEASURES.search(title) and not _ASSESSES.search(title) else "plan"


def _norm(predicate: Callable[[Frame, Sentence, str], bool]) -> Callable[[Evidence], bool]:
    return lambda evidence: predicate(evidence.frame, evidence.sentence, evidence.base)


def _is_dated(evidence: Evidence) -> bool:
    return evidence.due is not None


def _is_in_period(evidence: Evidence) -> bool:
    """“十四五”期间每所中心至少建成1个: by the end of the plan's years."""
    return bool(_PERIOD.search(evidence.frame.left))


def _is_reached(evidence: Evidence) -> bool:
    """达到75%, 提高到80%, 力争不低于60%: a way to go."""
    if evidence.genre == "measures":
        return bool(_AIMS.search(evidence.frame.left))
    before = evidence.frame.before
    stem = evidence.frame.left[: before.end] if before and before.form == "prefix" else evidence.frame.left
    return bool(_REACHED.search(stem) or _AIMS.search(evidence.frame.left))


SIGNS = (
    Sign(10, "频次、条件或补助，没有完成之日", _norm(norms.is_timeless)),
    Sign(-20, "有完成期限", _is_dated),
    Sign(-6, "在规划期内完成", _is_in_period),
    Sign(5, "时长、时限", _norm(norms.is_rhythm)),
    Sign(5, "每个单位都要有", _norm(norms.is_norm_of_each)),
    Sign(5, "资金、资源的划分", _norm(norms.is_allocation)),
    Sign(5, "由谁承担、留用或权重", _norm(norms.is_shared_out)),
    Sign(5, "应当、不得、按规定比例", _norm(norms.is_obligation)),
    Sign(3, "原则上、一般", _norm(norms.is_usual)),
    Sign(5, "人员、床位、设备的配备", _norm(norms.is_staffing), spoken=False),
    Sign(5, "占另一个数的份额", _norm(norms.is_part_of_base)),
    Sign(5, "建设、配置标准", lambda evidence: evidence.genre == "standard", spoken=False),
    Sign(3, "办法、规定类文件", lambda evidence: evidence.genre == "measures", spoken=False),
    Sign(3, "待遇、价格、收费标准", _norm(norms.is_benefit)),
    Sign(5, "待遇的差别", _norm(norms.is_difference)),
    Sign(8, "可以做到的限度", _norm(norms.is_permitted)),
    Sign(3, "对某种情形", _norm(norms.is_for_case)),
    Sign(5, "抽查、访问的数量", _norm(norms.is_sampled)),
    Sign(3, "人员构成", _norm(norms.is_makeup), spoken=False),
    Sign(5, "在考核中的分量", _norm(norms.is_weight)),
    Sign(3, "人员与床位之比", _norm(norms.is_manning_ratio), spoken=False),
    Sign(3, "服务半径、距离", _norm(norms.is_radius)),
    Sign(-4, "达到、提高到、降至", _is_reached),
    Sign(-3, "列在目标之下", lambda evidence: evidence.genre == "goals"),
)
