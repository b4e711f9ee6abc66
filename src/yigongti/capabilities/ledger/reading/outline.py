"""The tree of clauses: paragraphs hung under the numbered headings they belong to."""

import re
from dataclasses import dataclass, field

from yigongti.capabilities.ledger.reading.markers import BOX, Marker
from yigongti.capabilities.ledger.reading.paragraphs import Paragraph

LEAD_ID = "序"
WHOLE_ID = "文"
CLOSING_ID = "结"
UNNUMBERED = (LEAD_ID, WHOLE_ID, CLOSING_ID)

_HEADING_END = re.compile(r"[。:;!?]")
_NAMES_UNITS = re.compile(r"(?:单位|部门):[^。]+\)?。?$|(?:负责|配合|牵头)\)。?$")
LONGEST_HEADING = 46


@dataclass
class Node:
    """A clause being put together.  own: its paragraphs, the one with the mark first; parent: the clause above.

    leads_in: whose words stand right above it, its parent's or the lead's.
    """

    id: str
    heading: str
    marker: Marker | None = None
    parent: "Node | None" = None
    own: list[Paragraph] = field(default_factory=list)
    leads_in: "Node | None" = None

    @property
    def path(self) -> tuple[str, ...]:
        """Headings from the top to this one."""
        above = self.parent.path if self.parent else ()
        return (*above, self.heading)


def outline(lead: list[Paragraph], body: list[Paragraph], source: str) -> list[Node]:
    """The clauses in reading order.  lead: paragraphs before the first mark; body: from the first mark on.

    Where nothing is marked, or the marks go on from a page before, the lead speaks as a clause does.
    """
    opens = next((paragraph.marker.number for paragraph in body if paragraph.marker), None)
    preamble = opens is not None and opens <= 1
    first = Node(LEAD_ID, "前言", own=lead) if preamble else Node(WHOLE_ID, "全文", own=lead)
    nodes = [first] if lead else []
    stack: list[Node] = []
    taken: dict[str, int] = {first.id: 1}
    for paragraph in body:
        marker = paragraph.marker
        if marker is None:
            if stack:
                stack[-1].own.append(paragraph)
            continue
        _close(stack, marker)
        node = _node(paragraph, marker, stack[-1] if stack else None, source, taken)
        node.leads_in = node.parent or (first if lead else None)
        stack.append(node)
        nodes.append(node)
    return nodes + _closing(nodes)


def _closing(nodes: list[Node]) -> list[Node]:
    """Prose after the units of the last clause closes the document and is no part of that clause."""
    last = nodes[-1] if nodes else None
    named = [at for at, paragraph in enumerate(last.own[:-1]) if _NAMES_UNITS.search(paragraph.text)] if last else []
    if last is None or not named or not last.own[-1].is_prose:
        return []
    tail = last.own[named[-1] + 1 :]
    del last.own[named[-1] + 1 :]
    return [Node(CLOSING_ID, "结语", own=tail)]


def _close(stack: list[Node], marker: Marker) -> None:
    """Take from the stack what the new mark ends; a box ends when the numbering outside it goes on."""
    if marker.rank == BOX:
        while stack and stack[-1].marker and (_in_box(stack) or stack[-1].marker.rank > 4):
            stack.pop()
        return
    box = next((at for at, node in enumerate(stack) if node.marker and node.marker.rank == BOX), None)
    if box is not None and not _opens_in_box(stack, box, marker):
        del stack[box:]
        box = None
    floor = 0 if box is None else box + 1
    while len(stack) > floor and _rank(stack[-1]) >= marker.rank:
        stack.pop()


def _in_box(stack: list[Node]) -> bool:
    return any(node.marker and node.marker.rank == BOX for node in stack)


def _opens_in_box(stack: list[Node], box: int, marker: Marker) -> bool:
    outside = next((node.marker for node in reversed(stack[:box]) if _rank(node) == marker.rank), None)
    goes_on = outside is not None and marker.number == outside.number + 1
    inside = [node.marker.number for node in stack[box + 1 :] if node.marker and _rank(node) == marker.rank]
    if inside and marker.number == inside[-1] + 1:
        return True
    return marker.rank >= 4 and marker.number == 1 and not goes_on


def _rank(node: Node) -> int:
    return node.marker.rank if node.marker else -1


def _node(paragraph: Paragraph, marker: Marker, parent: Node | None, source: str, taken: dict[str, int]) -> Node:
    above = parent.id if parent else ""
    shown = above + ("." if above[-1:].isdigit() and marker.label[:1].isdigit() else "") + marker.label
    taken[shown] = taken.get(shown, 0) + 1
    if taken[shown] > 1:
        shown = f"{shown}~{taken[shown]}"
    return Node(shown, _heading(paragraph, marker, source), marker, parent, [paragraph])


def _heading(paragraph: Paragraph, marker: Marker, source: str) -> str:
    """The words after the mark up to the first full stop, when they are short enough to be a heading."""
    passage = paragraph.passage(source)
    rest = passage.text[marker.length :]
    end = _HEADING_END.search(rest)
    stop = end.start() if end else len(rest)
    if stop == 0:
        return marker.label
    if stop > LONGEST_HEADING:
        comma = rest.find(",")
        stop = comma if 2 <= comma <= LONGEST_HEADING else 30
    first, last = passage.positions[marker.length], passage.positions[marker.length + stop - 1] + 1
    return re.sub(r"\s+", "", source[first:last])
