"""Finds FHIR resources in files: NDJSON (a resource a line), a bundle, or a single resource."""

import codecs
import gzip
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TypeGuard, cast

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
        raise FileRefused("文件是空的", str(path), remedy="请重新导出")
    blocks = _document(path) if path.name.removesuffix(".gz").endswith(".json") else _lines(path)
    try:
        yield from blocks
    except (pa.ArrowInvalid, EOFError, gzip.BadGzipFile) as error:
        remedy = "文件可能被截断或编码不是 UTF-8,请重新导出"
        raise FileRefused(f"文件读不下去:{error}", str(path), remedy=remedy) from error


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
        raise FileRefused(f"不是有效的 JSON:{error}", str(path), remedy="文件可能被截断,请重新导出") from error
    found = _bundled(document) if _is_bundle(document) else [document]
    yield _block(path, pa.array([orjson.dumps(resource).decode() for resource in found], pa.string()), 1)


def _bundled(bundle: dict[str, Any]) -> list[Any]:
    """The resources of a bundle, referring to one another by their ids: an entry's fullUrl may be another name for it
    (or, where a transaction leaves the id to the server, its only one)."""
    entries = [entry for entry in bundle.get("entry") or [] if isinstance(entry, dict) and entry.get("resource")]
    found = [(str(entry.get("fullUrl") or ""), _with_id(entry)) for entry in entries]
    known_as = {
        url: f"{resource.get('resourceType')}/{resource['id']}"
        for url, resource in found
        if isinstance(resource, dict) and url and "id" in resource and _last(url) != resource["id"]
    }
    return [_referring(resource, known_as) if known_as else resource for _, resource in found]


def _with_id(entry: dict[str, Any]) -> Any:
    resource, url = entry["resource"], str(entry.get("fullUrl") or "")
    if not isinstance(resource, dict) or "id" in resource or not url.startswith("urn:uuid:"):
        return resource
    return {**resource, "id": _last(url)}


def _last(url: str) -> str:
    return re.split("[/:]", url)[-1]


def _referring(value: Any, known_as: Mapping[str, str]) -> Any:
    """The JSON value with every reference to an entry's fullUrl turned into its type and id."""
    if isinstance(value, list):
        return [_referring(each, known_as) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: known_as.get(each, each) if name == "reference" and isinstance(each, str) else _referring(each, known_as)
        for name, each in value.items()
    }


def _is_bundle(document: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(document, dict) and document.get("resourceType") == "Bundle"


def _block(path: Path, bodies: pa.Array, first: int) -> pa.Table:
    count = len(bodies)
    files = pa.repeat(pa.scalar(str(path)), count)
    lines = pa.array(range(first, first + count), pa.int64())
    return pa.table([files, lines, bodies], schema=RAW)
