"""Bytes to UTF-8: what encoding a text file is in, and where its bytes do not fit."""

import re

from yigongti.kernel.errors import FileRefused

UTF8, GBK = "utf-8", "gb18030"
MAGIC = {
    b"MZ": "Windows 可执行程序",
    b"\x7fELF": "Linux 可执行程序",
    b"\xcf\xfa\xed\xfe": "macOS 可执行程序",
    b"\xca\xfe\xba\xbe": "macOS 可执行程序",
    b"#!": "脚本程序",
    b"%PDF": "PDF 文档",
    b"PK\x03\x04": "压缩包或 Excel 工作簿",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文档",
    b"PAR1": "Parquet 文件",
    b"\x1f\x8b": "gzip 压缩文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"SQLite format": "数据库文件",
}


def refuse_disguise(head: bytes, *, file: str, expected: str, allowed: bytes = b"") -> None:
    """Raises FileRefused where the first bytes say that the file is something other than its name says."""
    for magic, what in MAGIC.items():
        if head.startswith(magic) and magic != allowed:
            raise FileRefused(
                f"文件内容是{what},不是 {expected}",
                where=file,
                why="文件头与扩展名不符",
                remedy="请从原系统重新导出,不要只改扩展名",
            )


def encoding_of(head: bytes, *, file: str) -> str:
    """UTF-8 or GBK (GB 18030), judged by the first stretch of the file.  Raises FileRefused for anything else."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4096]:
        raise _wrong(file, "像是 UTF-16(Excel 的“Unicode 文本”)或二进制内容")
    if head.isascii():
        return UTF8
    loose = head.decode(UTF8, "replace").rstrip("\ufffd")  # the stretch may end inside a character
    bad = loose.count("\ufffd")
    if bad == 0 or sum(character > "\x7f" for character in loose) - bad > 3 * bad or _has_utf8_line(head):
        return UTF8  # bad bytes among UTF-8 are bad bytes (found with their line), not another encoding
    if _is_gbk(head):
        return GBK
    raise _wrong(file, "既不是 UTF-8,也不是 GBK")


_TWO_CHARACTERS = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
"""Two Chinese characters in UTF-8 side by side, which GBK text hardly ever looks like."""


def _has_utf8_line(head: bytes) -> bool:
    """Whether some line is Chinese in UTF-8: two files put together, whose other half GBK would turn into nonsense."""
    for found in _TWO_CHARACTERS.finditer(head):
        start, end = head.rfind(b"\n", 0, found.start()) + 1, head.find(b"\n", found.end())
        try:
            head[start : len(head) if end < 0 else end].decode(UTF8)
        except UnicodeDecodeError:
            continue
        return True
    return False


def to_utf8(block: bytes, encoding: str, *, file: str, line: int) -> bytes:
    """The block in UTF-8.  line: of the block's first byte.  Raises FileRefused naming the line of a bad byte."""
    if block.isascii():
        return block
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError as error:
        at = line + block.count(b"\n", 0, error.start)
        raise FileRefused(
            f"第 {at} 行有不属于 {_name(encoding)} 编码的字节 0x{block[error.start]:02X}",
            where=f"{file} 第 {at} 行",
            why="同一文件只能用一种编码(UTF-8 或 GBK)",
            remedy="请从原系统重新导出,或另存为“CSV UTF-8”",
        ) from error
    return block if encoding == UTF8 else text.encode()


def _is_gbk(head: bytes) -> bool:
    for cut in range(4):  # the stretch may end inside a character of up to four bytes
        try:
            head[: len(head) - cut].decode(GBK)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _name(encoding: str) -> str:
    return "UTF-8" if encoding == UTF8 else "GBK"


def _wrong(file: str, what: str) -> FileRefused:
    return FileRefused(
        f"无法识别文件的文字编码:{what}",
        where=file,
        why="文本文件应为 UTF-8 或 GBK",
        remedy="请另存为“CSV UTF-8”后再装载",
    )
