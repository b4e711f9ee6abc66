"""A table drawn on a page of a PDF is read row by row, whatever order its text is stored in."""

from itertools import pairwise

from yigongti.capabilities.ledger.reading.sources.ruled import Glyph, grids, rows_of

COLUMNS, ROWS = (70.0, 170.0, 220.0, 300.0), (500.0, 480.0, 460.0)
LINES = [(x, ROWS[-1], x, ROWS[0]) for x in COLUMNS] + [(COLUMNS[0], y, COLUMNS[-1], y) for y in ROWS]


def written(text: str, x: float, y: float) -> list[Glyph]:
    return [Glyph(letter, (x + 6 * at, y, x + 6 * at + 6, y + 10)) for at, letter in enumerate(text)]


def test_cells_are_what_stands_between_the_lines() -> None:
    (grid,) = grids(LINES)
    glyphs = [
        *written("指标", 80, 484), *written("单位", 175, 484), *written("2027年", 230, 484),
        *written("90", 230, 464), *written("县域就诊率", 80, 464), *written("%", 175, 464),
    ]  # fmt: skip
    assert list(rows_of(grid, glyphs)) == ["指标\t单位\t2027年", "县域就诊率\t%\t90"]


def test_boxes_drawn_around_each_cell_make_the_same_table() -> None:
    cells = [(left, low, right, high) for left, right in pairwise(COLUMNS) for high, low in pairwise(ROWS)]
    assert grids(cells) == grids(LINES)


def test_a_frame_and_a_line_under_a_heading_are_no_table() -> None:
    assert grids([(50, 50, 540, 790)]) == []
    assert grids([(70, 700, 520, 700.5)]) == []


def test_two_tables_on_a_page_come_top_first() -> None:
    lower = [(x0, y0 - 300, x1, y1 - 300) for x0, y0, x1, y1 in LINES]
    assert [grid.rows[0] for grid in grids([*lower, *LINES])] == [500.0, 200.0]
