"""The marks that open a numbered part: 第一章, 一、, (一), 1., (1), ①, 第三条, 专栏2."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading.numerals import number_of

BOX = 9

_SPELLED = "[一二三四五六七八九十百]{1,4}"
_FORMS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(rf"(?P<label>第(?P<number>{_SPELLED})(?:编|章|部分|篇))[、.:]?")),
    (1, re.compile(rf"(?P<label>第(?P<number>{_SPELLED})节)[、.:]?")),
    (2, re.compile(rf"(?P<label>第(?P<number>{_SPELLED})条)[、.:]?")),
    (2, re.compile(r"(?P<label>(?P<number>[一二三四五六七八九十]{1,3}))(?:、|\.(?!\d))")),
    (3, re.compile(r"\((?P<label>(?P<number>[一二三四五六七八九十]{1,3}))\)[、.]?")),
    (4, re.compile(r"(?P<label>(?P<number>\d{1,2}))(?:[.、](?!\d)|\.(?=\d{4}年))")),
    (5, re.compile(r"\(?(?P<label>(?P<number>\d{1,2}))\)[、.]?")),
    (6, re.compile(r"(?P<label>(?P<number>[①-⑳]))[、.]?")),
    (BOX, re.compile(rf"(?P<label>专栏(?P<number>\d{{1,2}}|{_SPELLED})?)[:、.]?")),
)
_SHOWN = {3: "({})", 4: "{}", 5: "({})"}


@dataclass(frozen=True)
class Marker:
    """rank: its level, 0 (章) to 6 (①), or BOX.  number: its place among its like, 0 when it has none.

    label: as an id shows it.  length: characters of folded text up to the heading.
    """

    rank: int
    number: int
    label: str
    length: int


def marker_of(text: str) -> Marker | None:
    """The mark that opens a folded line, if one does."""
    for rank, pattern in _FORMS:
        match = pattern.match(text)
        if match and len(text) > match.end():
            return Marker(rank, _number(match["number"]), _SHOWN.get(rank, "{}").format(match["label"]), match.end())
    return None


def _number(written: str | None) -> int:
    if not written:
        return 0
    if "①" <= written <= "⑳":
        return ord(written) - ord("①") + 1
    return int(number_of(written) or 0)
