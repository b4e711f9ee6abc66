"""Reads a file of cases into the columns the grouper takes.

JSON lines (`.jsonl`, `.ndjson`, also `.gz`), CSV (`.csv`, also `.gz`; UTF-8 or GB18030; lists separated by `|`) and
Parquet.  Columns are named as in a case file or as in the county's `stay` table (its Chinese labels too): `stay_id` is
the id, and the days in hospital follow from the days of admission and discharge.  A value that is no number is told
row by row; a missing column refuses the file.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq

from yigongti.capabilities.payment.decisions.drg.cases import REQUIRED
from yigongti.capabilities.payment.decisions.drg.conditions import NUMBERS, TEXT_ROLES
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts.county import COUNTY

CODE_LISTS = ("dx", "procedures")
SEXES = {
    "male": "male", "female": "female", "男": "male", "女": "female", "1": "male", "2": "female",
    "m": "male", "f": "female", "男性": "male", "女性": "female",
}  # fmt: skip
FORMATS = (".jsonl", ".ndjson", ".csv", ".parquet")
_NUMBER = r"^\s*[+-]?\d+(\.\d+)?\s*$"
_JSON_SCHEMA = pa.schema(
    {name: pa.list_(pa.string()) for name in CODE_LISTS}
    | dict.fromkeys(TEXT_ROLES, pa.string())
    | dict.fromkeys(NUMBERS, pa.float64())
)
_SHOWN = 5


@dataclass(frozen=True)
class Cases:
    """Cases as the grouper takes them; faults: row → what could not be read in it."""

    table: pa.Table
    faults: Mapping[int, str]


def file_format(path: Path) -> str:
    """The format a file's ending names, `.gz` aside; FileRefused on another ending."""
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if ending not in FORMATS or (ending == ".parquet" and path.suffix == ".gz"):
        raise FileRefused(
            f"不认识的文件类型“{path.name}”",
            why="按文件名的结尾判断格式",
            remedy=f"用 {'、'.join(FORMATS)}(前三种可加 .gz)",
        )
    return ending


def read_cases(path: Path) -> Cases:
    """The cases of a file.  Raises FileRefused when it is not there, cannot be read or has no id, dx or procedures."""
    return cases_of(read_table(path), where=path.name)


def read_table(path: Path) -> pa.Table:
    """A file of cases as it is.  Raises FileRefused when it is not there or cannot be read."""
    if not path.is_file():
        raise FileRefused(f"没有病例文件 {path.name}", str(path.parent), remedy="改正路径")
    return _READERS[file_format(path)](path)


def cases_of(table: pa.Table, *, where: str) -> Cases:
    """The cases of a table, such as the county's stays, under whatever names it has its columns.

    Raises FileRefused when it has no id, diagnoses or procedures.
    """
    table = _named(table)
    missing = [name for name in REQUIRED if name not in table.column_names]
    if missing:
        raise FileRefused(
            f"缺列 {'、'.join(missing)}",
            f"{where},现有列:{'、'.join(table.column_names) or '无'}",
            "分组至少要有编号、诊断和手术",
            "补上缺的列;没有手术的病例该列留空",
        )
    return _normal(table)


def _json_lines(path: Path) -> pa.Table:
    raw = _unpacked(path)
    try:
        options = pyarrow.json.ParseOptions(explicit_schema=_JSON_SCHEMA)
        table = pyarrow.json.read_json(io.BytesIO(raw), parse_options=options)
        if "id" not in table.column_names or not pa.types.is_temporal(table["id"].type):
            return table.select([name for name in table.column_names if f'"{name}"'.encode() in raw])
    except pa.ArrowInvalid:
        pass
    return _from_rows(list(_parsed(raw, path)))


def _parsed(raw: bytes, path: Path) -> Iterator[dict[str, Any]]:
    """Line by line, for a file whose values are not all of the expected type; refuses lines that are no object."""
    bad: list[str] = []
    for number, line in enumerate(raw.splitlines(), start=1):
        if line.strip():
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError:
                row = None
            if isinstance(row, dict):
                yield row
            else:
                bad.append(str(number))
    if bad:
        shown = "、".join(bad[:_SHOWN]) + (f" 等 {len(bad)} 行" if len(bad) > _SHOWN else "")
        raise FileRefused("有的行不是 JSON 对象", f"{path.name} 第 {shown} 行", "每行应是一个病例", "改正这些行")


