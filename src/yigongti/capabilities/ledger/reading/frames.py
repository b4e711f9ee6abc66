"""Each number of a sentence with the words around it that may speak of it.

A frame reaches from the last boundary (comma, semicolon, colon, a bracket that holds numbers, the number before) to the
number, and from the number to the next boundary.
"""

import re
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading import measure_words
from yigongti.capabilities.ledger.reading.comparators import Bound, bound_after, bound_before
from yigongti.capabilities.ledger.reading.deadlines import Deadline, find_deadlines
from yigongti.capabilities.ledger.reading.masks import explanations, screen
from yigongti.capabilities.ledger.reading.passage import Span
from yigongti.capabilities.ledger.reading.quantities import Quantity, find_quantities

_BASE_AFTER = re.compile(r"(?:张?床位?|名|常住|户籍|服务)?(?:人口|居民|人|老年人|儿童|张床位|床位|张床|新生儿|活产|户)")
_BASE_BEFORE = re.compile(r"(?:每(?:服务|负责|再?增加|新增|增设)?|按(?:照)?每|以每)$")
_SETS_UP_IN = re.compile(
    r"(?:县|市|区|旗|乡镇|乡|镇|街道|行政村|村|社区)(?:\([^)]*\))?(?:原则上|均|都|要|应|只|至少)*"
    r"(?:组建|设置|设立|建设|建成|建立|办好|举办|建|设|配备|布局|有)"
)
_CHAIN = re.compile(r"^(?:[、/]|和|及|与|以及|或)")
_STARTING_VALUE = re.compile(
    r"^(?:左右|以上)?(?:逐步|稳步|逐年|分别)?(?:提高|提升|增加|上升|增长|扩大|下降|降低|减少|缩短|压缩|降|增|升)(?:到|至)"
)
_FROM = re.compile(r"(?:由|从)(?:目前|现在|现有|去年|当前|[^,;。、]{0,12}年|每[^,;。、\d]{1,8})?(?:的|底的|末的)?$")
_NOUN_AFTER_RANK = re.compile(r"(?!以内|之内|行列|名次|序列|水平|左右|以上)[一-鿿]")
_EACH = re.compile(
    r"(?:每(?:[百千万十\d]+(?:名|位|张)?(?:常住|户籍|服务)?(?:人口|居民|人|床位|老年人|儿童)|人|户|床|年|月|周|日|天|所|村|家|个|院))+$"
)
_LEVEL = re.compile(r"^(?:国家|省|市|州|县|区|乡镇|镇|村)级")
_ONLY_VERB = re.compile(r"(?:力争|争取|确保|至少|最好|有|配备|达到|不少于)+")
_HARD = re.compile(r"[,;:]|--+|·")


@dataclass(frozen=True)
class Sentence:
    """A folded sentence with its numbers, times and boundaries.  offset: where it begins in its passage."""

    text: str
    offset: int
    quantities: tuple[Quantity, ...]
    bases: tuple[Quantity, ...]
    deadlines: tuple[Deadline, ...]
    cuts: tuple[int, ...]

    @classmethod
    def of(cls, text: str, *, offset: int = 0, year: int | None = None) -> "Sentence":
        """Look for numbers and times; year is the document's own."""
        screened = screen(text)
        found = find_quantities(screened)
        bases = tuple(
            quantity
            for quantity, following in zip(found, [*found[1:], None], strict=False)
            if _is_base(text, quantity) or _is_each_one(text, quantity, following)
        )
        deadlines = find_deadlines(text, year=year)
        cuts = _cuts(text, found, deadlines)
        rest = tuple(
            quantity
            for quantity in found
            if quantity not in bases
            and not _is_start(text, quantity)
            and not _is_rank_in_passing(text, quantity, found, cuts)
        )
        return cls(text, offset, rest, bases, tuple(deadlines), cuts)


@dataclass(frozen=True)
class Frame:
    """One number and its neighbourhood.  left, right: the words before and after, up to the boundaries.

    tail: right, and on past a number that stands within it.

    end: past the number and its suffix (以上).  chained: an item of a 、 list whose earlier items have numbers too.
    """

    quantity: Quantity
    left_start: int
    left: str
    end: int
    right: str
    tail: str
    before: Bound | None
    after: Bound | None
    chained: bool


def frames(sentence: Sentence) -> list[Frame]:
    """A frame for every number of the sentence, left to right."""
    framed: list[Frame] = []
    for index, quantity in enumerate(sentence.quantities):
        following = sentence.quantities[index + 1] if index + 1 < len(sentence.quantities) else None
        framed.append(_frame(sentence, quantity, framed[-1] if framed else None, following))
    for index in reversed(range(len(framed) - 1)):
        if framed[index].quantity.end == framed[index + 1].quantity.start:
            shared = framed[index + 1]
            framed[index] = replace(framed[index], right=shared.right, tail=shared.tail, after=shared.after)
        elif _shares_suffix(framed[index], framed[index + 1]):
            framed[index] = replace(framed[index], after=framed[index + 1].after)
        elif _shares_object(framed[index], framed[index + 1]):
            framed[index] = replace(framed[index], right=framed[index + 1].right)
        elif _LEVEL.fullmatch(framed[index].right) and framed[index + 1].chained:
            framed[index] = replace(framed[index], right=framed[index].right + _LEVEL.sub("", framed[index + 1].right))
    return framed


