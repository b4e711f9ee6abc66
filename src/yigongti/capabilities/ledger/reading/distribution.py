"""Distributive lists: A、B分别达到X、Y, and 到2025年和2030年,A分别达到X和Y."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading import phrases, words
from yigongti.capabilities.ledger.reading.comparators import Bound
from yigongti.capabilities.ledger.reading.deadlines import Deadline
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence

_AND = r"以及|和|与|及(?!以上|以下|其|时)"
_LISTED, _JOINED, _SPACED = r"、", rf"、|{_AND}", rf"[,、]|{_AND}"
_HEAD = re.compile(rf"(?P<whose>(?:患者|病人|人群|儿童|机构|医院|人口)?)(?P<head>{words.HEADS})$")
_BODY = re.compile(rf"(?:{words.BODIES})(?!数|率|比)")
_BODY_END = re.compile(rf"(?:{words.BODIES})$")
_OWN_HEAD = re.compile(r"(?:率|比例|占比|比重|人数|床位数|医师数|护士数|增幅|满意度|指数)$")
_GRADE_END = re.compile(r"[初中高副正]$")
_GRADE_START = re.compile(r"^[中高副正]{1,2}级")
_LEVEL_END = re.compile(r"^(?:国家|省|市|县|区|乡|镇|村|[一二三四]类)$|(?:[一二三四]|国家|省|市|县|区|乡|镇|村)级$")
_LEVEL_START = re.compile(r"^(?:国家|省|市|县|区|乡|镇|村|[一二三四](?=级)|[一二三四]类)级?(?:[两三四]级)?")
_BASE = re.compile(r"每(?:[百千万十]|\d)+[百千万]?(?:名|位|张)?(?:常住|户籍)?(?:人口|居民|人|老年人|床位)(?:拥有)?")
_JOINT = re.compile(
    rf"^(?:、|,|/|{_AND})?(?:(?:在|较|比)[^,;:。]{{2,12}}(?:基础上|相比|年)(?:再|各)?(?:提高|提升|增加|增长|下降|降低|减少)?)?$"
)
_OF_BODIES = re.compile(r"(?:中心|机构|医院|卫生院|卫生室|科室?|基地|团队|门诊|中医馆|病区|站|室)的.{2,16}$")
_PROPORTION = re.compile(r"(?:与|和|同|占)[^、]*(?:之比|数比|数的比例|数比例)$")
_GIVEN = re.compile(r"分别(?:给予)?(?P<verb>奖励|补助|补贴|资助|投入|安排)")
_NAMES_WHOSE = re.compile(r"(?:儿|妇|妇女|老年人|儿童|学生|人群|居民|患者|人员|生|医院|卫生院|中心|卫生室|机构)$")
_PAID_AT = re.compile(r"^的?标准(?:给予|予以|发放|安排|落实)*")
_OF_PEOPLE_NAMED = re.compile(r"患者|病人|感染者|人群|人员|人|妇|儿童|率|比|数|院|中心|机构|室")
_OF_PEOPLE = re.compile(rf"(?:患者|病人|感染者)[^的]*(?:{words.HEADS})$")
_SETS_UP = re.compile(r"^(?:建立|建成|设立|设置|开设|开展|配备|具备)")
_FEW = 3  # items of a list that 均 parts; longer ones tell who is meant rather than what is measured
_REACH = 14  # characters between 分别 and its first number


@dataclass(frozen=True)
class Share:
    """What one number of a list belongs to: its indicator, its year, why that may be wrong, and the list's span.

    back: how far from the list's end it stands, 1 for the last.  after: 以上 or 以下 behind the last speaks for all.
    """

    indicator: str
    due: str | None = None
    unsure: str = ""
    span: tuple[int, int] | None = None
    back: int = 1
    after: Bound | None = None


def distributed(sentence: Sentence, framed: list[Frame], *, paired: tuple[str, ...] = ()) -> dict[int, Share]:
    """The shares of all distributive lists of a sentence, by the index of their number.

    paired: the years an earlier sentence named together, which go on to speak for lists that name none.
    """
    shares: dict[int, Share] = {}
    for start, marker, group in _lists(sentence, framed, paired):
        members = [framed[index] for index in group]
        found = _distribute(members, sentence, start=start, marker=marker, paired=paired)
        span = (start, members[-1].end)
        shares |= {
            index: replace(share, span=span, back=len(group) - place, after=_shared_after(members))
            for place, (index, share) in enumerate(zip(group, found, strict=True))
        }
    return shares


def each_of(subjects: str) -> list[str]:
    """The measures that 均 speaks of: 门诊和住院次均费用增幅均控制在… are two that share their head."""
    if full := full_measures(subjects):
        return full
    if _PROPORTION.search(subjects):
        return []
    items = [item for item in _split(subjects, _JOINED) if item]
    whole = _complete(items)
    shared = 1 < len(items) <= _FEW and all(_OWN_HEAD.search(item) for item in whole)
    return whole if shared and not any(item.endswith(("等", "的")) for item in items[:-1]) else []


def full_measures(subjects: str) -> list[str]:
    """The items of a list whose every item names a measure of its own (A率和B率均达到…); empty for any other phrase."""
    if _PROPORTION.search(subjects):
        return []
    items, start = [], 0
    for end in _joints(subjects, _JOINED):
        if _OWN_HEAD.search(subjects[start : end[0]]):
            items.append(subjects[start : end[0]])
            start = end[1]
    items.append(subjects[start:])
    whole = len(items) > 1 and len(items[0]) >= 3 and all(len(item) >= 3 and _OWN_HEAD.search(item) for item in items)
    return items if whole else []


def _lists(sentence: Sentence, framed: list[Frame], paired: tuple[str, ...]) -> Iterator[tuple[int, int, list[int]]]:
    """Where the subjects of a list begin, where they end, and the numbers it has."""
    for match in re.finditer("分别|(?<=年)各(?=[招引培新选建改])", sentence.text):
        group = _group(match.end(), sentence, framed)
        if group:
            yield _subjects_start(match.start(), sentence, framed), match.start(), group
    for index, frame in enumerate(framed[:-1]):
        group = _unnamed(index, framed)
        if len(group) > 1 and frame.left and "分别" not in frame.left:
            stop = frame.left_start + (frame.before.start if frame.before else len(frame.left))
            listed = len(_split(phrases.subject(sentence.text[frame.left_start : stop]), _LISTED)) == len(group)
            if listed or (len(group) == 2 and (paired or _years(sentence, stop))):
                yield frame.left_start, stop, group


def _unnamed(index: int, framed: list[Frame]) -> list[int]:
    """A number and those after it in its list that have no words of their own (下降3%、2%)."""
    group = [index]
    while group[-1] + 1 < len(framed) and framed[group[-1] + 1].chained and not framed[group[-1] + 1].left:
        if framed[group[-1]].right:
            break
        group.append(group[-1] + 1)
    return group


def _group(marker: int, sentence: Sentence, framed: list[Frame]) -> list[int]:
    group: list[int] = []
    for index, frame in enumerate(framed):
        if frame.quantity.start < marker:
            continue
        far = frame.quantity.start - marker > _REACH
        if far if not group else not _JOINT.match(sentence.text[framed[group[-1]].end : frame.quantity.start]):
            break
        group.append(index)
    return group


def _subjects_start(marker: int, sentence: Sentence, framed: list[Frame]) -> int:
    """Subjects reach back to the last sentence part that has a number of its own, or to a semicolon."""
    text = sentence.text
    start = max((frame.end for frame in framed if frame.end <= marker), default=0)
    start = max(start, text.rfind(";", start, marker) + 1, text.rfind(":", start, marker) + 1)
    comma = text.rfind(",", start, marker)
    listed = comma >= 0 and marker - comma > 4 and "、" in text[comma:marker]
    return comma + 1 if listed else start


def _distribute(
    group: list[Frame], sentence: Sentence, *, start: int, marker: int, paired: tuple[str, ...]
) -> list[Share]:
    named, behind = _subjects(group, sentence, start=start, marker=marker)
    years = _years(sentence, marker) or ([] if _dated(sentence, marker) else list(paired))
    if len(group) == 1:
        return [Share("、".join(share.indicator for share in _of_one(named)))]
    of_years = len(_years(sentence, marker)) == len(group)
    shares = _by_item(named, len(group), (_LISTED,))
    if shares and not (of_years and _shares_measure(named)):
        return [replace(share, indicator=share.indicator + behind) for share in shares]
    if years and len(group) == len(years):
        return [Share(named, due) for due in years]
    if years and len(group) % len(years) == 0:
        items = _by_item(named, len(group) // len(years), (_LISTED, _JOINED))
        if items:
            return [replace(item, due=due) for due in years for item in items]
    items = _by_item(named, len(group), (_JOINED, r"[,、]", _SPACED))
    if not items and behind:
        return [Share(behind) for _ in group]
    return items or _undistributed(group, sentence, named, marker)


def _shared_after(members: list[Frame]) -> Bound | None:
    """分别控制在3‰、4‰和5‰以下: what stands behind the last, where no other has such a word."""
    words_behind = [member.after for member in members]
    last = words_behind[-1]
    alone = last is not None and last.sign != "~" and not any(words_behind[:-1])
    return last if alone and len({member.quantity.unit for member in members}) == 1 else None


def _shares_measure(named: str) -> bool:
    """高血压、糖尿病患者规范管理率: one measure for all items; with as many years named, the numbers are the years'."""
    return not any(_OWN_HEAD.search(item) for item in _split(named, _LISTED)[:-1])


