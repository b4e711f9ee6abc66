"""Numbers of an assessment: grades of a score, points given and taken; none of them is an aim of its own."""

import re

from yigongti.capabilities.ledger.reading.frames import Frame, Sentence

_CALLED = re.compile(
    r"^(?:\([^()]*\))?的?,?(?:(?:评|定|确定|认定|核定)?[为是](?:优秀|良好|合格|不合格|基本合格|达标|[一二三ABCD])|约谈|取消|评定|评为|定为|认定为|确定为|不予|扣|取消)"
)
_CHOSEN = re.compile(r"^的(?!比例|占比|单位(?:占|比)|机构(?:占|比))[一-鿿]")
_NAMED = re.compile(r"(?:优秀|良好|合格|等次|一等|二等|三等|[ABCD]级?)\(?[≥≤<>=]*$")
_SCORED = re.compile(r"^的?,?(?:按比例|酌情)?(?:得分|不得分|得满分|[得扣计加减][\d一二两半]|扣完)")
_PASSED = re.compile(r"^(?:及以上)?的?[视即]?为(?:通过|合格|优秀|良好|达标)")
_POINTS = re.compile(r"^(?:工分|积分|记分)(?!的)")
_PER_STEP = re.compile(
    r"(?:发现|发生|每有)$|每(?:下降|降低|减少|低|低于|高|高于|超|超过|增加|提高|上升|少|差|缺)(?:于)?(?:目标值|标准|基准)?$"
)


def is_grade(frame: Frame, sentence: Sentence) -> bool:
    """得分80分以上为优秀, 优秀(≥90分): what a score is called."""
    if frame.quantity.unit != "分":
        return False
    if frame.after is not None and frame.after.word in ("以上", "以下") and _CHOSEN.match(frame.tail):
        return True
    return bool(_CALLED.search(frame.tail) or _NAMED.search(sentence.text[: frame.quantity.start]))


def is_scored_step(frame: Frame) -> bool:
    """每下降1%扣1分, 低于3%不得分: what a step more or less costs; 满意度达到90%得5分 is an aim all the same."""
    if _PER_STEP.search(frame.left) or _PASSED.match(frame.tail) or _POINTS.match(frame.tail):
        return True
    stem = frame.left[: frame.before.start] if frame.before else frame.left
    return not stem and bool(_SCORED.match(frame.tail))


def without_score(tail: str) -> str:
    """The words after a number without the points they bring (得5分)."""
    return "" if _SCORED.match(tail) else tail
