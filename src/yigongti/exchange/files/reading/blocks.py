"""Cuts a text file into blocks of whole lines with bounded memory; opens .gz as if it were the plain file."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from yigongti.exchange.files.reading.encodings import encoding_of, refuse_disguise, to_utf8
from yigongti.kernel.errors import FileRefused

BLOCK = 8 << 20
LONGEST = 4 * BLOCK
QUOTE, NEWLINE, RETURN = b'"', b"\n", b"\r"


@dataclass(frozen=True)
class Block:
    """Whole lines in UTF-8; first: the 1-based number of the first; read: bytes of the file it took."""

    text: bytes
    first: int
    read: int


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, decompressed.  Raises FileRefused where it cannot be read or a .gz is cut short."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield stream  # type: ignore[misc]  # GzipFile reads as a BinaryIO does
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused(
            "压缩文件不完整或已损坏", where=str(path), why=f"解压到一半失败:{error}", remedy="请重新传输该文件后再装载"
        ) from error
    except OSError as error:
        raise FileRefused(
            f"读不了这个文件:{error.strerror or error}", where=str(path), remedy="请检查文件是否存在、是否有读取权限"
        ) from error


def head_of(path: Path, *, expected: str, allowed: bytes = b"", size: int = 1 << 20) -> bytes:
    """The first stretch of the file.  Raises FileRefused where it is empty or is something else in disguise."""
    with opened(path) as stream:
        head = _lines_ended(stream.read(size))
    if not head.strip():
        raise FileRefused("文件是空的", where=str(path), why="没有表头,也没有数据", remedy="请重新导出该文件")
    refuse_disguise(head, file=str(path), expected=expected, allowed=allowed)
    return head


def text_blocks(path: Path, *, head: bytes, quotes: bool) -> Iterator[Block]:
    """The file in blocks of whole lines (where `quotes`, of whole records as far as quotes pair up), as UTF-8."""
    encoding, line = encoding_of(head, file=str(path)), 1
    with opened(path) as stream:
        for raw in _cut(stream, quotes=quotes):
            text = to_utf8(raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw, encoding, file=str(path), line=line)
            yield Block(text, line, len(raw))
            line += raw.count(NEWLINE)


def _lines_ended(start: bytes) -> bytes:
    """The file's beginning; where lines end in a bare return (old Macintosh CSV), they end in a line feed now."""
    return start if NEWLINE in start else start.replace(RETURN, NEWLINE)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The file in pieces; whether its lines end in bare returns is judged by the first."""
    first = stream.read(BLOCK)
    bare = _lines_ended(first) != first
    yield _lines_ended(first)
    while chunk := stream.read(BLOCK):
        yield chunk.replace(RETURN, NEWLINE) if bare else chunk


def _cut(stream: BinaryIO, *, quotes: bool) -> Iterator[bytes]:
    rest = b""
    for chunk in _chunks(stream):
        rest += chunk
        while end := _end(rest, quotes=quotes):
            yield rest[:end]
            rest = rest[end:]
            if len(rest) < BLOCK:
                break
    if rest:
        yield rest


def _end(data: bytes, *, quotes: bool) -> int:
    """Where the last whole record ends; after the first line where a quote never closes; 0: read on."""
    last = data.rfind(NEWLINE)
    if last < 0:
        return len(data) if len(data) > LONGEST else 0
    if not quotes or QUOTE not in data:
        return last + 1
    before = data.count(QUOTE, 0, last)
    while before % 2 and last > 0:
        earlier = data.rfind(NEWLINE, 0, last)
        before -= data.count(QUOTE, max(earlier, 0), last)
        last = earlier
    if last >= 0:
        return last + 1
    return data.find(NEWLINE) + 1 if len(data) > LONGEST else 0
