"""What a text says about a number: at least, at most, below, above, about, or just so."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading.model import Comparator

_SIGNS: dict[Comparator, str] = {
    ">=": (
        r"不低于|不少于|不小于|不得低于|不得少于|不得小于|不应低于|不应少于|不能低于|不能少于|不宜低于|不宜少于|应不低于|应不少于|不少|不弱于|至少|最少|最低|起码"
        r"|大于等于|大于或等于|≥|>=|=>"
        r"|(?:提高|提升|增加|增长|上升|扩大|扩展|拓展|升高|恢复|增|升|扩增|扩容|延长|推进|发展|放宽|扩|上涨)(?:到|至)(?:了)?|达到|达至|达成|达|做到"
        r"|(?:保持|稳定|维持|巩固|保持稳定)在|保持|满足|满"
    ),
    "<=": (
        r"不超过|不高于|不大于|不多于|不得超过|不得高于|不得多于|不应超过|不应高于|不突破|不得突破|不能超过|不超|不长于|小于等于|小于或等于|≤|<=|=<"
        r"|(?:下降|降低|减少|压缩|压减|缩短|缩减|控制|降|减|减至|压降|回落|缩小|精简)(?:到|至)|(?:严格)?(?:控制|限制|压缩|稳控)在|控制为|(?:精确|精准)[到至]|最多|至多|最高|最长|最大"
    ),
    "<": r"(?<!不)低于|(?<!不)少于|(?<!不)小于|不足|不到|未达到|低于|<",
    ">": r"(?<!不)(?<!不得)(?<!不应)(?:超过|高于|多于|大于|超出)|突破|(?<![彩B])超(?![重声市级标过高额导微敏])|>|优于",
    "~": r"大约|约为|大概|接近|(?<![签预节制条合履续违特])约|将近",
    "=": r"为|是|占|(?<!大于)=|共|计|总计|共计|合计",
}
_FILLER = r"(?:了|为|约|:|总数的|总量的|人口的|总人口的|平均)?"
_LONGEST_WORDS = 18  # characters of a comparison with what may stand between it and the number
_AT_END: list[tuple[Comparator, re.Pattern[str]]] = [
    (sign, re.compile(rf"(?P<word>{words})(?P<about>约)?{_FILLER}$")) for sign, words in _SIGNS.items()
]
_STRONG = "|".join(_SIGNS[sign] for sign in (">=", "<=", "<", ">"))
_WITH_BASE = re.compile(rf"(?P<word>{_STRONG})(?P<base>[^,;:。]{{1,34}}?的)$")
_BETTER_BY = re.compile(
    r"(?<!不)(?<!不得)(?<!不应)(?P<word>高于|低于|超过|少于|优于)(?P<base>[^,;:。]{2,24}?(?:平均水平|平均值|均值|平均|水平))(?:的)?$"
)
_CARRIED = re.compile(
    r"(?:^|[,;:])(?:(?P<up>提高|提升|增加|扩大|拓展|延长|扩展)|(?P<down>降低|减少|缩短|压缩|压减))[^,;:。\d]{2,24}(?P<word>[到至])$"
)
_AFLOAT = re.compile(r"(?P<word>至少|最少|不少于|不低于|不得少于|最多|至多|不超过)(?P<between>[^,;:。\d%]{1,16})$")
_MOVED_IN = re.compile(r"(?P<word>提高到|提升到|达到|降到|下降到|降至|提高至|提升至)[一二三]级(?:公立)?(?:医院|机构)$")
_SUFFIX = re.compile(
    r"(?:\([^()]{0,10}\))?(?:次|名|个|家|品种|病种|项目)?(?:及其|及|或|和|或者)?"
    r"(?P<word>以上|之上|以内|之内|以下|之下|左右|上下|之间|范围内|内(?!部|科|涵|容|设|外|分|镜|蒙|审|控|地|生|务|在|具|核(?!实))|起(?=$|[,;。)]))"
)
_SUFFIX_SIGN: dict[str, Comparator] = {
    "以上": ">=", "之上": ">=", "起": ">=", "以内": "<=", "之内": "<=", "内": "<=", "范围内": "<=",
    "以下": "<=", "之下": "<=", "左右": "~", "上下": "~", "之间": "=",
}  # fmt: skip


@dataclass(frozen=True)
class Bound:
    """A comparison and the folded-text offsets of its word in the stretch it was found in.

    form: `prefix` (不低于…), `based` (超过…的N%), `afloat` (至少派出N名), `suffix` (N以上), `none`.
    """

    sign: Comparator
    start: int
    end: int
    form: str
    word: str = ""


def bound_before(left: str) -> Bound | None:
    """The comparison that leads to a number, read from the words before it."""
    direct = [
        Bound(sign if not match["about"] else "~", match.start(), match.end(), "prefix", match["word"])
        for sign, pattern in _AT_END
        if (match := pattern.search(left, max(0, len(left) - _LONGEST_WORDS)))
    ]
    if direct:
        return min(direct, key=lambda bound: (bound.start, bound.sign == "="))
    if match := _CARRIED.search(left):
        return Bound(">=" if match["up"] else "<=", match.start("word"), match.end(), "prefix", match["word"])
    for pattern, form in ((_BETTER_BY, "based"), (_WITH_BASE, "based"), (_AFLOAT, "afloat"), (_MOVED_IN, "afloat")):
        if match := pattern.search(left):
            return Bound(_sign_of(match["word"]), match.start(), match.end(), form, match["word"])
    return None


def bound_after(right: str) -> Bound | None:
    """The comparison that follows a number (以上, 以内, 左右), read from the words after it."""
    match = _SUFFIX.match(right)
    return Bound(_SUFFIX_SIGN[match["word"]], 0, match.end(), "suffix", match["word"]) if match else None


def combine(before: Bound | None, after: Bound | None, *, ranged: bool) -> Comparator:
    """One comparator from the words on both sides of a number; a range or a plain count is `=`."""
    if after and after.sign == "~":
        return "~"
    if before and before.sign in (">", "<") and not (after and before.form == "based"):
        return before.sign
    if ranged and not (before and before.word.startswith(("不", "至少", "≥", "≤"))):
        return "=" if not after or after.word in ("之间", "以内", "范围内") else after.sign
    if after and after.word != "之间":
        return after.sign
    return before.sign if before else "="


def _sign_of(word: str) -> Comparator:
    for sign, words in _SIGNS.items():
        if re.fullmatch(words, word):
            return sign
    return "="