def _shares_suffix(frame: Frame, following: Frame) -> bool:
    """市区10分钟、农村20分钟以内."""
    alone = frame.before is None and frame.after is None and following.before is None and not frame.right
    counted = frame.quantity.form == "plain" and not measure_words.is_duration(frame.quantity.unit)
    same = following.chained and frame.quantity.unit == following.quantity.unit and frame.quantity.upper is None
    return alone and same and following.after is not None and (not counted or not following.left)


def _shares_object(frame: Frame, following: Frame) -> bool:
    """至少有1名、力争有2名以上全科医生."""
    same = frame.quantity.unit == following.quantity.unit and frame.quantity.form == "plain"
    return same and following.chained and not frame.right and bool(_ONLY_VERB.fullmatch(following.left))


def _frame(sentence: Sentence, quantity: Quantity, previous: Frame | None, following: Quantity | None) -> Frame:
    text = sentence.text
    start = max((cut + 1 for cut in sentence.cuts if cut < quantity.start), default=0)
    chained = False
    if previous and previous.end > start:
        start, chained = _item_start(text, previous.end, quantity.start)
    elif previous and previous.end == start - 1 and text[start - 1] == ",":
        chained = quantity.start == start
    stop = min((cut for cut in sentence.cuts if cut >= quantity.end), default=len(text))
    after = bound_after(text[quantity.end : stop])
    end = quantity.end + (after.end if after else 0)
    left = text[start : quantity.start].rstrip("±")
    bounded = bound_before(left) or (bound_before(_EACH.sub("", left)) if _EACH.search(left) else None)
    tail = text[end:stop]
    return Frame(quantity, start, left, end, _right(text, end, stop, following), tail, bounded, after, chained)


def _item_start(text: str, end: int, start: int) -> tuple[int, bool]:
    """Where the words begin of a number that follows another (ending at `end`), and whether both are a list."""
    between = text[end:start]
    joint = _CHAIN.match(between)
    if joint or not between:
        return end + (joint.end() if joint else 0), True
    if "、" in between:
        return end + between.rindex("、") + 1, True
    return (start, True) if re.search(r"(?:和|及|与)$", between) else (end, False)


def _right(text: str, end: int, stop: int, following: Quantity | None) -> str:
    if following is None or following.start >= stop:
        return text[end:stop]
    tail = text[end : following.start]
    tail = tail.rsplit("、", 1)[0] if "、" in tail else tail
    return re.sub(r"(?:和|及|与|以及)$", "", tail)


def _is_base(text: str, quantity: Quantity) -> bool:
    """每千人口, 每百张床位, 每0.8万-2万人: what a ratio is taken over."""
    return bool(_BASE_BEFORE.search(text[: quantity.start])) and not re.match(r"(?:以上|以内)", text[quantity.end :])


def _is_each_one(text: str, quantity: Quantity, following: Quantity | None) -> bool:
    """一个县组建一个县域医共体: one for each."""
    one = following is not None and quantity.value == 1 and following.value == 1
    return one and following is not None and bool(_SETS_UP_IN.fullmatch(text[quantity.end : following.start]))


def _is_start(text: str, quantity: Quantity) -> bool:
    """由78.2岁提高到79岁: the value a change starts from."""
    return bool(_FROM.search(text[: quantity.start])) and bool(_STARTING_VALUE.match(text[quantity.end :]))


def _is_rank_in_passing(text: str, quantity: Quantity, found: list[Quantity], cuts: tuple[int, ...]) -> bool:
    """全国排名前20的团队10个, 2-3个学科进入前百强: the rank tells which ones are counted."""
    if quantity.form != "rank":
        return False
    if _NOUN_AFTER_RANK.match(text[quantity.end :]):
        return True
    start = max((cut for cut in cuts if cut < quantity.start), default=0)
    return any(start <= other.start < quantity.start and other.form == "plain" for other in found)


def _cuts(text: str, found: list[Quantity], deadlines: list[Deadline]) -> tuple[int, ...]:
    inside = [(quantity.start, quantity.end) for quantity in found]
    marks = [match.start() for match in _HARD.finditer(text)]
    explained = explanations(text)
    marks = [mark for mark in marks if not any(start < mark < end for start, end in explained)]
    for start, end in _brackets(text):
        if (start, end + 1) in explained:
            continue
        if end - start > 26 or _holds(start, end, inside) or _holds(start, end, [(d.start, d.end) for d in deadlines]):
            marks += [start, end]
    return tuple(sorted(mark for mark in marks if not any(begin <= mark < stop for begin, stop in inside)))


def _brackets(text: str) -> list[Span]:
    pairs, opened = [], []
    for at, char in enumerate(text):
        if char == "(":
            opened.append(at)
        elif char == ")" and opened:
            pairs.append((opened.pop(), at))
    return pairs


def _holds(start: int, end: int, spans: list[Span]) -> bool:
    return any(start < begin and stop <= end for begin, stop in spans)
