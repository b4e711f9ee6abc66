"""From a file's bytes to its text: plain text, HTML, DOCX or PDF, told apart by what they hold, not by name."""

from collections.abc import Callable
from pathlib import Path

from yigongti.capabilities.ledger.reading.sources import docx, html, pdf, plain
from yigongti.kernel.errors import FileRefused

LARGEST_FILE = 30_000_000
LONGEST_TEXT = 200_000


def text_of(data: bytes, *, name: str = "") -> str:
    """The text of a file.

    data: its bytes; name: its file name, for messages.  Lines end in \\n; cells of a table row are set apart by tabs.
    Raises FileRefused for what is empty, too large, a program, damaged, or without text.
    """
    where = Path(name).name or "上传的文件"
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise FileRefused(
            "文件是空的", where=where, why="没有任何内容可读", remedy="请检查文件是否上传完整,重新选择文件"
        )
    if len(data) > LARGEST_FILE:
        raise _too_long(where, f"文件大小{len(data) / 1_000_000:.0f}MB")
    data = plain.narrowed(data)
    text = _reader(data, where)(data, where).replace("\r\n", "\n").replace("\r", "\n")
    return checked_length(text, name=name)


def checked_length(text: str, *, name: str = "") -> str:
    """The text itself, refused when it is longer than any policy document."""
    if len(text) > LONGEST_TEXT:
        raise _too_long(Path(name).name or "上传的文件", f"正文{len(text)}字")
    return text


def _reader(data: bytes, where: str) -> Callable[[bytes, str], str]:
    if data.startswith(b"%PDF"):
        return pdf.text_of
    if data.startswith(b"PK\x03\x04"):
        return docx.text_of
    plain.refuse_programs(data, where)
    return html.text_of if html.looks_like_html(data) else plain.text_of


def _too_long(where: str, size: str) -> FileRefused:
    return FileRefused(
        f"文件太大,{size}",
        where=where,
        why=f"一份政策文件的正文不会超过{LONGEST_TEXT}字、文件不会超过{LARGEST_FILE // 1_000_000}MB",
        remedy="请只保存政策文件所在的页面,或把文件拆开后分别读取",
    )
