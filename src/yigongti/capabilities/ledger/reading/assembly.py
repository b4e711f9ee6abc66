"""From a source text to its Reading: paragraphs, documents, clauses, units, targets."""

import re
from dataclasses import replace

from yigongti.capabilities.ledger.reading.background import Tense, is_background
from yigongti.capabilities.ledger.reading.deadlines import find_deadlines, headed_deadline
from yigongti.capabilities.ledger.reading.distribution import paired_years
from yigongti.capabilities.ledger.reading.documents import parts_of, split_documents
from yigongti.capabilities.ledger.reading.front_matter import FrontMatter, front_matter
from yigongti.capabilities.ledger.reading.grammar import Setting, introduced_deadline, read_targets
from yigongti.capabilities.ledger.reading.kinds import genre_of
from yigongti.capabilities.ledger.reading.model import Clause, Document, Reading, Target, Units
from yigongti.capabilities.ledger.reading.outline import LEAD_ID, Node, outline
from yigongti.capabilities.ledger.reading.paragraphs import Paragraph, paragraphs_of
from yigongti.capabilities.ledger.reading.passage import Passage, Span, fold, squeeze
from yigongti.capabilities.ledger.reading.phrases import built_by
from yigongti.capabilities.ledger.reading.responsibility import (
    Responsibility,
    find_responsibility,
    first_listed_leads,
    with_first_leading,
)
from yigongti.capabilities.ledger.reading.table_rows import TaskRow, table_targets, table_tasks
from yigongti.capabilities.ledger.reading.tables import TableParagraph

NO_HEADER = "表格没有表头,其中的数字未读取"
_SETS_OUT = re.compile(r"(?:^|[,;])(?:力争)?(?:到|至)20\d\d年[^。《]{0,40}:$")


def assemble(source: str) -> Reading:
    """Read every document of a text.  A text that holds none gives an empty reading."""
    chunks = split_documents(paragraphs_of(source))
    documents: list[Document] = []
    for chunk in chunks:
        documents.append(_document(chunk, source, documents[-1] if documents else None))
    return Reading(tuple(document for document in documents if document.clauses))


def _document(paragraphs: list[Paragraph], source: str, previous: Document | None) -> Document:
    parts = parts_of(paragraphs, source)
    front = front_matter(parts.before, parts.after, source)
    nodes = outline(parts.lead, parts.body, source)
    leads = first_listed_leads("".join(paragraph.text for paragraph in paragraphs))
    clauses = _clauses(nodes, source, front)
    clauses = [replace(clause, units=with_first_leading(clause.units)) for clause in clauses] if leads else clauses
    document = Document(front.title, front.number, front.issuer, front.issued_on, tuple(clauses), _notes(nodes))
    return _inherit(document, previous)


def _inherit(document: Document, previous: Document | None) -> Document:
    """A plan printed under its promulgating notice has the notice's number, issuer and date."""
    if (
        previous is None
        or document.number
        or document.issued_on
        or squeeze(document.title)[:12] not in squeeze(previous.title)
    ):
        return document
    return replace(
        document, number=previous.number, issuer=document.issuer or previous.issuer, issued_on=previous.issued_on
    )


def _notes(nodes: list[Node]) -> tuple[str, ...]:
    return tuple(
        f"{node.id}:{NO_HEADER}"
        for node in nodes
        for paragraph in node.own
        if isinstance(paragraph, TableParagraph) and paragraph.table is None
    )


def _clauses(nodes: list[Node], source: str, front: FrontMatter) -> list[Clause]:
    clauses: list[Clause] = []
    found = {id(node): [_responsibility(paragraph, source) for paragraph in node.own] for node in nodes}
    moved = _units_for_parents(nodes, found)
    for node in nodes:
        units = sum((item.units for item in found[id(node)]), Units()) if id(node) not in moved else Units()
        units += sum((child for parent, child in moved.values() if parent is node), Units())
        targets = [] if _in_background(node) else _node_targets(node, found[id(node)], source, front)
        clauses.append(Clause(node.id, node.path, node.heading, _text(node, source), units, tuple(targets)))
        clauses += _task_clauses(node, source, front)
    return clauses


