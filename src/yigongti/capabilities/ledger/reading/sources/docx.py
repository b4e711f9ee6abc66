"""A Word document to text, read from its XML: paragraphs with their automatic numbers, tables row by row."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from yigongti.capabilities.ledger.reading.sources.numbering import Numbering
from yigongti.kernel.errors import FileRefused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST_PART = 60_000_000


def text_of(data: bytes, where: str) -> str:
    """The text of a .docx; a zip without a Word document in it is refused."""
    body, numbering = _parts(data, where)
    text = "\n".join(line for block in body for line in _lines(block, numbering))
    if not text.strip():
        raise FileRefused(
            "文档里没有文字", where=where, why="Word 文档可能只有图片", remedy="请上传带文字的 DOCX,或先做文字识别"
        )
    return text


def _parts(data: bytes, where: str) -> tuple[ElementTree.Element, Numbering]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if "word/document.xml" not in names:
                raise FileRefused(
                    "压缩包里没有 Word 文档",
                    where=where,
                    why="不是 DOCX 文件",
                    remedy="请解压后上传其中的政策文件,表格请另存为 DOCX 或网页",
                )
            document = _root(archive, "word/document.xml", where)
            numbering = _root(archive, "word/numbering.xml", where) if "word/numbering.xml" in names else None
    except zipfile.BadZipFile as error:
        raise FileRefused(
            "DOCX 文件已损坏", where=where, why="压缩结构不完整", remedy="请重新下载或另存后再读取"
        ) from error
    body = document.find(f"{_W}body")
    if body is None:
        raise FileRefused("DOCX 文件已损坏", where=where, why="缺少正文", remedy="请用 Word 打开后另存,再读取")
    return body, Numbering(numbering)


def _root(archive: zipfile.ZipFile, name: str, where: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _LARGEST_PART:
        raise FileRefused("DOCX 正文过大", where=where, why="展开后超过60MB", remedy="请只保留政策文件正文")
    try:
        return ElementTree.fromstring(archive.read(name))
    except ElementTree.ParseError as error:
        raise FileRefused(
            "DOCX 文件已损坏", where=where, why="正文无法解析", remedy="请用 Word 打开后另存,再读取"
        ) from error


def _lines(block: ElementTree.Element, numbering: Numbering) -> Iterator[str]:
    if block.tag == f"{_W}p":
        yield numbering.label(block) + _paragraph(block)
    elif block.tag == f"{_W}tbl":
        yield from _table(block)
    elif block.tag == f"{_W}sdt":
        for content in block.findall(f"{_W}sdtContent/*"):
            yield from _lines(content, numbering)


def _paragraph(paragraph: ElementTree.Element) -> str:
    pieces = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag == f"{_W}tab":
            pieces.append(" ")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
    return "".join(pieces)


def _table(table: ElementTree.Element) -> Iterator[str]:
    above: list[str] = []
    for row in table.findall(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            text = "".join(_paragraph(paragraph) for paragraph in cell.iter(f"{_W}p")).replace("\n", "")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val") != "restart" and len(cells) < len(above):
                text = above[len(cells)]
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            cells += [text] * int((span.get(f"{_W}val") if span is not None else None) or 1)
        above = cells
        yield "\t".join(cells)
