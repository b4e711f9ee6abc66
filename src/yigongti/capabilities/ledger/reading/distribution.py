"""Distributive lists: A、B分别达到X、Y, and 到2025年和2030年,A分别达到X和Y."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading import phrases, words
from yigongti.capabilities.ledger.reading.deadlines import Deadline
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence

_AND = r"以及|和|与|及(?!以上|以下|其|时)"
_LISTED, _JOINED, _SPACED = r"、", rf"、|{_AND}", rf"[,、]|{_AND}"
_HEAD = re.compile(rf"(?P<whose>(?:患者|病人|人群|儿童|机构|医院|人口)?)(?P<head>{words.HEADS})$")
_BODY = re.compile(rf"(?:{words.BODIES})(?!数|率|比)")
_BODY_END = re.compile(rf"(?:{words.BODIES})$")
_OWN_HEAD = re.compile(r"(?:率|比例|占比|比重|人数|床位数|医师数|护士数|增幅|满意度)$")
_LEVEL = re.compile(r"^(?:[一二三四]级|(?:国家|省|市|县|区|乡|镇|村)级?)$")
_LEVEL_START = re.compile(r"^(?:国家|省|市|县|区|乡|镇|村|[一二三四](?=级))级?(?:[两三四]级)?")
_BASE = re.compile(r"每(?:[百千万十]|\d)+[百千万]?(?:名|位|张)?(?:常住|户籍)?(?:人口|居民|人|老年人|床位)(?:拥有)?")
_JOINT = re.compile(rf"^(?:、|,|/|{_AND})?$")
_REACH = 14  # characters between 分别 and its first number


@dataclass(frozen=True)
class Share:
    """What one number of a list belongs to: its indicator, its year, why that may be wrong, and the list's span."""

    indicator: str
    due: str | None = None
    unsure: str = ""
    span: tuple[int, int] | None = None


def distributed(sentence: Sentence, framed: list[Frame]) -> dict[int, Share]:
    """The shares of all distributive lists of a sentence, by the index of their number."""
    shares: dict[int, Share] = {}
    for start, marker, group in _lists(sentence, framed):
        members = [framed[index] for index in group]
        found = _distribute(members, sentence, start=start, marker=marker)
        span = (start, members[-1].end)
        shares |= {index: replace(share, span=span) for index, share in zip(group, found, strict=True)}
    return shares


def full_measures(subjects: str) -> list[str]:
    """The items of a list whose every item names a measure of its own (A率和B率均达到…); empty for any other phrase."""
    for pattern in (_LISTED, _JOINED):
        items = [item for item in _split(subjects, pattern) if item]
        if len(items) > 1 and all(len(item) >= 4 and _OWN_HEAD.search(item) for item in items):
            return items
    return []


def _lists(sentence: Sentence, framed: list[Frame]) -> Iterator[tuple[int, int, list[int]]]:
    """Where the subjects of a list begin, where they end, and the numbers it has."""
    for match in re.finditer("分别", sentence.text):
        group = _group(match.end(), sentence, framed)
        if len(group) > 1:
            yield _subjects_start(match.start(), sentence, framed), match.start(), group
    for index, frame in enumerate(framed[:-1]):
        group = _unnamed(index, framed)
        if (
            len(group) > 1
            and "分别" not in frame.left
            and (index == 0 or framed[index - 1].end != frame.left_start - 1)
        ):
            stop = frame.left_start + (frame.before.start if frame.before else len(frame.left))
            listed = len(_split(phrases.subject(sentence.text[frame.left_start : stop]), _LISTED)) == len(group)
            if listed or (len(group) == 2 and _years(sentence, len(sentence.text))):
                yield frame.left_start, stop, group


def _unnamed(index: int, framed: list[Frame]) -> list[int]:
    """A number and those after it in its list that have no words of their own (下降3%、2%)."""
    group = [index]
    while group[-1] + 1 < len(framed) and framed[group[-1] + 1].chained and not framed[group[-1] + 1].left:
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


def _distribute(group: list[Frame], sentence: Sentence, *, start: int, marker: int) -> list[Share]:
    named = phrases.subject(_without_times(sentence, start, marker))
    years = _years(sentence, marker)
    if shares := _by_item(named, len(group), (_LISTED,)):
        return shares
    if years and len(group) == len(years):
        return [Share(named, due) for due in years]
    if years and len(group) % len(years) == 0:
        items = _by_item(named, len(group) // len(years), (_LISTED, _JOINED))
        if items:
            return [replace(item, due=due) for due in years for item in items]
    doubt = "“分别”前后的项数对不上"
    return _by_item(named, len(group), (_JOINED, r"[,、]", _SPACED)) or [Share(named, unsure=doubt) for _ in group]


def _years(sentence: Sentence, marker: int) -> list[str]:
    """The years named together before the marker (到2025年和2030年), which govern to the full stop."""
    ahead = [d for d in sentence.deadlines if d.kind == "deadline" and d.start < marker]
    run: list[Deadline] = []
    for deadline in reversed(ahead):
        if run and deadline.end < run[-1].start - 1:
            break
        run.append(deadline)
    return [deadline.due for deadline in reversed(run)] if len(run) > 1 else []


def _by_item(subjects: str, count: int, patterns: tuple[str, ...]) -> list[Share]:
    """A share for each of `count` items of a list of subjects, with the head and base they share."""
    for pattern in patterns:
        items = [item for item in _split(subjects, pattern) if item]
        if len(items) == count:
            return [Share(item) for item in _complete(items)]
    return []


def _split(text: str, pattern: str) -> list[str]:
    items, depth, last = [], 0, 0
    joint = re.compile(pattern)
    for at, char in enumerate(text):
        depth += (char in "(“《") - (char in ")”》")
        match = joint.match(text, at) if depth == 0 and at >= last else None
        if match:
            items.append(text[last:at])
            last = match.end()
    return [*items, text[last:]]


def _complete(items: list[str]) -> list[str]:
    base = _BASE.match(items[0])
    based = [base.group(0) + item if base and not item.startswith("每") else item for item in items]
    tail = _shared_tail(items)
    return [item if item is based[-1] or _HEAD.search(item) else item + tail for item in based]


def _shared_tail(items: list[str]) -> str:
    last = items[-1]
    if all(_LEVEL.match(item) for item in items[:-1]) and (level := _LEVEL_START.match(last)):
        return last[level.end() :]
    body = _BODY.search(last)
    if all(_BODY_END.search(item) for item in items[:-1]) and body and _HEAD.search(last[body.end() :]):
        return last[body.end() :]
    head = _HEAD.search(last)
    return head.group(0) if head else ""


def _without_times(sentence: Sentence, start: int, stop: int) -> str:
    kept, at = [], start
    for deadline in sentence.deadlines:
        if at <= deadline.start and deadline.end <= stop:
            kept.append(sentence.text[at : deadline.start])
            at = deadline.end
    return re.sub(r"^(?:[,、:]|和|及)+", "", "".join([*kept, sentence.text[at:stop]]))