def _subjects(group: list[Frame], sentence: Sentence, *, start: int, marker: int) -> tuple[str, str]:
    """What is named before the list, and what money behind it is for (对A、B分别给予3万元、2万元补助)."""
    named = phrases.subject(_without_times(sentence, start, marker))
    behind = _counted_after(group[-1], sentence.text[marker : group[0].quantity.start])
    paid = bool(named) and group[0].quantity.unit.endswith("元")
    named = named if paid else behind or named
    opening = max((cut + 1 for cut in sentence.cuts if start <= cut < marker), default=start)
    nearest = phrases.subject(_without_times(sentence, opening, marker))
    if nearest and nearest != named and not _by_item(named, len(group), (_LISTED,)):
        named = nearest
    return named, behind if paid else ""


def _undistributed(group: list[Frame], sentence: Sentence, named: str, marker: int) -> list[Share]:
    """One name for all, and why that may be wrong."""
    given = _GIVEN.match(sentence.text, marker)
    mixed = len({frame.quantity.unit for frame in group}) > 1
    whole = named + given["verb"] if given and named else named
    return [Share("" if mixed else whole, unsure="“分别”前后的项数对不上") for _ in group]


def _of_one(named: str) -> list[Share]:
    """血压、血糖控制率分别达到60%: one number for each of the subjects."""
    for count in (3, 2, 4):
        if (items := _by_item(named, count, (_LISTED, _JOINED))) and all(_OWN_HEAD.search(i.indicator) for i in items):
            return items
    return [Share(named)]


