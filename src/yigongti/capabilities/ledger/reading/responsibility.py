"""Who answers for a clause: 责任单位:A、B; 牵头单位:A;配合单位:B; (A牵头,B、C配合); 列第一位者为牵头."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading.model import Units
from yigongti.capabilities.ledger.reading.passage import Passage, Span, fold

_WHAT = "(?:单位|部门|处室|科室|主体|机构)"
_LEAD = rf"(?:牵头(?:责任|负责)?{_WHAT}?|主(?:要)?(?:责任|责|办|抓)(?:及牵头)?{_WHAT})"
_SUPPORT = rf"(?:(?:配合|协办|协同|参与|参加|协助|支持)(?:责任|落实)?{_WHAT}?)"
_RESPONSIBLE = rf"(?:(?:责任|落实|实施|负责|承办|承担|完成|分工)(?:责任)?{_WHAT}|责任分工)"
_PERSON = r"(?:(?:牵头|责任|分管|包联|配合)?(?:责任人|领导|负责人)|联系人|联系电话)"
_TIME = r"(?:完成时限|完成时间|时限要求|时间安排|时间节点|完成期限|实施时间|时限)"
_LABEL = re.compile(
    rf"(?P<lead>{_LEAD})[:为]|(?P<support>{_SUPPORT})[:为]|(?P<responsible>{_RESPONSIBLE})[:为]|(?P<person>{_PERSON})[:为]|(?P<time>{_TIME})(?::|为(?=20))"
)
_NOTE = re.compile(r"[,;。][^,;。]*(?:第一|下同).*$")
_BRACKET = re.compile(r"[(\[]((?:[^()\[\]]|\([^()]*\))*)[)\]](?=[。;,.]?$|[。;])")
_LED = re.compile(r"^(?:由)?(?P<lead>.+?)(?:负责牵头|牵头(?:负责|落实|组织实施)?)(?:[,;、。]|$)(?:由)?(?P<rest>.*)$")
_DOES = re.compile(
    r"(?:等(?:有关|相关)?(?:部门|单位|市级部门|区级部门)*)?(?:(?:按照?|根据|依)(?:各自)?(?:职责|职能)(?:分工)?|分工|分别|共同|具体|密切|积极|予以|协同)*(?:负责落实|分工负责|负责|配合|参与|参加|协助|协同|落实|实施|推进)$"
)
_ETC = re.compile(
    r"等(?:有关|相关|市级|区级|县级|省级|市直|县直|区直)*(?:部门|单位|成员单位|委办局|职能部门|部门单位|责任单位|局|委)*(?:(?:按|分).*)?$|(?:按(?:照)?职责(?:分工)?(?:负责)?|分工负责|分别负责)$"
)
_FIRST_LEADS = re.compile(
    r"(?:列|排|排名|列在|排在|居)(?:在)?第一位?(?:的|者)?(?:部门|单位)?(?:为|是|系)?牵头|第一(?:个|位)?(?:部门|单位)为牵头"
)
_JOINED = re.compile(
    r"(?<=[局委办部厅院会府心司团队校行社站处所室区组署])(?:和|及|与|以及)(?=[市区县省各国州镇乡旗盟])"
)
_OFFICE = re.compile(r"(?:局|委|委办|政府|办事处|管委会|厅|委员会|政府办|编办)$|^各(?!类|级|医|种)")
_PLACES = re.compile(r"^各[一-鿿]{0,3}(?:市|县|区|镇|乡|街道|州|旗|盟|乡镇|县区)(?:\([^)]*\))?$")
_PLACES_REST = re.compile(
    r"^(?:市|区|县|镇|乡|街道|旗|州|开发区|县区|街|园区)(?:\([^)]*\))?(?:人民政府|政府|办事处|街道办事处|管委会|街道办|党委|党工委|管理委员会)|^(?:区|县|旗)(?:\([^)]*\))?$"
)


@dataclass(frozen=True)
class Responsibility:
    """Units found in a passage, the spans that named them (not to be read for numbers), and a completion time."""

    units: Units
    spans: tuple[Span, ...]
    due: str = ""
    own_line: bool = False


def first_listed_leads(text: str) -> bool:
    """True when the document says that the first unit of a list leads."""
    return bool(_FIRST_LEADS.search(text))


def find_responsibility(passage: Passage) -> Responsibility:
    """The units a paragraph names, by label or in a bracket at its end."""
    labelled = _labelled(passage)
    if labelled.units or labelled.due:
        return labelled
    return _bracketed(passage)


def with_first_leading(units: Units) -> Units:
    """列第一位者为牵头: the first of the responsible leads, the others support."""
    if not units.responsible or units.lead:
        return units
    return Units(units.responsible[:1], (*units.support, *units.responsible[1:]))


def split_units(written: str) -> tuple[str, ...]:
    """The names of a list of units, 等 and what follows it dropped, 各辖市、区政府 kept as one."""
    folded = re.sub(r"(?<=[局委办部厅院会府心司团队])\s+(?=[^\s\d])", "、", written.strip())
    folded = _JOINED.sub("、", re.sub(r"\s+", "", folded))
    names = [_clean(name) for name in _split(folded)]
    return tuple(dict.fromkeys(name for name in _merge_places(names) if 2 <= len(name) <= 40))


def _labelled(passage: Passage) -> Responsibility:
    found = {"lead": Units(), "support": Units(), "responsible": Units()}
    spans: list[Span] = []
    due = ""
    labels = list(_LABEL.finditer(passage.text))
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        stop = _stop(passage.text, label.end(), following.start() if following else len(passage.text))
        names = split_units(_written(passage, label.end(), stop))
        role = label.lastgroup or ""
        spans.append((_opening(passage.text, label.start()), min(stop + 1, len(passage.text))))
        if role == "time":
            due = passage.text[label.end() : stop]
        elif role in found:
            found[role] += Units(**{role: names})
    units = found["lead"] + found["support"] + found["responsible"]
    return Responsibility(_sorted_out(units), tuple(spans), due, bool(labels) and labels[0].start() <= 1)


def _sorted_out(units: Units) -> Units:
    """With a lead named, 责任单位 are those that work along."""
    if not units.lead:
        return units
    others = tuple(name for name in units.responsible if name not in units.lead and name not in units.support)
    return Units(units.lead, units.support + others)


def _stop(text: str, start: int, limit: int) -> int:
    depth = 0
    for at in range(start, limit):
        char = text[at]
        if char in "([":
            depth += 1
        elif char in ")]":
            if depth == 0:
                return at
            depth -= 1
        elif char in "。;" and depth == 0:
            return at
    return limit


def _opening(text: str, start: int) -> int:
    return start - 1 if start and text[start - 1] in "([" else start


def _bracketed(passage: Passage) -> Responsibility:
    units, spans = Units(), []
    for match in _BRACKET.finditer(passage.text):
        inner = _in_bracket(_written(passage, match.start(1), match.end(1)))
        if inner:
            units += inner
            spans.append(match.span())
    return Responsibility(units, tuple(spans))


def _in_bracket(written: str) -> Units:
    shown = fold(written)
    note = _NOTE.search(shown)
    written, shown = (written[: note.start()], shown[: note.start()]) if note else (written, shown)
    led = _LED.match(shown)
    if led:
        return Units(
            split_units(written[slice(*led.span("lead"))]), split_units(_undone(written[slice(*led.span("rest"))]))
        )
    names = split_units(_undone(written))
    if len(written) > 400 or not (_DOES.search(shown) or (names and all(_OFFICE.search(name) for name in names))):
        return Units()
    return Units(responsible=names)


def _undone(written: str) -> str:
    """Without 按职责分工负责 at the end."""
    return _DOES.sub("", written)


def _written(passage: Passage, start: int, end: int) -> str:
    if start >= end:
        return ""
    return passage.source[passage.positions[start] : passage.positions[end - 1] + 1].replace("\n", "")


def _split(text: str) -> list[str]:
    pieces, depth, last = [], 0, 0
    for at, char in enumerate(fold(text)):
        depth += (char in "([") - (char in ")]")
        if char in "、,;/" and depth <= 0:
            pieces.append(text[last:at])
            last = at + 1
    return [*pieces, text[last:]]


def _clean(name: str) -> str:
    name = _DOES.sub("", _ETC.sub("", name.strip("。.:\uff1a\uff0e ")))
    return re.sub(r"^(?:由|及|和|以及|其他)", "", name).strip()


def _merge_places(names: list[str]) -> list[str]:
    merged: list[str] = []
    for name in names:
        if merged and _PLACES.match(merged[-1]) and _PLACES_REST.match(name):
            merged[-1] = f"{merged[-1]}、{name}"
        else:
            merged.append(name)
    return merged
