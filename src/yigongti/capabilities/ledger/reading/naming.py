"""Choosing which words around a number name its indicator."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading import measure_words, norms, phrases, scoring, words
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence

_OF_WHOLE = re.compile(r"^的?(?![、,;。)]|$)")
_RANKED = re.compile(
    r"^(?P<who>.*?)(?:力争|争取|确保|努力|稳步|要|全部)*(?:进入|跻身|迈入|挺进|冲进|冲刺|稳居|保持在?|排名|位居|位列|位次|排在|列|居)(?P<what>.*?)(?:进入|排名|位居|保持|排)?前?$"
)
_PREDICATE = re.compile(
    r"(?:可(?!及|持续|用|比)|逐年|逐步|稳步|持续|不断|明显|显著|大幅|有效|进一步|得到|全面|基本(?![医药公养建标型服知技])|力争|达到|提高|提升|增加|下降|降低|改善|不低于|不高于|不超过|保持|维持|稳定|控制|实现|完善|优化|合理).*$"
)
_GENERIC = re.compile(r"^(?:(?:资源|经费|资金|比例).*|(?:人员|部分|额度|号源|床位|时间|岗位|编制|名额|份额|任务)$)")
_NEXT_ITEM = re.compile(r"[、,]|和|及|与|以及")
_NO_WHOLE = re.compile(r"(?:和|及|或|为目标|的目标|的标准|的比例$|的水平|的要求|(?:左右|以上)$)")
_OWN_SHARE = re.compile(r"(?:率|比例|占比|比重)$")
_HANDS_OVER = re.compile(r"(?:将|把|拿出|安排|留出|预留|抽取|抽查)$")
_EACH_BODY_ONLY = re.compile(
    r"每(?:个|家|所|名|人)?(?:县|市|区|乡镇|镇|乡|街道|行政村|村|社区|单位|机构|医院|卫生院)?(?:\([^)]*\))?(?:都|均|要|应|至少)*"
    rf"(?:(?P<flow>{words.FLOW})|{words.BUILD})?"
)
_LIGHT_VERB = re.compile(r"(?:提供|开展|进行|组织|实施)$")
_TELLING = 4  # characters of a noun that names an activity without its verb
_EACH_PLACE = re.compile(r"(?:各|每个?)(?:省|市|县|区|乡镇|镇|乡|街道|行政村|村|社区|县区|区县)(?:\([^()]*\))?")
_IS_GIVEN = re.compile(r"用于|拨付|由[^,;]{1,12}承担")
_OF_THOSE = re.compile(r"的[^,;]{3,16}")
_OF_PACE = re.compile(r"的?(?:进度|比例|标准|要求|目标|速度|水平)")
_BARE_VERB = re.compile(rf"(?:{words.VERB})+")
_FUNDS = re.compile(r"(?:总投资|投资额|资金|经费|总额|概算)(?:约)?$")
_LEADING_VERB = re.compile(rf"^(?:{words.FLOW})+(?=..)")
_MEASURE = re.compile(rf"(?:{words.HEADS})$")
_STANDARD = re.compile(
    r"的?(?:标准(?!化)|(?<=[的\d%])比例|额度|(?<=的)水平|要求)(?:,)?(?:给予|予以|发放|进行|安排|拨付|支付|提取|设置|配备|配置|落实|核定|核拨)*(?P<what>[^,;。且]*)"
)
_BY_MEASURE = re.compile(r"按照?(?P<measure>人均[^,;。每]{2,8})$")
_GIVES = re.compile(r"(?:每[个人名户家])?(?:给予|予以|发放)+$")
_PAID = re.compile(r"(?:给予|予以|安排|落实|拨付|列支)+(?P<what>[^,;。、且]{2,})")
_IN_LIST = re.compile(r"[、和][^,;。、]{0,10}\d[^,;。、]{0,4}?(?=的(?:标准|比例|要求))")
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
    for named in _NAMERS:
        name = named(frame, left, sentence, earlier)
        if name is not None:
            return name
    return _subject_name(frame, left, sentence, earlier)


def _subject_name(frame: Frame, left: str, sentence: Sentence, earlier: str) -> Name:
    """The subject before the number, or the one named earlier when there is none."""
    phrase = phrases.subject(left) if frame.quantity.form != "plain" else phrases.counted_subject(left)
    each = _EACH_BODY_ONLY.fullmatch(phrase) if phrase.startswith("每") else None
    phrase = (each["flow"] or "") if each else phrase
    if earlier and left.endswith("的") and not left.startswith("其中") and len(phrase) > 2:
        return Name(f"{phrase}的{earlier}", frame.end)
    if not phrase and earlier and not frame.chained and (body := _EACH_PLACE.fullmatch(left)):
        return Name(body.group() + earlier, frame.end)
    bare = bool(_BARE_VERB.fullmatch(phrase))
    if bare and earlier and frame.chained:
        return Name(phrase + _LEADING_VERB.sub("", earlier), frame.end)
    if not phrase or phrases.is_vague(phrase) or (bare and not _timed(frame)):
        phrase = _from_before(sentence, frame, phrase, earlier)
    return Name(_with_topic(phrase, frame, sentence), frame.end)


def _rank_name(frame: Frame, _left: str, _sentence: Sentence, earlier: str) -> Name | None:
    """市一院力争进入全国绩效考核前80强."""
    if frame.quantity.form != "rank":
        return None
    left, match = frame.left, _RANKED.match(frame.left)
    if earlier and frame.chained and not match:
        phrase = phrases.subject(left.removesuffix("前"))
    elif "排名" in left or match is None:
        ranked = left.split("排名", maxsplit=1)[0]
        phrase = phrases.subject(ranked) or ranked
    else:
        phrase = phrases.subject(match["who"]) + re.sub(r"^(?:国内|在)?", "", match["what"])
    return Name(phrase + "排名", frame.end)


def _condition_name(frame: Frame, left: str, _sentence: Sentence, _earlier: str) -> Name | None:
    return Name(phrases.size_subject(left), frame.end) if norms.is_condition(frame) else None


def _activity_name(frame: Frame, left: str, _sentence: Sentence, _earlier: str) -> Name | None:
    """每周至少两次下沉村开展巡诊: who does what; 提供4次面对面随访: what is done says enough."""
    if not _timed(frame) or len(frame.right) < 2:
        return None
    doer, done = phrases.subject(left), phrases.share_object(frame.right)
    whole = done if _LIGHT_VERB.search(doer) and len(done) >= _TELLING else doer + done
    if phrases.is_set_after(left) and len(done) < _TELLING:
        whole = doer
    return Name(whole, frame.end + len(frame.right))


def _object_name(frame: Frame, left: str, _sentence: Sentence, earlier: str) -> Name | None:
    """引进10名研究人员: what is counted follows the number."""
    quantity = frame.quantity
    if quantity.form != "plain" or quantity.unit == "级" or _FUNDS.search(left) or not _object_follows(frame):
        return None
    noun = phrases.counted_object(frame.right, left) if _acts(left) else phrases.share_object(frame.right)
    if words.EMPTY_OBJECT.fullmatch(noun) and earlier:
        return Name(earlier, frame.end)
    return Name(_topped(noun, left), _reach(frame, noun), "object")


def _timed(frame: Frame) -> bool:
    return measure_words.is_duration(frame.quantity.unit) or measure_words.is_frequency(frame.quantity.unit)


def _with_topic(phrase: str, frame: Frame, sentence: Sentence) -> str:
    """…金额占比:基层机构不低于65%,二级医院不低于50%: the measure stands before the colon, its bodies after."""
    if frame.quantity.form != "share" or _MEASURE.search(phrase):
        return phrase
    colon = sentence.text.rfind(":", 0, frame.left_start)
    topic = phrases.subject(re.split(r"[,;。]", sentence.text[:colon])[-1]) if colon > 0 else ""
    return phrase + topic if _MEASURE.search(topic) else phrase


def _standard_name(frame: Frame, left: str, sentence: Sentence, _earlier: str) -> Name | None:
    """按每人每年不低于3万元的标准给予岗位补助: what is given stands behind the standard."""
    match = _STANDARD.match(
        sentence.text, frame.end + (len(listed.group()) if (listed := _IN_LIST.match(frame.tail)) else 0)
    )
    if match is None and frame.quantity.unit.endswith("元"):
        match = _PAID.match(sentence.text, frame.end)
    if match is None or not match["what"]:
        return None
    said = _BY_MEASURE.search(left)
    if said and match["what"] and frame.before is not None:
        return Name(phrases.subject(left[: said.start()]) + said["measure"], match.end())
    topic = phrases.subject(re.split(r"按照?|依照|由|(?<![可予加给足所])以(?![上下内来及])", left)[0])
    if len(topic) <= 2 or topic.startswith(("按", "以")):
        before = re.split(r"[,;:。]", sentence.text[: max(frame.left_start - 1, 0)])[-1]
        topic = phrases.subject(before) if len(match["what"]) <= 4 and not re.search(r"\d", before) else ""
    topic = _GIVES.sub("", topic)
    return Name(topic + match["what"][: phrases.LONGEST], match.end())


def with_shared_base(phrase: str, first: str) -> str:
    """Give 每千人口 of the first item of a list to an item that goes without."""
    base = _PER_HEADS.match(first)
    return base.group(0) + phrase if base and not phrase.startswith("每") and phrase not in first else phrase


def _left_of_bound(frame: Frame) -> str:
    """The words before the number without the comparison."""
    bound = frame.before
    if bound is None:
        return frame.left
    rest = frame.left[bound.start + len(bound.word) :] if bound.form == "afloat" else ""
    return frame.left[: bound.start] + rest


def _object_follows(frame: Frame) -> bool:
    right = re.sub(r"^的", "", scoring.without_score(frame.right))
    if words.AFTER.match(right) and phrases.subject(frame.left):
        return False
    return len(right) >= 2 and not re.match(
        r"(?:[、,;。:)(]|和|及|或|的$|为|(?:标准(?!化)|要求|水平|规模|目标|左右|以上|计划|任务|支持|用于|实施|进行|给予|予以|执行|确定|提取|安排|计算|核定|设置$))",
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
    tail = noun[-2:]
    at = frame.tail.find(tail)
    return frame.end + (at + len(tail) if at >= 0 else 0)


def _share_name(frame: Frame, left: str, sentence: Sentence, earlier: str) -> Name | None:
    """90%以上的村卫生室…, 公立医院100%建成…: the whole follows the share, or the share stands inside its clause."""
    right = scoring.without_score(frame.right if _NEXT_ITEM.match(frame.tail[len(frame.right) :]) else frame.tail)
    if frame.quantity.form != "share" or len(right) < 2 or not _OF_WHOLE.match(right) or _NO_WHOLE.match(right):
        return None
    topic, end = phrases.subject(left), frame.end + len(right)
    if frame.chained and not frame.left and earlier and _OF_PACE.match(right):
        return Name(earlier, frame.end, "share")
    if _HANDS_OVER.search(left) and right.startswith("的"):
        return Name(phrases.share_object(right), end, "share")
    if right.startswith("的比例"):
        return None if frame.before else Name(topic + right.removeprefix("的比例"), end, "share")
    if not topic and _IS_GIVEN.match(right):
        return Name(_from_before(sentence, frame, "", "") + right, end, "share")
    if not topic or (right.startswith("的") and (frame.before is None or phrases.ends_with_verb(frame.left))):
        noun = phrases.share_object(right)
        return Name(topic + noun if _GENERIC.match(noun) else noun, end, "share")
    if frame.before is None and not _OWN_SHARE.search(topic):
        return Name(topic + phrases.share_object(right), end, "share")
    return None


_NAMERS = (_rank_name, _condition_name, _activity_name, _standard_name, _object_name, _share_name)


def _from_before(sentence: Sentence, frame: Frame, vague: str, earlier: str) -> str:
    """The subject named before the last comma; a vague head (比例) is set behind it."""
    if earlier and not vague:
        return _measure_between(sentence, frame) or _done_in(sentence, frame) or earlier
    stop = frame.left_start - 1
    while stop > 0:
        start = max((cut + 1 for cut in sentence.cuts if cut < stop), default=0)
        whole = _without_verb(sentence.text[start:stop])
        bracketed = sentence.text[stop : stop + 1] == "("
        segment = phrases.subject((whole if bracketed else _PREDICATE.sub("", whole)) or sentence.text[start:stop])
        if segment and not any(start <= quantity.start < stop for quantity in sentence.quantities):
            return segment + vague if vague not in segment else segment
        if segment:
            return vague or earlier
        stop = start - 1
    return vague or earlier


def _measure_between(sentence: Sentence, frame: Frame) -> str:
    """A率达到70%,其中B率逐年提升,2025年不低于20%: the measure that a part without a number has named since."""
    done = max((quantity.end for quantity in sentence.quantities if quantity.end < frame.quantity.start), default=0)
    parts = re.split(r"[,;]", sentence.text[done : max(frame.left_start - 1, done)])[1:]
    named = (phrases.subject(_PREDICATE.sub("", part)) for part in reversed(parts))
    return next((phrase for phrase in named if len(phrase) >= 3 and _OWN_SHARE.search(phrase)), "")


def _done_in(sentence: Sentence, frame: Frame) -> str:
    """对人口少于500人的村实行巡诊,每周至少1次: what is done for those that a condition chooses."""
    done = max((quantity.end for quantity in sentence.quantities if quantity.end < frame.quantity.start), default=0)
    rest = sentence.text[done : max(frame.left_start - 1, done)]
    return phrases.subject(rest) if _timed(frame) and _OF_THOSE.fullmatch(rest) else ""


def _without_verb(segment: str) -> str:
    return re.sub(
        r"^(?:稳步|逐步|持续|不断|进一步|着力)?(?:提高|提升|增加|扩大|降低|控制|优化|推进|加强|完善|巩固|严格控制|合理控制)(?=.{3,})",
        "",
        phrases.subject(segment),
    )
