"""The clause of a registered document that a clause of a reading is: 二(三)10 is the 10 of a list, 三(十一) its 11."""

import re
from collections.abc import Iterable

import cn2an

_LAST_NUMBER = re.compile(r"(\d+)\)?$")
_LAST_CHINESE = re.compile(r"\(([〇零一二三四五六七八九十百]+)\)$")


def cited_clause(number: str, known: Iterable[str]) -> str | None:
    """The registered clause of a reading's clause; None where the document has none of that number."""
    registered = set(known)
    return next((each for each in _forms(number) if each in registered), None)


def _forms(number: str) -> list[str]:
    forms = [number, {"序": "引言", "结": "结语"}.get(number, number)]
    if found := _LAST_NUMBER.search(number):
        forms.append(found[1])
    if found := _LAST_CHINESE.search(number):
        forms.append(str(cn2an.cn2an(found[1], "normal")))
    return forms
