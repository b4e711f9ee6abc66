"""The order of a PDF's text: running heads and feet left out, columns one after the other."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading.passage import squeeze
from yigongti.capabilities.ledger.reading.sources.ruled import Box

_MARGIN = 0.09  # part of a page's height in which running heads and feet stand
_NARROW, _WIDE = 0.25, 0.55  # parts of a page's width: a column is between them, a title line above
_LEAST_BLOCKS = 2  # text blocks on each side before a page counts as two columns
_PAGE_NUMBER = re.compile(r"[-—–·.]*第?\d{1,3}页?(?:/?共?\d{1,3}页?)?[-—–·.]*")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Block:
    """A block of text or a table and where it stands; x0, y0, x1, y1, y growing upwards."""

    box: Box
    text: str


@dataclass(frozen=True)
class Sheet:
    """One page: its size and blocks.  width, height: points."""

    width: float
    height: float
    blocks: tuple[Block, ...]


def ordered(sheets: Sequence[Sheet]) -> list[str]:
    """The text of each page in reading order, without what runs at the edge of the pages."""
    running = _running(sheets)
    return ["".join(block.text for block in _in_order(sheet, running)) for sheet in sheets]


def _running(sheets: Sequence[Sheet]) -> set[str]:
    """What stands at the edge of most pages, its numbers aside."""
    counts = Counter(key for sheet in sheets for key in {_key(b) for b in sheet.blocks if _is_at_edge(b, sheet)})
    return {key for key, count in counts.items() if count >= 2 and count > len(sheets) / 2}


def _key(block: Block) -> str:
    return _DIGITS.sub("0", squeeze(block.text))


def _is_at_edge(block: Block, sheet: Sheet) -> bool:
    _x0, y0, _x1, y1 = block.box
    return y0 > sheet.height * (1 - _MARGIN) or y1 < sheet.height * _MARGIN


def _in_order(sheet: Sheet, running: set[str]) -> list[Block]:
    blocks = [block for block in sheet.blocks if not _is_running(block, sheet, running)]
    if not _has_columns(blocks, sheet):
        return sorted(blocks, key=_place)
    lines: list[Block] = []
    for band in _bands(sorted(blocks, key=_place), sheet):
        lines += sorted(band, key=lambda block: (block.box[0] > sheet.width / 2 - 1, *_place(block)))
    return lines


def _is_running(block: Block, sheet: Sheet, running: set[str]) -> bool:
    if not _is_at_edge(block, sheet):
        return False
    return _key(block) in running or bool(_PAGE_NUMBER.fullmatch(squeeze(block.text)))


def _has_columns(blocks: Iterable[Block], sheet: Sheet) -> bool:
    """True where column-wide blocks stand on both sides of the middle, side by side."""
    middle = sheet.width / 2
    columns = [b for b in blocks if sheet.width * _NARROW <= b.box[2] - b.box[0] <= sheet.width * _WIDE]
    left = [block for block in columns if block.box[2] <= middle]
    right = [block for block in columns if block.box[0] >= middle]
    beside = any(a.box[1] < b.box[3] and b.box[1] < a.box[3] for a in left for b in right)
    return beside and min(len(left), len(right)) >= _LEAST_BLOCKS


def _bands(blocks: Sequence[Block], sheet: Sheet) -> list[list[Block]]:
    """The blocks from top to bottom, parted by those that go across both columns."""
    bands: list[list[Block]] = [[]]
    for block in blocks:
        across = block.box[0] < sheet.width / 2 < block.box[2]
        if across:
            bands += [[block], []]
        else:
            bands[-1].append(block)
    return bands


def _place(block: Block) -> tuple[float, float]:
    return (-block.box[3], block.box[0])
