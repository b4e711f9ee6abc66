"""Naming an indicator: the noun phrase that a number measures, without deadlines, modals and adverbs.

Convention: the head noun phrase with the qualifiers it needs (甲级乡镇卫生院的比例, not 比例); words for the whole
place (全市, 我县) are left out; a flow keeps its verb (引进…, 新增…), a stock does not (建成…, 设置…).
"""

import re

from yigongti.capabilities.ledger.reading import words

_FLOW_END = re.compile(rf"(?P<verb>(?:{words.FLOW}){{1,2}})(?:了|好|不少于|不低于|至少|约|各|共|累计)*$")
_VERB_END = re.compile(rf"(?P<verb>{words.VERB})(?:了|好|各|共|累计|约|不少于|不低于|至少|最少|达到|达|到)*$")
_BUILD_START = re.compile(
    r"^(?:新建成|建成|建立起|建立|建设|建强|建好|组建|筹建|打造|创建|创成|创办|争创|设立|设置|开设|设(?!备|施|计)|成立|形成|拥有|共有|配备|配置|配齐|配足|布局|规划设置|规划建设|规划|保有"
    r"|落实|撬动|完成|认定|评定|评选|命名|申报|实施|开展|推进(?!机制)|做好|规范化建设|高标准建设|高质量建设|有(?!效|序|限|关|资|需|偿|机))(?=.{2,})"
)
_SETS_UP = re.compile(
    r"^.{2,}?(?:站|中心|院|室|所|机构|科)(?:原则上|至少|应当|应|要|可|均)*(?:设|设置|设立|配备|配置)(?=[一-鿿]{2})(?!备|施|计)"
)
_ONLY_VERB = re.compile(rf"(?:{words.VERB}|至少|不少于|能够|能|可以|应|须|要|并|各)+")
_VERB_START = re.compile(rf"(?:{words.VERB})(?!卫|室|院|中心|站)")
_RAISED = re.compile(rf"^(?:提高|提升|降低|增加|扩大|优化|控制|稳定|巩固|加大)(?P<what>.*(?:{words.HEADS}))$")
_NOMINAL = re.compile(rf"(?:{words.HEADS})$")
_CAUSE = re.compile(
    r"^.*?(?:使得|确保|力争|争取|推动|促进|促使|带动|保证|保障(?=.*率)|努力使|实现|做到|使(?!用|命|领))(?=.{3,})"
)
_GENERIC = re.compile(r"(?:人员|人|医务人员|学员|专家|机构|单位|医院|项目|学科|资源|患者|居民|群众|医师|医生|护士)")
_INNER_TIME = re.compile(
    r"(?<=[一-鿿)])(?:应当|必须|连续[一二三四五\d]年)(?=[一-鿿]{2})|(?<=[一-鿿)])须(?=[到在赴])|(?<=[一-鿿])(?:累计(?=派|培|引|选|招|组织|开展)|给予|全年(?=集中|组织|开展|累计))(?=[一-鿿]{2})|(?<=[一-鿿)])(?:每[两三\d]个?[月周]|每[两三五\d]年|每年|每月|每周|每季度|每半年|每人每年|每人每月|每人(?=补)|[一二两三四五\d]年(?:内)?(?=投入|安排|累计|共投|统筹)|到20\d\d年底?|20\d\d年底?前)(?=[一-鿿])"
)
_RELATIVE = re.compile(r"的[^的]{0,14}$")
_EXPLANATION = re.compile(r"\([^()]*\d[^()]*\)(?=[一-鿿])")
LONGEST = 40
_TOPIC = 20  # characters of a heading that names one thing
_ROUNDS = 12  # links to take off one phrase at most
_ENDING = 48  # characters a trailing link may reach over


def subject(left: str) -> str:
    """What a number measures, from the words before it (家庭医生签约服务覆盖率…达到75%)."""
    phrase = _trim(left)
    raised = _RAISED.match(phrase)
    if raised and len(raised["what"]) >= 4:
        phrase = raised["what"]
    for _ in range(3):
        shorter = _trim(_CAUSE.sub("", phrase)) if not _RELATIVE.search(phrase) else phrase
        if shorter == phrase or len(shorter) < 3:
            break
        phrase = shorter
    return _balanced(_INNER_TIME.sub("", phrase))