def _units_for_parents(nodes: list[Node], found: dict[int, list[Responsibility]]) -> dict[int, tuple[Node, Units]]:
    """A line of units after the last of several clauses that name none stands for their parent."""
    moved: dict[int, tuple[Node, Units]] = {}
    for node in nodes:
        own = found[id(node)]
        if len(own) < 2 or not own[-1].own_line or any(item.units for item in own[:-1]):
            continue
        family = [other for other in nodes if other.parent is node.parent]
        named = any(item.units for other in family if other is not node for item in found[id(other)])
        if node.parent and len(family) > 1 and node is family[-1] and not named:
            moved[id(node)] = (node.parent, own[-1].units)
    return moved


def _in_background(node: Node) -> bool:
    return any(is_background(squeeze(heading)) for heading in node.path)


def _responsibility(paragraph: Paragraph, source: str) -> Responsibility:
    if isinstance(paragraph, TableParagraph):
        return Responsibility(Units(), ())
    return find_responsibility(paragraph.passage(source))


def _node_targets(node: Node, responsibilities: list[Responsibility], source: str, front: FrontMatter) -> list[Target]:
    due = _time_due(responsibilities, front) or _headed(node)
    targets: list[Target] = []
    introduced: str | None = None
    paired: tuple[str, ...] = ()
    due = _introduced_above(node) or due
    genre = genre_of(squeeze(front.title), tuple(map(squeeze, node.path)), lead=_lead_of(node))
    for paragraph, responsibility in zip(node.own, responsibilities, strict=True):
        if isinstance(paragraph, TableParagraph):
            targets += table_targets(paragraph.table, source, year=front.year) if paragraph.table else []
            continue
        marked = ((0, paragraph.marker.length),) if paragraph.marker else ()
        passage = _without(paragraph.passage(source), (*marked, *responsibility.spans))
        tense: Tense = "told" if node.id == LEAD_ID else "planned"
        setting = Setting(front.year, introduced or due, paired, tense, genre, built_by(fold(node.heading)))
        targets += read_targets(passage, setting)
        times = tuple(find_deadlines(passage.text, year=front.year))
        introduced = introduced_deadline(passage.text, times) or introduced
        paired = paired_years(times) or paired
    return targets


def _introduced_above(node: Node) -> str | None:
    """到2025年,实现以下目标: at the end of the clause above speaks for the clauses under it."""
    last = _lead_of(node)
    if node.parent is None and not _SETS_OUT.search(last):
        return None
    return introduced_deadline(last, tuple(find_deadlines(last)))


def _lead_of(node: Node) -> str:
    """The last sentence right above a clause."""
    above = node.leads_in
    return above.own[-1].text.rsplit("。", 1)[-1] if above and above.own else ""


def _headed(node: Node) -> str | None:
    return next((due for heading in reversed(node.path) if (due := headed_deadline(fold(heading)))), None)


def _time_due(responsibilities: list[Responsibility], front: FrontMatter) -> str | None:
    for responsibility in responsibilities:
        found = find_deadlines(responsibility.due, year=front.year)
        if found:
            return found[-1].due
    return None


def _without(passage: Passage, spans: tuple[Span, ...]) -> Passage:
    """The passage with the naming of units turned to full stops, so that nothing in it is read for numbers."""
    text = passage.text
    for start, end in spans:
        text = text[:start] + "。" * (end - start) + text[end:]
    return replace(passage, text=text)


def _text(node: Node, source: str) -> str:
    return "\n".join(
        source[paragraph.start : paragraph.end] if isinstance(paragraph, TableParagraph) else paragraph.written(source)
        for paragraph in node.own
    )


def _task_clauses(node: Node, source: str, front: FrontMatter) -> list[Clause]:
    """Each row of a task table is a clause of its own."""
    clauses: list[Clause] = []
    for paragraph in node.own:
        if isinstance(paragraph, TableParagraph) and paragraph.table:
            for row in table_tasks(paragraph.table, source, year=front.year):
                clauses.append(_task_clause(node, row, len(clauses) + 1, source, front))
    return clauses


def _task_clause(node: Node, row: TaskRow, place: int, source: str, front: FrontMatter) -> Clause:
    text = source[row.text[0] : row.text[1]]
    heading = re.split(r"[。;\uff1b:\uff1a,\uff0c]", text)[0][:30]
    targets = read_targets(Passage.of(source, [row.text]), Setting(front.year, row.due))
    return Clause(f"{node.id}表{place}", (*node.path, heading), heading, text, row.units, tuple(targets))
