"""A PDF with text to lines, ruled tables row by row; a scan without text is refused."""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from yigongti.capabilities.ledger.reading.sources.page_order import Block, Sheet, ordered
from yigongti.capabilities.ledger.reading.sources.ruled import Box, Glyph, Grid, grids, rows_of
from yigongti.kernel.errors import FileRefused

_LEAST_TEXT = 40


def text_of(data: bytes, where: str) -> str:
    """The text of all pages, a line a line; rows of a ruled table as lines of cells."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        sheets = [_sheet(page) for page in extract_pages(BytesIO(data), laparams=LAParams(boxes_flow=None))]
    except PDFPasswordIncorrect as error:
        raise FileRefused(
            "PDF 有密码", where=where, why="加密的 PDF 不能读取文字", remedy="请去掉密码后再读取"
        ) from error
    except (PDFException, ValueError, KeyError, TypeError, IndexError, AssertionError, RecursionError) as error:
        raise FileRefused(
            "PDF 文件已损坏", where=where, why="内部结构无法解析", remedy="请重新下载,或用浏览器打印为新的 PDF"
        ) from error
    text = "\n".join(ordered(sheets))
    if len("".join(text.split())) < _LEAST_TEXT:
        raise FileRefused(
            "PDF 里没有文字", where=where, why="这是扫描件,只有图片", remedy="请先做文字识别(OCR),或上传网页、DOCX 版本"
        )
    return text


def _sheet(page: Any) -> Sheet:
    """One page: its text boxes, and each ruled table in its place."""
    from pdfminer.layout import LTCurve, LTTextBox

    tables = grids(_box(item) for item in page if isinstance(item, LTCurve))
    boxes = [item for item in page if isinstance(item, LTTextBox)]
    inside: dict[Grid, list[Glyph]] = {table: [] for table in tables}
    blocks: list[Block] = []
    for box in boxes:
        glyphs = list(_glyphs(box))
        table = next((each for each in tables if glyphs and all(each.holds(glyph.centre) for glyph in glyphs)), None)
        if table is None:
            blocks.append(Block(_box(box), f"{box.get_text()}\n"))
        else:
            inside[table] += glyphs
    blocks += [Block(_extent(table), _rows(table, glyphs)) for table, glyphs in inside.items()]
    return Sheet(page.width, page.height, tuple(blocks))


def _extent(table: Grid) -> Box:
    return (table.columns[0], table.rows[-1], table.columns[-1], table.rows[0])


def _rows(table: Grid, glyphs: list[Glyph]) -> str:
    return "\n".join([*rows_of(table, glyphs), "\n"])


def _glyphs(box: Any) -> Iterator[Glyph]:
    from pdfminer.layout import LTChar

    for line in box:
        for item in line:
            if isinstance(item, LTChar):
                yield Glyph(item.get_text(), _box(item))


def _box(item: Any) -> Box:
    return (item.x0, item.y0, item.x1, item.y1)
