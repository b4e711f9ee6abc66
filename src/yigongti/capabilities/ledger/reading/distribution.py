"""Distributive lists: A、B分别达到X、Y, and 到2025年和2030年,A分别达到X和Y."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading import phrases, words
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence, frames

_SPLITS = (r"[、]", r"[、]|和|与|及|以及")
_WIDE_SPLITS = (r"[,、]", r"[,、]|以及|和|与|及")
_HEAD = re.compile(rf"(?P<whose>(?:患者|病人|人群|儿童|机构|医院|人口)?)(?P<head>{words.HEADS})$")
_BODY = re.compile(rf"(?:{words.BODIES})(?!数|率|比)")
_BODY_END = re.compile(rf"(?:{words.BODIES})$")
_OWN_HEAD = re.compile(r"(?:率|比例|占比|比重|人数|床位数|医师数|护士数|增幅|满意度)$")
_LEVEL = re.compile(r"^(?:[一二三四]级|(?:国家|省|市|县|区|乡|镇|村)级?)$")


@dataclass(frozen=True)
class Share:
    """What one number of a distributive list belongs to: its indicator, or its year, why that may be wrong,

    and the span of the whole list in its sentence.
    """

    indicator: str
    due: str | None = None
    unsure: str = ""
    span: tuple[int, int] | None = None


def distribute(group: list[Frame], sentence: Sentence, *, start: int, marker: int) -> list[Share]:
    """One share for each number of the group.  start, marker: where the subjects begin and where 分别 stands."""
    left = sentence.text[start:marker]
    since = max((frame.end for frame in frames(sentence) if frame.end <= marker), default=0)
    dues = [d.due for d in sentence.deadlines if d.kind == "deadline" and since <= d.start < marker]
    named = phrases.subject(_without_times(left, sentence, start))
    items = split_items(named, len(group), _SPLITS)
    if not items and len(dues) == len(group):
        return [Share(named, due) for due in dues]
    items = items or split_items(named, len(group), _WIDE_SPLITS)
    if items:
        return [Share(item) for item in items]
    return [Share(named, unsure="“分别”前后的项数对不上") for _ in group]


def full_measures(subjects: str) -> list[str]:
    """The items of a list whose every item names a measure of its own (A率和B率均达到…); empty for any other phrase."""
    for pattern in _SPLITS:
        items = [item for item in _split(subjects, pattern) if item]
        if len(items) > 1 and all(len(item) >= 4 and _OWN_HEAD.search(item) for item in items):
            return items
    return []


def split_items(subjects: str, count: int, patterns: tuple[str, ...]) -> list[str]:
    """`count` indicators out of a list of subjects, each with the head and base they share; empty when they do not fit."""
    for pattern in patterns:
        items = [item for item in _split(subjects, pattern) if item]
        if len(items) == count:
            return _complete(items)
    return []


def _split(text: str, pattern: str) -> list[str]:
    items, depth, last = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "(“《") - (char in ")”》")
        match = re.compile(pattern).match(text, at) if depth == 0 else None
        if match and at >= last:
            items.append(text[last:at])
            last = match.end()
    return [*items, text[last:]]


def _complete(items: list[str]) -> list[str]:
    with_base = [_with_base(item, items[0]) for item in items]
    tail = _shared_tail(items)
    return [item if item is with_base[-1] or _HEAD.search(item) else item + tail for item in with_base]


def _shared_tail(items: list[str]) -> str:
    last = items[-1]
    if all(_LEVEL.match(item) for item in items[:-1]) and (
        level := re.match(r"^(?:国家|省|市|县|区|乡|镇|村|[一二三四](?=级))级?(?:[两三四]级)?", last)
    ):
        return last[level.end() :]
    bodies = [_BODY_END.search(item) for item in items[:-1]]
    body = _BODY.search(last)
    if all(bodies) and body and _HEAD.search(last[body.end() :]):
        return last[body.end() :]
    head = _HEAD.search(last)
    return head.group(0) if head else ""


def _with_base(item: str, first: str) -> str:
    base = re.match(
        r"每(?:[百千万十]|\d)+[百千万]?(?:名|位|张)?(?:常住|户籍)?(?:人口|居民|人|老年人|床位)(?:拥有)?", first
    )
    return base.group(0) + item if base and not item.startswith("每") else item


def _without_times(left: str, sentence: Sentence, start: int) -> str:
    kept, at = [], start
    for deadline in sentence.deadlines:
        if start <= deadline.start and deadline.end <= start + len(left) and deadline.start >= at:
            kept.append(sentence.text[at : deadline.start])
            at = deadline.end
    kept.append(sentence.text[at : start + len(left)])
    return re.sub(r"^[,、和及:]+", "", "".join(kept))