def _counted_after(frame: Frame, lead: str) -> str:
    """2022年、2023年分别完成20家、15家县医院改造, 分别启动40%、30%的地区开展改革: what is counted stands behind."""
    if frame.quantity.form == "plain":
        return phrases.counted_object(_PAID_AT.sub("", frame.right), "")
    acts = phrases.opens_with_verb(re.sub(r"^分别|(?:不低于|不少于|不超过)$", "", lead))
    return phrases.share_object(frame.right) if acts and frame.right.startswith("的") else ""


def paired_years(deadlines: tuple[Deadline, ...]) -> tuple[str, ...]:
    """The last years that a text names together (到2022年和2030年); empty where it names a single one after them."""
    run = _run([deadline for deadline in deadlines if deadline.kind == "deadline"])
    return tuple(deadline.due for deadline in run) if len(run) > 1 and not run[0].bare else ()


def _dated(sentence: Sentence, marker: int) -> bool:
    return any(d.kind == "deadline" and d.start < marker for d in sentence.deadlines)


def _years(sentence: Sentence, marker: int) -> list[str]:
    """The years named together before the marker (到2025年和2030年), which govern to the full stop."""
    ahead = [d for d in sentence.deadlines if d.kind == "deadline" and d.start < marker]
    run = _run(ahead)
    return [deadline.due for deadline in run] if len(run) > 1 else []


