"""Choosing which words around a number name its indicator."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading import kinds, measure_words, phrases, words
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence

_OF_WHOLE = re.compile(r"^的?(?![、,;。)]|$)")
_RANKED = re.compile(
    r"^(?P<who>.*?)(?:力争|争取|确保|努力|稳步|要|全部)*(?:进入|跻身|迈入|挺进|冲进|冲刺|稳居|保持在?|排名|位居|位列|位次|排在|列|居)(?P<what>.*?)(?:进入|排名|位居|保持|排)?前?$"
)
_PREDICATE = re.compile(
    r"(?:可(?!及|持续|用|比)|逐年|逐步|稳步|持续|不断|明显|显著|大幅|有效|进一步|得到|全面|基本|力争|达到|提高|提升|增加|下降|降低|改善|不低于|不高于|不超过|保持|稳定|控制|实现|完善|优化|合理).*$"
)
_GENERIC = re.compile(r"^(?:资源|经费|资金|人员|比例|部分|额度|号源|床位|时间|岗位|编制|名额|份额|任务)$")
_BARE_VERB = re.compile(rf"(?:{words.VERB})+")
_FUNDS = re.compile(r"(?:总投资|投资额|资金|经费|总额|概算)(?:约)?$")
_LEADING_VERB = re.compile(rf"^(?:{words.FLOW})+(?=..)")
_MEASURE = re.compile(rf"(?:{words.HEADS})$")
_STANDARD = re.compile(
    r"的(?:标准|比例|额度|水平|要求)(?:,)?(?:给予|予以|发放|进行|安排|拨付|支付|提取|设置|配备|配置|落实|核定|核拨)*(?P<what>[^,;。]*)"
)
_PER_HEADS = re.compile(
    r"^(?:全[市县区省])?每(?:[百千万十]|\d)+[百千万]?(?:名|位|张)?(?:常住|户籍|服务)?(?:人口|居民|人|老年人|儿童)(?:拥有|配备|有)?"
)


@dataclass(frozen=True)
class Name:
    """An indicator phrase and how far it reaches right of the number (offset in the sentence)."""

    phrase: str
    end: int
    form: str = "subject"


def name_of(frame: Frame, sentence: Sentence, *, earlier: str) -> Name:
    """The phrase for the number.  earlier: the indicator of the number before it (2025年达到75%,2030年达到85%)."""
    left = _left_of_bound(frame)
    if frame.quantity.form == "rank":
        return Name(_rank_name(frame.left, earlier if frame.chained else ""), frame.end)
    if kinds.is_condition(frame):
        return Name(phrases.size_subject(left), frame.end)
    if frame.quantity.unit == "级":
        return Name(phrases.subject(left), frame.end)
    if _timed(frame) and len(frame.right) >= 2:
        return _activity(frame, left)
    if standard := _standard_name(frame, left, sentence):
        return standard
    if frame.quantity.form == "plain" and _object_follows(frame) and not _FUNDS.search(left):
        noun = phrases.counted_object(frame.right, left) if _acts(left) else phrases.share_object(frame.right)
        if words.EMPTY_OBJECT.fullmatch(noun) and earlier:
            return Name(earlier, frame.end)
        return Name(_topped(noun, left), _reach(frame, noun), "object")
    if frame.quantity.form == "share" and (name := _share_name(frame, left)):
        return name
    phrase = phrases.subject(left) if frame.quantity.form != "plain" else phrases.counted_subject(left)
    if _BARE_VERB.fullmatch(phrase) and earlier and frame.chained:
        return Name(phrase + _LEADING_VERB.sub("", earlier), frame.end)
    if not phrase or phrases.is_vague(phrase) or (_BARE_VERB.fullmatch(phrase) and not _timed(frame)):
        phrase = _from_before(sentence, frame, phrase, earlier)
    return Name(_with_topic(phrase, frame, sentence), frame.end)


def _timed(frame: Frame) -> bool:
    return measure_words.is_duration(frame.quantity.unit) or measure_words.is_frequency(frame.quantity.unit)


def _with_topic(phrase: str, frame: Frame, sentence: Sentence) -> str:
    """…金额占比:基层机构不低于65%,二级医院不低于50%: the measure stands before the colon, its bodies after."""
    if frame.quantity.form != "share" or _MEASURE.search(phrase):
        return phrase
    colon = sentence.text.rfind(":", 0, frame.left_start)
    topic = phrases.subject(re.split(r"[,;。]", sentence.text[:colon])[-1]) if colon > 0 else ""
    return phrase + topic if _MEASURE.search(topic) else phrase


def _standard_name(frame: Frame, left: str, sentence: Sentence) -> Name | None:
    """按每人每年不低于3万元的标准给予岗位补助: what is given stands behind the standard."""
    match = _STANDARD.match(sentence.text, frame.end)
    if match is None or not match["what"]:
        return None
    topic = re.sub(r"(?:按|按照|以|依照|每人|每年|每月|每.)+$", "", phrases.subject(left))
    topic = re.split(r"按照?|依照|由", topic)[0]
    if len(topic) <= 2 or topic.startswith(("按", "以")):
        before = sentence.text[: max(frame.left_start - 1, 0)]
        topic = phrases.subject(re.split(r"[,;:。]", before)[-1]) if len(match["what"]) <= 4 else ""
    return Name(topic + match["what"][: phrases.LONGEST], match.end())


def _activity(frame: Frame, left: str) -> Name:
    """每周至少两次下沉村开展巡诊: who does what."""
    doing = phrases.share_object(frame.right)
    return Name(phrases.subject(left) + doing, frame.end + len(frame.right))


def with_shared_base(phrase: str, first: str) -> str:
    """Give 每千人口 of the first item of a list to an item that goes without."""
    base = _PER_HEADS.match(first)
    return base.group(0) + phrase if base and not phrase.startswith("每") and phrase not in first else phrase


def _left_of_bound(frame: Frame) -> str:
    if frame.before is None:
        return frame.left
    if frame.before.form == "afloat":
        return _without_bound(frame)
    return frame.left[: frame.before.start]


def _without_bound(frame: Frame) -> str:
    bound = frame.before
    assert bound is not None
    return frame.left[: bound.start] + frame.left[bound.start + len(bound.word) :]


def _object_follows(frame: Frame) -> bool:
    right = re.sub(r"^的", "", frame.right)
    return len(right) >= 2 and not re.match(
        r"(?:[、,;。:)(]|和|及|或|的$|(?:标准(?!化)|要求|水平|规模|目标|左右|以上|计划|任务|支持|用于|实施|进行|给予|予以|执行|确定|提取|安排|计算|核定|设置$))",
        right,
    )


def _acts(left: str) -> bool:
    """False when the number opens its sentence part (1家医院进入全国百强), so that what it does belongs to the name."""
    left = re.sub(r"(?:至少|最少|不少于|约)$", "", left)
    return bool(
        (phrases.ends_with_verb(left) and not left.endswith("有"))
        or (phrases.subject(left) and not left.endswith("至少有"))
    )


def _topped(noun: str, left: str) -> str:
    """An object that says too little takes the words before the verb along."""
    if len(noun) > 2 and not _GENERIC.match(noun):
        return noun
    return phrases.subject(left) + noun


def _reach(frame: Frame, noun: str) -> int:
    tail = noun[-4:]
    at = frame.right.find(tail)
    return frame.end + (at + len(tail) if at >= 0 else 0)


def _share_name(frame: Frame, left: str) -> Name | None:
    """90%以上的村卫生室…, 公立医院100%建成…: the whole follows the share, or the share stands inside its clause."""
    right = frame.right if re.match(r"[、,]|和|及|与|以及", frame.tail[len(frame.right) :]) else frame.tail
    if (
        len(right) < 2
        or not _OF_WHOLE.match(right)
        or re.match(r"(?:和|及|或|为目标|的目标|的标准|的比例$|的水平|的要求|(?:左右|以上)$)", right)
    ):
        return None
    topic = phrases.subject(left)
    if right.startswith("的比例"):
        return (
            Name(topic + re.sub(r"^的比例", "", right), frame.end + len(right), "share") if not frame.before else None
        )
    if (
        not topic
        or (phrases.ends_with_verb(frame.left) and right.startswith("的"))
        or (frame.before is None and right.startswith("的"))
    ):
        noun = phrases.share_object(right)
        topped = topic + noun if _GENERIC.match(noun) or re.match(r"^(?:资源|经费|资金|比例)", noun) else noun
        return Name(topped, frame.end + len(right), "share")
    if frame.before is None and not re.search(r"(?:率|比例|占比|比重)$", topic):
        return Name(topic + phrases.share_object(right), frame.end + len(right), "share")
    return None


def _rank_name(left: str, earlier: str) -> str:
    if earlier and not _RANKED.match(left):
        return phrases.subject(left.removesuffix("前")) + "排名"
    match = _RANKED.match(left)
    if "排名" in left or match is None:
        return phrases.subject(left.split("排名", maxsplit=1)[0]) + "排名"
    return phrases.subject(match["who"]) + re.sub(r"^(?:国内|在)?", "", match["what"]) + "排名"


def _from_before(sentence: Sentence, frame: Frame, vague: str, earlier: str) -> str:
    """The subject named before the last comma; a vague head (比例) is set behind it."""
    if earlier and not vague:
        return earlier
    stop = frame.left_start - 1
    while stop > 0:
        start = max((cut + 1 for cut in sentence.cuts if cut < stop), default=0)
        segment = phrases.subject(
            _PREDICATE.sub("", _without_verb(sentence.text[start:stop])) or sentence.text[start:stop]
        )
        if segment and not any(start <= quantity.start < stop for quantity in sentence.quantities):
            return segment + vague if vague not in segment else segment
        if segment:
            return vague or earlier
        stop = start - 1
    return vague or earlier


def _without_verb(segment: str) -> str:
    return re.sub(
        r"^(?:稳步|逐步|持续|不断|进一步|着力)?(?:提高|提升|增加|扩大|降低|控制|优化|推进|加强|完善|巩固|严格控制|合理控制)(?=.{3,})",
        "",
        phrases.subject(segment),
    )
