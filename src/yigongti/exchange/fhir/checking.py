"""Checks FHIR resources in columns; only what looks odd goes through the strict models, one by one.

Two resources of the same JSON structure are equally right or wrong in structure (unknown or missing elements, list or
single, kind of value), so one of each distinct structure goes through the strict model.  What the structure does not
tell (codes, forms of dates and ids, required elements left empty) is checked over all rows in columns.
"""

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import orjson
import pyarrow as pa
from pydantic import ValidationError

from yigongti.exchange.fhir.shapes import SHAPES, Shape

DAY = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
MOMENT = (
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d))?)?)?$"
)
ID = r"^[A-Za-z0-9\-.]{1,64}$"
BLANK = " \t\r\n"
MODELS_OF = "fhir.resources.R4B."


@dataclass(frozen=True)
class Odd:
    """A resource that does not load: where it is, what it is (whole, unchanged), the element, and why."""

    file: str
    line: int
    kind: str
    body: str
    element: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """good: (file, line, kind, status, body); odd: refused; homeless: type without a home in the facts → count."""

    good: pa.Table
    odd: list[Odd]
    homeless: dict[str, int]


def check(raw: pa.Table) -> Checked:
    """raw: (file, line, body).  Types without a home are counted by name; a line that is no resource is odd."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")  # it would write into what a command prints
        connection.register("raw", raw)
        connection.execute(
            """CREATE TABLE resource AS
               SELECT *, TRY(json_extract_string(body, '$.resourceType')) AS kind,
                      TRY(json_extract_string(body, '$.status')) AS status,
                      TRY(hash(json_structure(body)::VARCHAR)) AS structure
               FROM raw"""
        )
        odd = list(_not_resources(connection))
        for kind in _kinds(connection):
            odd += _odd_of_kind(connection, kind)
        place = pa.schema([("file", pa.string()), ("line", pa.int64())])
        connection.register("odd_line", pa.table({"file": [o.file for o in odd], "line": [o.line for o in odd]}, place))
        known = f"kind IN {_listing(SHAPES)}"
        columns = "file, line, kind, status, body"
        good = f"SELECT {columns} FROM resource ANTI JOIN odd_line USING (file, line) WHERE {known}"
        return Checked(connection.sql(good).to_arrow_table(), odd, _homeless(connection))


def strict_problem(kind: str, body: str) -> tuple[str, str] | None:
    """What the strict R4 model says of one resource: (element, reason), or None where it passes."""
    try:
        _model(kind).model_validate(orjson.loads(body))
    except ValidationError as error:
        first = error.errors()[0]
        return ".".join(str(part) for part in first["loc"]), str(first["msg"])
    return None


@cache
def _model(kind: str) -> Any:
    return getattr(importlib.import_module(MODELS_OF + kind.lower()), kind)


def _is_sound(kind: str, structure: int, body: str) -> bool:
    """Whether one resource of the structure passes the strict model; a structure is asked once a process."""
    if (kind, structure) not in _SOUND:
        _SOUND[kind, structure] = strict_problem(kind, body) is None
    return _SOUND[kind, structure]


_SOUND: dict[tuple[str, int], bool] = {}


def _listing(words: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _not_resources(connection: duckdb.DuckDBPyConnection) -> Iterator[Odd]:
    strange = f"SELECT file, line, body FROM resource WHERE kind IS NULL AND trim(body, '{BLANK}') <> ''"
    rows = connection.execute(strange).fetchall()
    for file, line, body in rows:
        yield Odd(file, line, "", body, "resourceType", "这一行不是 JSON,或没有 resourceType")


def _kinds(connection: duckdb.DuckDBPyConnection) -> list[str]:
    present = connection.execute("SELECT DISTINCT kind FROM resource WHERE kind IS NOT NULL ORDER BY kind").fetchall()
    return [kind for (kind,) in present if kind in SHAPES]


def _homeless(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    counts = f"SELECT kind, count(*) FROM resource WHERE kind NOT IN {_listing(SHAPES)} GROUP BY kind ORDER BY kind"
    return dict(connection.execute(counts).fetchall())


def _odd_of_kind(connection: duckdb.DuckDBPyConnection, kind: str) -> Iterator[Odd]:
    """Rows of a broken structure get the strict model's own words; the others the reason of the failed column check."""
    broken = [structure for structure, body in _one_of_each(connection, kind) if not _is_sound(kind, structure, body)]
    connection.register("broken", pa.table({"structure": pa.array(broken, pa.uint64())}))
    suspects = connection.execute(
        "SELECT file, line, body FROM resource SEMI JOIN broken USING (structure) WHERE kind = ?", [kind]
    ).fetchall()
    told = set()
    for file, line, body in suspects:
        if problem := strict_problem(kind, body):
            told.add((file, line))
            yield Odd(file, line, kind, body, *problem)
    for file, line, body, element, reason in connection.execute(_column_checks(kind, SHAPES[kind])).fetchall():
        if (file, line) not in told:
            yield Odd(file, line, kind, body, element, reason)


def _one_of_each(connection: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[int, str]]:
    query = "SELECT structure, any_value(body) FROM resource WHERE kind = ? GROUP BY structure"
    return connection.execute(query, [kind]).fetchall()


def _column_checks(kind: str, shape: Shape) -> str:
    """One scan, each resource parsed once: the first failed check of a row, as (file, line, body, element, reason)."""
    names = list(dict.fromkeys(["id", *shape.required, *shape.days, *shape.moments, *shape.codes]))
    value = {name: f"found[{place}]" for place, name in enumerate(names, 1)}
    cases = [(f"NOT regexp_full_match({value['id']}, '{ID}')", "id", "id 的写法不对")]
    cases += [(f"{value[name]} IS NULL", name, f"缺少 {name}") for name in shape.required]
    cases += [(f"NOT regexp_full_match({value[name]}, '{DAY}')", name, "日期写法不对") for name in shape.days]
    cases += [(f"NOT regexp_full_match({value[name]}, '{MOMENT}')", name, "日期时间写法不对") for name in shape.moments]
    cases += [
        (f"{value[name]} NOT IN {_listing(sorted(codes))}", name, "不是规定的代码")
        for name, codes in shape.codes.items()
    ]
    whens = " ".join(f"WHEN {test} THEN '{name}|{reason}'" for test, name, reason in cases)
    paths = "[" + ", ".join(f"'$.{name}'" for name in names) + "]"
    return f"""SELECT file, line, body, split_part(problem, '|', 1), split_part(problem, '|', 2)
               FROM (SELECT file, line, body, CASE {whens} END AS problem
                     FROM (SELECT *, json_extract_string(body, {paths}) AS found FROM resource WHERE kind = '{kind}'))
               WHERE problem IS NOT NULL"""