def _run(deadlines: list[Deadline]) -> list[Deadline]:
    """The last deadlines that stand side by side."""
    run: list[Deadline] = []
    for deadline in reversed(deadlines):
        if run and deadline.end < run[-1].start - 1:
            break
        run.append(deadline)
    return run[::-1]


def _by_item(subjects: str, count: int, patterns: tuple[str, ...]) -> list[Share]:
    """A share for each of `count` items of a list of subjects, with the head and base they share."""
    for pattern in patterns:
        items = [item for item in _split(subjects, pattern) if item]
        if len(items) == count:
            return [Share(item) for item in _complete(items)]
    return []


def _split(text: str, pattern: str) -> list[str]:
    starts, ends = [0], []
    for start, end in _joints(text, pattern):
        ends.append(start)
        starts.append(end)
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _joints(text: str, pattern: str) -> Iterator[tuple[int, int]]:
    """The spans of what joins the items of a list, outside brackets and quotation marks."""
    depth, last, joint = 0, 0, re.compile(pattern)
    for at, char in enumerate(text):
        depth += (char in "(“《") - (char in ")”》")
        match = joint.match(text, at) if depth == 0 and at >= last else None
        if match:
            yield match.span()
            last = match.end()


def _complete(items: list[str]) -> list[str]:
    base = _BASE.match(items[0])
    based = [base.group(0) + item if base and not item.startswith("每") else item for item in items]
    tail = _shared_tail(items)
    verb = _SETS_UP.match(items[0]) if "的" in tail else None
    whole = [item if item is based[-1] or _HEAD.search(item) else item + tail for item in based]
    return [verb.group() + item if verb and not item.startswith(verb.group()) else item for item in whole]


def _shared_tail(items: list[str]) -> str:
    last = items[-1]
    if aligned := _aligned_tail(items):
        return aligned
    if all(_GRADE_END.search(item) for item in items[:-1]) and (grade := _GRADE_START.match(last)):
        return last[grade.end() - 1 :]
    if all(_LEVEL_END.search(item) for item in items[:-1]) and (level := _LEVEL_START.match(last)):
        return last[level.end() :]
    if (of_people := _OF_PEOPLE.search(last)) and not any(_OF_PEOPLE_NAMED.search(item) for item in items[:-1]):
        return of_people.group()
    if (of_bodies := _OF_BODIES.search(last)) and not any("的" in item for item in items[:-1]):
        return of_bodies.group()
    bodies = list(_BODY.finditer(last.split("占")[0]))
    named = all(_NAMES_WHOSE.search(item) for item in items[:-1])
    body = bodies[-1 if named else 0] if bodies else None
    if all(_BODY_END.search(item) for item in items[:-1]) and body and _HEAD.search(last[body.end() :]):
        return last[body.end() :]
    head = _HEAD.search(last)
    if head and head["whose"] and named:
        return head["head"]
    if head and head["head"] == "率" and len(last) >= 4:
        return last[-3:]  # 发生率: two characters tell which rate
    return head.group(0) if head else ""


def _aligned_tail(items: list[str]) -> str:
    """What follows in the last item where it has ended as those before it do: 全人群和重点人群|签约率."""
    *others, last = items
    if not others or any(_HEAD.search(item) for item in others):
        return ""
    for size in range(len(others[-1]), 0, -1):
        ending = others[-1][-size:]
        at = last.find(ending)
        closed = last.count("(", 0, at + size) == last.count(")", 0, at + size)
        if at >= 0 and closed and _HEAD.search(last[at + size :]):
            return last[at + size :]
    return ""


def _without_times(sentence: Sentence, start: int, stop: int) -> str:
    kept, at = [], start
    for deadline in sentence.deadlines:
        if at <= deadline.start and deadline.end <= stop:
            kept.append(sentence.text[at : deadline.start])
            at = deadline.end
    return re.sub(r"^(?:[,、:]|和|及)+", "", "".join([*kept, sentence.text[at:stop]]))
