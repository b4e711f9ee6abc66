"""The text of a clause cut at the quotes of its readings, so that a page can mark them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yigongti.capabilities.ledger.models import Target


@dataclass(frozen=True)
class Piece:
    """A stretch of text; keys: the readings that it is the quote of (none for plain text)."""

    text: str
    keys: tuple[str, ...] = ()
    is_unsure: bool = False


def pieces(text: str, targets: Sequence[Target]) -> list[Piece]:
    """A text in pieces, in its order; readings whose quotes overlap share the piece, one not found has none."""
    spans = [(at, at + len(each.quote), each) for each in targets if (at := text.find(each.quote)) >= 0]
    spans.sort(key=lambda span: span[:2])
    return list(_cut(text, spans))


def _cut(text: str, spans: Sequence[tuple[int, int, Target]]) -> Iterator[Piece]:
    done = 0
    for start, end, group in _merged(spans):
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:end], tuple(each.pk for each in group), any(each.unsure for each in group))
        done = end
    if done < len(text):
        yield Piece(text[done:])


def _merged(spans: Sequence[tuple[int, int, Target]]) -> list[tuple[int, int, list[Target]]]:
    found: list[tuple[int, int, list[Target]]] = []
    for start, end, target in spans:
        if found and start < found[-1][1]:
            before, until, group = found[-1]
            found[-1] = (before, max(until, end), [*group, target])
        else:
            found.append((start, end, [target]))
    return found
