"""Writes the groups of cases, by the file's ending; nothing is left behind when it fails."""

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from yigongti.capabilities.payment.decisions.drg import Trace
from yigongti.capabilities.payment.services.drg.reading import file_format
from yigongti.kernel.errors import FileRefused

BATCH_ROWS = 1 << 16
TRACE_PARTS = ("considered", "complications", "unknown_codes")


def write_groups(groups: pa.Table, path: Path, *, traces: Sequence[Trace] = ()) -> None:
    """Write `id, mdc, adrg, drg, status, reason` to a file that is whole or not there at all.

    traces: one a case, in the same order, adds `trace`: in JSON its parts and its lines, else the lines as one text.
    """
    write = _WRITERS[file_format(path)]
    part = path.with_name(f".{path.name}.part")
    try:
        with _opened(part, ending=path.suffix.lower()) as file:
            write(groups, traces, file)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"写不了 {path.name}", str(error), remedy="检查目录是否存在、是否可写") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path, *, ending: str) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        if ending == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as gzipped:
                yield cast(IO[bytes], gzipped)
        else:
            yield file


def _json_lines(groups: pa.Table, traces: Sequence[Trace], file: IO[bytes]) -> None:
    done = 0
    for batch in groups.to_batches(max_chunksize=BATCH_ROWS):
        told = [_trace(trace) for trace in traces[done : done + batch.num_rows]]
        values = {name: _json_values(batch.column(name)) for name in batch.schema.names}
        values |= {"trace": pa.array(told, pa.string())} if told else {}
        parts = [part for name, value in values.items() for part in (f',"{name}":', value)]
        lines = pc.binary_join_element_wise("{" + parts[0][1:], *parts[1:], "}\n", "")
        file.write(b"".join(lines.cast(pa.binary()).to_pylist()))
        done += batch.num_rows


def _json_values(column: pa.Array) -> pa.Array:
    """Each value as JSON writes it: numbers bare, nulls null, all else quoted."""
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    encoded = column.cast(pa.string()).dictionary_encode()
    distinct = pa.array([orjson.dumps(value).decode() for value in encoded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(pc.take(distinct, encoded.indices), "null")


def _trace(trace: Trace) -> str:
    detail = trace.as_dict()
    return orjson.dumps({part: detail[part] for part in TRACE_PARTS} | {"lines": trace.lines()}).decode()


def _csv(groups: pa.Table, traces: Sequence[Trace], file: IO[bytes]) -> None:
    pyarrow.csv.write_csv(_with_lines(groups, traces), pa.PythonFile(file, mode="w"))


def _parquet(groups: pa.Table, traces: Sequence[Trace], file: IO[bytes]) -> None:
    pq.write_table(_with_lines(groups, traces), pa.PythonFile(file, mode="w"))


def _with_lines(groups: pa.Table, traces: Sequence[Trace]) -> pa.Table:
    if not traces:
        return groups
    return groups.append_column("trace", pa.array(["\n".join(trace.lines()) for trace in traces], pa.string()))


_WRITERS: Mapping[str, Callable[[pa.Table, Sequence[Trace], IO[bytes]], None]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}
