"""Files of facts as Arrow tables with the dictionary's columns and types, for commands that need no store.

CSV (UTF-8 or GB18030, lists separated by `|`), ndjson or jsonl, each perhaps `.gz`, and Parquet.  Columns may bear
their Chinese labels, money may be in yuan without the `_fen`.  One value that cannot be refuses the file, with its row.
"""

import gzip
import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq

from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts.columns import Column, FactTable, Kind
from yigongti.kernel.facts.county import COUNTY

ENDINGS = (".csv", ".ndjson", ".jsonl", ".parquet")
_TRUE, _FALSE = ("1", "true", "是"), ("0", "false", "否")
_PATTERNS = {
    Kind.INTEGER: r"^[+-]?\d+(\.0+)?$", Kind.FEN: r"^[+-]?\d+(\.0+)?$", Kind.NUMBER: r"^[+-]?\d+(\.\d+)?$",
    Kind.DAY: r"^\d{4}-\d{2}-\d{2}$",
}  # fmt: skip
_SHOWN = 3


def read_facts(paths: Sequence[Path], *, table: str, needed: Sequence[str]) -> pa.Table:
    """The rows of several files of one fact table, with those of its columns that every file has.

    Raises FileRefused for a file that cannot be read, lacks a needed column, holds a value of the wrong kind or below
    its bound, or repeats a key.
    """
    facts = COUNTY[table]
    tables = [_typed(_raw(path), facts, path.name, needed) for path in paths]
    shared = [name for name in facts.names if all(name in each.column_names for each in tables)]
    found = pa.concat_tables([each.select(shared) for each in tables])
    _no_key_twice(found, facts, "、".join(path.name for path in paths))
    return found


def _raw(path: Path) -> pa.Table:
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if ending not in ENDINGS:
        raise FileRefused(
            f"不认识的文件类型“{path.name}”", why="按文件名的结尾判断格式", remedy=f"用 {'、'.join(ENDINGS)}"
        )
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix.lower() == ".gz" else content
        if not content.strip():
            raise FileRefused(f"{path.name} 是空文件", str(path.parent), remedy="至少要有一行表头或一行数据")
        return _READERS[ending](content)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused(f"{path.name} 读不出来", str(path.parent), str(error), "改正路径或文件") from error
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise FileRefused(
            f"{path.name} 不是有效的{ending}文件", str(error).splitlines()[0], remedy="检查文件"
        ) from error


def _csv(content: bytes) -> pa.Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    header = text.partition("\n")[0].strip("\r").split(",")
    types = {name.strip('"'): pa.string() for name in header}
    options = pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
    return pyarrow.csv.read_csv(io.BytesIO(text.encode()), convert_options=options)


def _json_lines(content: bytes) -> pa.Table:
    return pyarrow.json.read_json(io.BytesIO(content), parse_options=pyarrow.json.ParseOptions())


def _parquet(content: bytes) -> pa.Table:
    return pq.read_table(io.BytesIO(content))


_READERS = {".csv": _csv, ".ndjson": _json_lines, ".jsonl": _json_lines, ".parquet": _parquet}


def _typed(raw: pa.Table, facts: FactTable, where: str, needed: Sequence[str]) -> pa.Table:
    columns: dict[str, pa.ChunkedArray] = {}
    given = {name.strip(): raw[name] for name in raw.column_names}
    for column in facts.columns:
        found = next((given[name] for name in (column.name, column.label) if name in given), None)
        if found is not None:
            columns[column.name] = _values(found, column, where)
        elif column.yuan_name in given:
            columns[column.name] = _from_yuan(given[column.yuan_name], column, where)
    missing = [name for name in needed if name not in columns]
    if missing:
        raise FileRefused(
            f"缺列 {'、'.join(missing)}", f"{where},现有列:{'、'.join(given) or '无'}", remedy="补上缺的列"
        )
    typed = pa.table(columns)
    for earlier, later in facts.orders:
        if {earlier, later} <= set(columns):
            _all(pc.less_equal(typed[earlier], typed[later]), typed[later], facts[later], where)
    return typed


