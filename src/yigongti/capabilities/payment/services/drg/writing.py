"""Writes the groups of cases, by the file's ending; nothing is left behind when it fails."""

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from yigongti.capabilities.payment.decisions.drg import Trace
from yigongti.capabilities.payment.services.drg.reading import file_format
from yigongti.kernel.errors import FileRefused

TRACE_PARTS = ("considered", "complications", "unknown_codes")


def write_groups(groups: pa.Table, path: Path, *, traces: Sequence[Trace] = ()) -> None:
    """Write `id, mdc, adrg, drg, status, reason` to a file that is whole or not there at all.

    traces: one a case, in the same order, adds `trace`: in JSON its parts and its lines, else the lines as one text.
    """
    write = _WRITERS[file_format(path)]
    part = path.with_name(f".{path.name}.part")
    try:
        content = write(groups, traces)
        part.write_bytes(gzip.compress(content, mtime=0) if path.suffix.lower() == ".gz" else content)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"写不了 {path.name}", str(error), remedy="检查目录是否存在、是否可写") from error
    finally:
        part.unlink(missing_ok=True)


def _json_lines(groups: pa.Table, traces: Sequence[Trace]) -> bytes:
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in _rows(groups, traces))


def _rows(groups: pa.Table, traces: Sequence[Trace]) -> Iterator[dict[str, object]]:
    names = groups.column_names
    rows = (dict(zip(names, row, strict=True)) for row in zip(*(c.to_pylist() for c in groups.columns), strict=True))
    if not traces:
        yield from rows
        return
    for row, trace in zip(rows, traces, strict=True):
        detail = trace.as_dict()
        yield {**row, "trace": {part: detail[part] for part in TRACE_PARTS} | {"lines": trace.lines()}}


def _csv(groups: pa.Table, traces: Sequence[Trace]) -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(_with_lines(groups, traces), sink)
    return bytes(sink.getvalue())


def _parquet(groups: pa.Table, traces: Sequence[Trace]) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(_with_lines(groups, traces), sink)
    return bytes(sink.getvalue())


def _with_lines(groups: pa.Table, traces: Sequence[Trace]) -> pa.Table:
    if not traces:
        return groups
    return groups.append_column("trace", pa.array(["\n".join(trace.lines()) for trace in traces], pa.string()))


_WRITERS: Mapping[str, Callable[[pa.Table, Sequence[Trace]], bytes]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}
