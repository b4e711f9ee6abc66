"""Finds FHIR resources in files: NDJSON (a resource a line), a bundle, or a single resource."""

import codecs
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import numpy as np
import orjson
import pyarrow as pa

from yigongti.kernel.errors import FileRefused

ENDINGS = (".ndjson", ".jsonl", ".json")
BLOCK_BYTES = 1 << 25
RAW = pa.schema([("file", pa.string()), ("line", pa.int64()), ("body", pa.string())])


def is_fhir(path: Path) -> bool:
    """Whether the file's beginning names a FHIR `resourceType`; folders are not."""
    name = path.name.removesuffix(".gz")
    if not name.endswith(ENDINGS) or not path.is_file():
        return False
    with _open(path) as stream:
        return b'"resourceType"' in stream.read(4096)


def resources(path: Path) -> Iterator[pa.Table]:
    """Blocks of (file, line, body): body is one resource as JSON text; line is 1-based (entry number in a bundle).

    Raises FileRefused when the file is empty, not UTF-8, or a `.json` that is not JSON.
    """
    if path.stat().st_size == 0:
        raise FileRefused("文件是空的", path.name, remedy="请重新导出")
    blocks = _document(path) if path.name.removesuffix(".gz").endswith(".json") else _lines(path)
    try:
        yield from blocks
    except (pa.ArrowInvalid, EOFError, gzip.BadGzipFile) as error:
        remedy = "文件可能被截断或编码不是 UTF-8,请重新导出"
        raise FileRefused(f"文件读不下去:{error}", path.name, remedy=remedy) from error


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _lines(path: Path) -> Iterator[pa.Table]:
    """Blocks of whole lines; blank ones are no resources but count as lines."""
    first, rest = 1, b""
    with _open(path) as stream:
        while block := stream.read(BLOCK_BYTES):
            whole, newline, rest = (rest + block).rpartition(b"\n")
            if newline:
                yield (table := _block(path, _cut(whole + newline), first))
                first += table.num_rows
    if rest:
        yield _block(path, _cut(rest), first)


def _cut(text: bytes) -> pa.Array:
    """The lines of a text, each with its line end (which JSON does not mind), without copying.  Raises ArrowInvalid
    where it is not UTF-8."""
    text = text.removeprefix(codecs.BOM_UTF8)
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")).astype(np.int32) + 1
    last = [] if text.endswith(b"\n") else [len(text)]
    offsets = np.concatenate([np.zeros(1, np.int32), ends, np.array(last, np.int32)])
    lines = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(text))
    lines.validate(full=True)
    return lines


def _document(path: Path) -> Iterator[pa.Table]:
    with _open(path) as stream:
        text = stream.read()
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FileRefused(f"不是有效的 JSON:{error}", path.name, remedy="请重新导出") from error
    entries = document.get("entry", []) if _is_bundle(document) else [{"resource": document}]
    bodies = [orjson.dumps(entry["resource"]).decode() for entry in entries if entry.get("resource")]
    yield _block(path, pa.array(bodies, pa.string()), 1)


def _is_bundle(document: object) -> bool:
    return isinstance(document, dict) and document.get("resourceType") == "Bundle"


def _block(path: Path, bodies: pa.Array, first: int) -> pa.Table:
    count = len(bodies)
    files = pa.repeat(pa.scalar(str(path)), count)
    lines = pa.array(range(first, first + count), pa.int64())
    return pa.table([files, lines, bodies], schema=RAW)
