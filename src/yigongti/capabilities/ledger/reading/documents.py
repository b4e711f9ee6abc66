"""Telling the documents of one file apart, and in each what stands before, in and after its clauses."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading.front_matter import is_title, names_document
from yigongti.capabilities.ledger.reading.paragraphs import Paragraph
from yigongti.capabilities.ledger.reading.tables import TableParagraph, gather_tables

_TOP = 2  # 一、 and 第一条
_SALUTATION = re.compile(r"^(?:各|市|区|县|有关|机关|省|国务院)[^。]{2,160}:$")
_ORDERS = re.compile(
    r"(?:现)?(?:将|印发|转发)[^。]{4,120}(?:印发给你们|转发给你们|请(?:认真)?(?:贯彻|遵照|组织|结合|抓好))|(?:已经|业经)[^。]{2,40}(?:同意|审议|通过)"
)
_SIGNATURE = re.compile(r"^[一-鿿()]{4,40}(?:办公室|人民政府|委员会|局|领导小组)$")
_NAMES_UNITS = re.compile(r"^[\[(]?(?:牵头|责任|配合|协办|主责|落实)[^:]{0,6}:")
_FIGURES = re.compile(r"\d(?:%|‰|张|个|家|名|人|岁|/10万)")
_TELLING = 3  # figures in one paragraph that no notice holds
_SETS_OUT = re.compile(r"(?:到|至)20\d\d年[^。《]{0,24}:$")
_ATTACHED = re.compile(r"^附(?:件|表|录)\d{0,2}:?.{0,60}$|\.(?:pdf|docx?|xlsx?)$|^抄送")


@dataclass(frozen=True)
class Parts:
    """before: title, numbers, the notice; lead: prose before the first mark, or all of a text without marks;

    body: clauses; after: the rest.
    """

    before: list[Paragraph]
    lead: list[Paragraph]
    body: list[Paragraph]
    after: list[Paragraph]


def split_documents(paragraphs: list[Paragraph]) -> list[list[Paragraph]]:
    """The paragraphs of each document: a new one begins where the numbering starts over under a new title,

    or under the first title after prose that has told aims of its own (a page of news before a plan).
    """
    starts, last_mark = [0], -1
    for at, paragraph in enumerate(paragraphs):
        marker = paragraph.marker
        if marker is None:
            told = last_mark < starts[-1] and any(_tells_aims(before) for before in paragraphs[starts[-1] : at])
            starts += [at] if told and is_title(paragraph) else []
            continue
        if marker.rank in (0, _TOP) and marker.number == 1 and last_mark >= starts[-1]:
            title = next((back for back in range(last_mark + 1, at) if _opens(paragraphs[back])), None)
            starts += [title] if title is not None else []
        last_mark = at
    return [paragraphs[start:stop] for start, stop in zip(starts, [*starts[1:], len(paragraphs)], strict=True)]


def parts_of(document: list[Paragraph], source: str) -> Parts:
    """Cut a document into what stands before, leads into, makes up and follows its clauses."""
    if not any(paragraph.marker for paragraph in document):
        return _unnumbered(document, source)
    first = _first_clause(document)
    title = max((at for at in range(first) if is_title(document[at])), default=-1)
    start = first
    while start > title + 1 and _is_lead(document[start - 1]):
        start -= 1
    lead, body = gather_tables(document[start:first], source), gather_tables(document[first:], source)
    end = len(body)
    while end > 0 and _is_trailing(body[end - 1]):
        end -= 1
    return Parts(document[:start], lead, body[:end], body[end:])


def _unnumbered(document: list[Paragraph], source: str) -> Parts:
    """News telling a plan, a list of tasks: all that follows the last title over it is one clause."""
    gathered = gather_tables(document, source)
    told = [at for at, paragraph in enumerate(gathered) if _is_lead(paragraph)]
    titles = [at for at, paragraph in enumerate(gathered) if is_title(paragraph) and told and at < told[-1]]
    if not titles:
        return Parts(document, gathered, [], [])
    return Parts(gathered[: titles[-1] + 1], gathered[titles[-1] + 1 :], [], [])


def _tells_aims(paragraph: Paragraph) -> bool:
    told = paragraph.is_prose and not _ORDERS.search(paragraph.text)
    return told and len(_FIGURES.findall(paragraph.text)) >= _TELLING


def _opens(paragraph: Paragraph) -> bool:
    return is_title(paragraph) or names_document(paragraph.text)


def _first_clause(document: list[Paragraph]) -> int:
    """The first mark, after the last title that still stands before all 一、."""
    marks = [at for at, paragraph in enumerate(document) if paragraph.marker is not None]
    tops = [at for at in marks if document[at].marker and document[at].marker.rank <= 3]  # type: ignore[union-attr]  # marks have markers
    first = tops[0] if tops else marks[0]
    title = max((at for at in range(first) if is_title(document[at])), default=-1)
    return next(at for at in marks if at > title) if any(at > title for at in marks) else marks[0]


def _is_lead(paragraph: Paragraph) -> bool:
    if isinstance(paragraph, TableParagraph):
        return True
    return _SETS_OUT.search(paragraph.text) is not None or (
        paragraph.is_prose
        and not _SALUTATION.match(paragraph.text)
        and not _ORDERS.search(paragraph.text)
        and "|" not in paragraph.text
    )


def _is_trailing(paragraph: Paragraph) -> bool:
    if isinstance(paragraph, TableParagraph) or paragraph.marker:
        return False
    text = paragraph.text
    if _NAMES_UNITS.match(text):
        return False
    return (
        paragraph.is_day
        or bool(_SIGNATURE.match(text) or _ATTACHED.search(text))
        or (not paragraph.is_prose and not re.search(r"[。;]$", text))
    )
