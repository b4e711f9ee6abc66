"""Ruled tables on a page of a PDF: what stands between the drawn lines is put into rows of cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CELL = "\t"
_THIN = 2.5  # points up to which a drawn box is a line
_NEAR = 3.0  # points within which two lines are one
_LEAST_COLUMNS = 2

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1, y growing upwards."""


@dataclass(frozen=True)
class Glyph:
    """A character and where it stands."""

    text: str
    box: Box

    @property
    def centre(self) -> tuple[float, float]:
        x0, y0, x1, y1 = self.box
        return (x0 + x1) / 2, (y0 + y1) / 2


@dataclass(frozen=True)
class Grid:
    """Where the lines of a table stand.  columns: x ascending; rows: y descending."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def holds(self, point: tuple[float, float]) -> bool:
        """True for a point inside the outermost lines."""
        x, y = point
        return self.columns[0] <= x <= self.columns[-1] and self.rows[-1] <= y <= self.rows[0]


def grids(drawn: Iterable[Box]) -> list[Grid]:
    """The tables that drawn lines and boxes make, top first."""
    upright, level = _edges(drawn)
    found = []
    for low, high in _stretches(upright):
        columns = _merged(x for x, y0, y1 in upright if y0 >= low - _NEAR and y1 <= high + _NEAR)
        rows = _merged(y for y, _x0, _x1 in level if low - _NEAR <= y <= high + _NEAR)
        if len(columns) > _LEAST_COLUMNS and len(rows) > 2:
            found.append(Grid(tuple(columns), tuple(reversed(rows))))
    return sorted(found, key=lambda grid: -grid.rows[0])


def rows_of(grid: Grid, glyphs: Iterable[Glyph]) -> Iterator[str]:
    """A line for each row of a table, its cells set apart by tabs; glyphs: those inside it, in reading order."""
    cells: dict[tuple[int, int], list[str]] = {}
    for glyph in glyphs:
        x, y = glyph.centre
        row = sum(line > y for line in grid.rows) - 1
        column = sum(line < x for line in grid.columns) - 1
        cells.setdefault((row, column), []).append(glyph.text)
    for row in range(len(grid.rows) - 1):
        texts = ["".join(cells.get((row, column), ())).strip() for column in range(len(grid.columns) - 1)]
        if any(texts):
            yield CELL.join(texts)


def _edges(drawn: Iterable[Box]) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """Upright lines (x, y0, y1) and level lines (y, x0, x1); a box that is no line has all four."""
    upright, level = [], []
    for x0, y0, x1, y1 in drawn:
        if x1 - x0 <= _THIN < y1 - y0:
            upright.append((x0, y0, y1))
        elif y1 - y0 <= _THIN < x1 - x0:
            level.append((y0, x0, x1))
        elif x1 - x0 > _THIN:
            upright += [(x0, y0, y1), (x1, y0, y1)]
            level += [(y0, x0, x1), (y1, x0, x1)]
    return upright, level


def _stretches(upright: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """The heights over which upright lines stand beside or on one another."""
    found: list[tuple[float, float]] = []
    for _x, low, high in sorted(upright, key=lambda line: line[1]):
        if found and low <= found[-1][1] + _NEAR:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _merged(places: Iterable[float]) -> list[float]:
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > _NEAR:
            merged.append(place)
    return merged