def _values(found: pa.ChunkedArray, column: Column, where: str) -> pa.ChunkedArray:
    if column.kind is Kind.LIST:
        return _lists(found)
    if found.type == column.arrow and not column.choices:
        _all(pc.is_valid(found), found, column, where)
        return _bounded(found, column, where)
    text = _text(found)
    if column.kind is Kind.FLAG:
        return _flags(text, column, where)
    if column.choices:
        labels = pc.index_in(text, value_set=pa.array(list(column.choices.values())))
        text = pc.coalesce(pc.take(pa.array(list(column.choices)), labels), text)
        _all(pc.is_in(text, value_set=pa.array(list(column.choices))), text, column, where)
    if column.kind in _PATTERNS:
        _all(pc.match_substring_regex(text, _PATTERNS[column.kind]), text, column, where)
    return _bounded(_cast(text, column, where), column, where)


def _text(found: pa.ChunkedArray) -> pa.ChunkedArray:
    plain = found.cast(pa.date32()) if pa.types.is_timestamp(found.type) else found
    text = pc.utf8_trim_whitespace(plain.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _cast(text: pa.ChunkedArray, column: Column, where: str) -> pa.ChunkedArray:
    whole = column.kind in (Kind.INTEGER, Kind.FEN)
    try:
        return (pc.replace_substring_regex(text, r"\.0+$", "") if whole else text).cast(column.arrow)
    except pa.ArrowInvalid as error:
        raise FileRefused(f"{column.label}({column.name})里有读不懂的值", where, str(error), "改正后再试") from error


def _bounded(values: pa.ChunkedArray, column: Column, where: str) -> pa.ChunkedArray:
    for bound, inside in ((column.low, pc.greater_equal), (column.high, pc.less_equal)):
        if bound is not None:
            _all(inside(values, pa.scalar(bound).cast(column.arrow)), values, column, where)
    return values


def _from_yuan(found: pa.ChunkedArray, column: Column, where: str) -> pa.ChunkedArray:
    text = _text(found)
    _all(pc.match_substring_regex(text, _PATTERNS[Kind.NUMBER]), text, column, where)
    cents = pc.round(pc.multiply(text.cast(pa.float64()), 100.0), round_mode="half_up")
    return _bounded(cents.cast(pa.int64()), column, where)


def _lists(found: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(found.type) or pa.types.is_large_list(found.type):
        return found.cast(pa.list_(pa.string()))
    return pc.split_pattern(pc.fill_null(found.cast(pa.string()), ""), "|")


def _flags(text: pa.ChunkedArray, column: Column, where: str) -> pa.ChunkedArray:
    lowered = pc.utf8_lower(text)
    _all(pc.is_in(lowered, value_set=pa.array([*_TRUE, *_FALSE])), text, column, where)
    return pc.if_else(pc.is_null(lowered), None, pc.is_in(lowered, value_set=pa.array(_TRUE)))


def _all(good: pa.ChunkedArray, values: pa.ChunkedArray, column: Column, where: str) -> None:
    """Refuse where a value is given and not good, or not given though it must be."""
    allowed = pc.or_(pc.and_(pc.is_null(values), column.null), pc.and_(pc.is_valid(values), pc.fill_null(good, False)))
    bad = pc.indices_nonzero(pc.invert(allowed)).to_pylist()
    if bad:
        told = "、".join(f"第 {row + 1} 行“{values[row].as_py()}”" for row in bad[:_SHOWN])
        raise FileRefused(
            f"{column.label}({column.name})的值不对:{told}{'等' if len(bad) > _SHOWN else ''}",
            where, f"共 {len(bad)} 行", "改正后再试",
        )  # fmt: skip


def _no_key_twice(found: pa.Table, facts: FactTable, where: str) -> None:
    (key,) = facts.key
    if key not in found.column_names:
        return
    repeated = found.group_by(key).aggregate([([], "count_all")]).filter(pc.field("count_all") > 1)
    if repeated.num_rows:
        shown = "、".join(sorted(repeated[key].to_pylist())[:_SHOWN])
        raise FileRefused(f"{facts[key].label}重复:{shown}", where, f"共 {repeated.num_rows} 个", "删去重复的行")
