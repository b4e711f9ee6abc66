"""The clauses of a registered document that the clauses of a reading are: 二(三)10 is its 10, 三(十一) its 11."""

import re
from collections.abc import Callable, Iterable, Mapping

import cn2an

_LAST_NUMBER = re.compile(r"(\d+)\)?$")
_LAST_CHINESE = re.compile(r"\(([〇零一二三四五六七八九十百]+)\)$")
_PREAMBLE = {"序": "引言", "结": "结语"}


def cited_clauses(numbers: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
    """A reading's clause number → the registered clause, for those that have one.

    The same number counts first, then an Arabic number at its end, then a Chinese one: a registered clause that a
    closer form has taken is not given away again (二(一) is not the 1 where 二(一)1 is).
    """
    wanted, free = list(numbers), set(known)
    found: dict[str, str] = {}
    for form in _FORMS:
        matched = {number: form(number) for number in wanted if number not in found and form(number) in free}
        found |= matched
        free -= set(matched.values())
    return found


def _same(number: str) -> str:
    return number


def _preamble(number: str) -> str:
    return _PREAMBLE.get(number, "")


def _arabic(number: str) -> str:
    found = _LAST_NUMBER.search(number)
    return found[1] if found else ""


def _chinese(number: str) -> str:
    found = _LAST_CHINESE.search(number)
    return str(cn2an.cn2an(found[1], "normal")) if found else ""


_FORMS: tuple[Callable[[str], str], ...] = (_same, _preamble, _arabic, _chinese)
