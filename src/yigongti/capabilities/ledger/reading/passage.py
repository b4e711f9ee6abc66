"""A stretch of text folded for the grammar, each folded character knowing where it came from.

Folding maps character to character (full-width to half-width digits, one comma, one colon, one dash) and leaves white
space out, so that the grammar sees one spelling while a quote is cut from the source exactly as it stands there.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]

QUOTE_LIMIT = 60
_EDGES = " \t\u3000\xa0,;:\uff0c\uff1b\uff1a\u3001\u3002"

_PAIRS = (
    {chr(0xFF01 + step): chr(0x21 + step) for step in range(94)}  # the full-width block
    | dict.fromkeys("\u2014\u2013\u2015\u2012\u2212\u2010\u2011\ufe63\u301c\u223c\uff5e~", "-")  # dashes, waves
    | dict.fromkeys("\ufe55\u2236\ufe30\ua789", ":")
    | {"\ufe50": ",", "\ufe54": ";", "\ufe6a": "%", "\ufe59": "(", "\ufe5a": ")", "\ufe64": "<", "\ufe65": ">"}
    | {"\u3010": "[", "\u3011": "]", "\u3014": "[", "\u3015": "]"}  # square brackets
    | dict.fromkeys("\u300c\u300e\u301d", "\u201c")  # opening quotes
    | dict.fromkeys("\u300d\u300f\u301e", "\u201d")  # closing quotes
    | {"\u3007": "\u96f6", "\u25cb": "\u96f6"}  # both circles that stand for zero
    | dict.fromkeys("\u2267\u2a7e", "\u2265")
    | dict.fromkeys("\u2266\u2a7d", "\u2264")
    | dict.fromkeys("\u2022\u25cf\u25a0\u25c6\uf06c\u2605", "\u00b7")  # bullets
)
_FOLDING = str.maketrans(_PAIRS)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SOLID = re.compile(rf"[^\s{_INVISIBLE}]+")


def fold(text: str) -> str:
    """The text in the grammar's spelling, one character for one, white space kept."""
    return text.translate(_FOLDING)


def squeeze(text: str) -> str:
    """Folded and without white space."""
    return "".join(_SOLID.findall(fold(text)))


@dataclass(frozen=True)
class Passage:
    """Folded text without white space, and the source position of each of its characters."""

    source: str
    text: str
    positions: "array[int]"

    @classmethod
    def of(cls, source: str, spans: Iterable[Span]) -> "Passage":
        """The given pieces of the source as one run of folded text."""
        positions, pieces = array("l"), []
        for start, end in spans:
            for solid in _SOLID.finditer(source, start, end):
                positions.extend(range(*solid.span()))
                pieces.append(solid.group())
        return cls(source, fold("".join(pieces)), positions)

    def quote(self, span: Span, *, around: Span) -> str:
        """The source text of `span`, cut to one line and 60 characters, always holding `around` (the number)."""
        start, end = self._source(span)
        first, last = self._source(around)
        start = max(start, self.source.rfind("\n", start, first) + 1)
        line_end = self.source.find("\n", last, end)
        end = end if line_end < 0 else line_end
        if "\n" in self.source[first:last]:
            return self.source[start : self.source.index("\n", first)][-QUOTE_LIMIT:].strip()
        return self.source[start : min(end, max(last, start + QUOTE_LIMIT))][-QUOTE_LIMIT:].strip(_EDGES)

    def _source(self, span: Span) -> Span:
        return self.positions[span[0]], self.positions[span[1] - 1] + 1