def counted_subject(left: str) -> str:
    """What a count counts when it stands before the number (建成三级综合医院2家)."""
    phrase = _SETS_UP.sub("", subject(left))
    return phrase if _NOMINAL.search(phrase) else _balanced(_trim(_BUILD_START.sub("", phrase)))


def built_by(heading: str) -> str:
    """What a heading says is to be built (建设县域医疗服务次中心 → 县域医疗服务次中心); empty for any other."""
    built = _BUILD_START.sub("", heading)
    return built if built != heading and len(built) <= _TOPIC else ""


def size_subject(left: str) -> str:
    """What a condition is about (对临近卫生院、服务人口低于800人的村 → 服务人口)."""
    return _trim(_BUILD_START.sub("", subject(left).rsplit("、", 1)[-1]))


def counted_object(tail: str, left: str) -> str:
    """What a count counts when it follows the number (引进10名研究人员进站), with the verb if it is a flow."""
    noun = _object(tail)
    flow = _FLOW_END.search(left)
    return flow["verb"] + noun if flow and noun else noun


def share_object(tail: str) -> str:
    """The whole and what is to hold for it, from the words after a share (90%以上的村卫生室达到基本标准)."""
    return _balanced(re.sub(r"^的", "", tail).strip("、,;:。"))[:LONGEST]


def without_explanation(phrase: str) -> str:
    """Without a bracket in its middle that tells in numbers what the words mean."""
    return _EXPLANATION.sub("", phrase)


def is_set_after(left: str) -> bool:
    """True for words that end in 应在服务结束后: a time limit from an event on."""
    return bool(words.AFTER_DOING.search(left))


def ends_with_verb(left: str) -> bool:
    """True when the words before a number end in a verb that wants an object after it."""
    return bool(_VERB_END.search(left))


def opens_with_verb(left: str) -> bool:
    """True when the words before a number are a verb and no more than its helpers."""
    return bool(_ONLY_VERB.fullmatch(left))


def starts_with_verb(left: str) -> bool:
    """True when the words before a number begin with a verb (设置宣传栏)."""
    return bool(_VERB_START.match(left))


def is_vague(phrase: str) -> bool:
    """True for a head that names nothing without what came before (比例, 覆盖率)."""
    return bool(words.EMPTY_HEAD.fullmatch(phrase))


def _object(tail: str) -> str:
    noun = re.sub(r"^(?:左右|以上|及以上|以内|的)+", "", tail)
    cut = words.AFTER.search(noun, 2)
    if cut and not _GENERIC.fullmatch(noun[: cut.start()]):
        noun = noun[: cut.start()]
    for _ in range(3):
        noun = words.AFTER_END.sub("", noun) if len(words.AFTER_END.sub("", noun)) >= 2 else noun
    return _balanced(noun[:LONGEST])


def _trim(phrase: str) -> str:
    for _ in range(_ROUNDS):
        shorter = words.LEADING.sub("", phrase, count=1)
        shorter = shorter if words.KEPT_ENDS.search(shorter, max(0, len(shorter) - _ENDING)) else _without_end(shorter)
        if shorter == phrase:
            break
        phrase = shorter
    return "" if words.SCOPE.fullmatch(phrase) else phrase


def _without_end(phrase: str) -> str:
    """Without one trailing link; only its last words are looked at, so that long phrases cost no more."""
    at = max(0, len(phrase) - _ENDING)
    return phrase[:at] + words.TRAILING.sub("", phrase[at:], count=1)


def _balanced(phrase: str) -> str:
    """Without a bracket or quotation mark that has lost its partner."""
    for opening, closing in ("()", "“”", "《》", "[]"):
        if phrase.count(opening) > phrase.count(closing):
            phrase = (
                phrase[phrase.rfind(opening) + 1 :]
                if phrase.rfind(opening) < len(phrase) / 2
                else phrase[: phrase.rfind(opening)]
            )
        elif phrase.count(closing) > phrase.count(opening):
            phrase = (
                phrase[phrase.find(closing) + 1 :]
                if phrase.find(closing) < len(phrase) / 2
                else phrase[: phrase.find(closing)]
            )
    return phrase.strip("、,;:。·-")