def _from_rows(rows: list[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: _column([row.get(name) for row in rows], name) for name in names})


def _column(values: list[Any], name: str) -> pa.Array:
    if name in CODE_LISTS:
        return pa.array([_texts(value) for value in values], pa.list_(pa.string()))
    if all(type(value) is int for value in values):
        return pa.array(values, pa.int64())
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _texts(value: Any) -> list[str | None] | None:
    if value is None:
        return None
    items = value if isinstance(value, list) else str(value).split("|")
    return [None if item is None else str(item) for item in items]


def _csv(path: Path) -> pa.Table:
    raw = _unpacked(path)
    if not raw.strip():
        raise FileRefused(f"{path.name} 是空文件", str(path.parent), remedy="至少要有一行表头")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    try:
        header = next(csv.reader(io.StringIO(text)), [])
        convert = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""]
        )
        return pyarrow.csv.read_csv(io.BytesIO(text.encode()), convert_options=convert)
    except pa.ArrowInvalid as error:
        raise FileRefused(f"{path.name} 不是整齐的 CSV", str(error), remedy="检查列数和引号") from error


def _parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise FileRefused(f"{path.name} 不是 Parquet 文件", str(error)) from error


_READERS = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv, ".parquet": _parquet}


def _unpacked(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix.lower() == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused(f"{path.name} 读不出来", str(error)) from error


def _named(table: pa.Table) -> pa.Table:
    """The table with the grouper's column names, and the days in hospital where they follow from two days."""
    labels = {column.label: column.name for column in COUNTY["stay"].columns}
    names = [labels.get(name.strip(), name.strip()) for name in table.column_names]
    if "id" not in names:
        names = ["id" if name == "stay_id" else name for name in names]
    table = table.rename_columns(names)
    if "days_in_hospital" not in names and {"admitted_on", "discharged_on"} <= set(names):
        first, last = (_as_days(table[name]) for name in ("admitted_on", "discharged_on"))
        days = pc.subtract(last.cast(pa.int32()), first.cast(pa.int32()))
        at_least_one = pc.if_else(pc.less(days, 1), 1, days)
        table = table.append_column("days_in_hospital", at_least_one.cast(pa.float64()))
    return table


def _as_days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of days, null where a value is none."""
    if pa.types.is_date32(column.type):
        return column
    return pa.chunked_array([pa.array([_day(value) for value in column.to_pylist()], pa.date32())])


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _normal(table: pa.Table) -> Cases:
    faults: dict[int, str] = {}
    columns: dict[str, Any] = {"id": table["id"]}
    for name in table.column_names:
        column = table[name]
        if name in CODE_LISTS:
            columns[name] = pa.chunked_array([_codes(chunk) for chunk in column.chunks], pa.list_(pa.string()))
        elif name in NUMBERS:
            columns[name] = _numbers(name, column, faults)
        elif name in TEXT_ROLES:
            columns[name] = pc.ascii_trim_whitespace(column.cast(pa.string()))
    if "sex" in columns:
        columns["sex"] = _sex(columns["sex"])
    return Cases(pa.table(columns), faults)


def _codes(column: pa.Array) -> pa.Array:
    """A list of trimmed codes, from a list or from text separated by `|`."""
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), pa.list_(pa.string()))
    if not pa.types.is_list(column.type) and not pa.types.is_large_list(column.type):
        return _codes(pc.split_pattern(column.cast(pa.string()), "|"))
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array([0, *lengths.cumsum()], pa.int32())
    return pa.ListArray.from_arrays(offsets, pc.ascii_trim_whitespace(column.flatten().cast(pa.string())))


def _numbers(name: str, column: pa.ChunkedArray, faults: dict[int, str]) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return column.cast(pa.float64())
    good = pc.fill_null(pc.match_substring_regex(column, _NUMBER), True)
    for row in pc.indices_nonzero(pc.invert(good)).to_pylist():
        said = f"{name}“{column[row]}”不是数"
        faults[row] = f"{faults[row]};{said}" if row in faults else said
    return pc.utf8_trim_whitespace(pc.if_else(good, column, None)).cast(pa.float64())


def _sex(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Both ways of writing the two sexes; anything else stays, for the grouper to tell."""
    lowered = pc.utf8_lower(column)
    place = pc.index_in(lowered, value_set=pa.array(list(SEXES)))
    return pc.coalesce(pc.take(pa.array(list(SEXES.values())), place), column)
