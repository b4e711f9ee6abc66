"""`yigongti drg group CASES --scheme FILE --out FILE [--explain]`: from a file of cases to a file of groups."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions.drg import Scheme, group
from yigongti.capabilities.payment.decisions.drg.cases import columns_needed
from yigongti.capabilities.payment.decisions.drg.compiled import compiled
from yigongti.capabilities.payment.decisions.drg.explain import traces
from yigongti.capabilities.payment.decisions.drg.results import joined
from yigongti.capabilities.payment.services.drg.library import open_scheme
from yigongti.capabilities.payment.services.drg.reading import Cases, cases_of, file_format, read_cases
from yigongti.capabilities.payment.services.drg.writing import write_groups
from yigongti.kernel.errors import FileRefused

INVALID = "invalid"
Detail = Literal["groups", "traces"]


@dataclass(frozen=True)
class Grouped:
    """What a run did, to be told to whoever ran it.

    statuses: status → cases; repeated_ids: rows whose id another row has too; absent: columns that the scheme's
    conditions ask for and the file lacks, taken as without value; invalid: the first such rows, from 1, with
    their reasons.
    """

    scheme: str
    out: Path
    cases: int
    statuses: Mapping[str, int]
    repeated_ids: int
    absent: tuple[str, ...]
    invalid: tuple[tuple[int, str], ...]


def drg_group(
    cases_path: Path, scheme: str | Path, out_path: Path, *, detail: Detail = "groups", home: Path | None = None
) -> Grouped:
    """Group a file of cases by a scheme (a file, or the name of one in the library) and write the groups.

    home: the data directory, for schemes that were imported.  Raises Refusal (FileRefused) for an unknown scheme, an
    unreadable file or a missing column; a case that lacks a value is written as invalid, with the reason.
    """
    file_format(out_path)
    opened = open_scheme(scheme, home=home)
    return _written(read_cases(cases_path), opened, out_path, detail=detail, where=cases_path.name)


def drg_group_stays(
    stays: pa.Table, scheme: str | Path, out_path: Path, *, detail: Detail = "groups", home: Path | None = None
) -> Grouped:
    """The same for a table with the columns of the county's stays."""
    file_format(out_path)
    opened = open_scheme(scheme, home=home)
    return _written(cases_of(stays, where="stay"), opened, out_path, detail=detail, where="stay")


def _written(cases: Cases, opened: Scheme, out_path: Path, *, detail: Detail, where: str) -> Grouped:
    absent = tuple(name for name in sorted(compiled(opened).needs) if name not in cases.table.column_names)
    groups = group_cases(cases, opened, where=where)
    told = tuple(traces(cases.table.to_pylist(), groups.to_pylist(), opened)) if detail == "traces" else ()
    write_groups(groups, out_path, traces=told)
    return _summary(groups, opened, out_path, absent)


def group_cases(cases: Cases, scheme: Scheme, *, where: str) -> pa.Table:
    """The groups of cases as read (`cases_of` a table of stays, or of a file), with what could not be read told.

    Raises FileRefused for a missing column that no case may lack; where: the file or table it is missing in.
    """
    table = cases.table
    missing = [name for name in columns_needed(compiled(scheme)) if name not in table.column_names]
    if missing:
        raise FileRefused(
            f"缺列 {'、'.join(missing)}",
            f"{where},现有列:{'、'.join(table.column_names)}",
            f"分组方案 {scheme.name} 的条件要用到",
            "补上缺的列;个别病例没有值的可留空,该例会注明原因",
        )
    return _with_faults(group(table, scheme), cases)


def _with_faults(groups: pa.Table, cases: Cases) -> pa.Table:
    """The groups with the cases marked invalid that hold values which could not be read."""
    if not cases.faults:
        return groups
    told = pa.array([cases.faults.get(row) for row in range(groups.num_rows)], pa.string())
    is_faulty = pc.is_valid(told)
    status, reason = (groups[name].combine_chunks() for name in ("status", "reason"))
    columns = {
        "status": pc.if_else(is_faulty, INVALID, status),
        "reason": joined(told, reason),
    }
    return pa.table({name: columns.get(name, groups[name]) for name in groups.column_names})


def _summary(groups: pa.Table, scheme: Scheme, out: Path, absent: tuple[str, ...]) -> Grouped:
    rows = pc.indices_nonzero(pc.equal(groups["status"], INVALID)).slice(0, 20).to_pylist()
    return Grouped(
        scheme=scheme.name,
        out=out,
        cases=groups.num_rows,
        statuses=Counter({entry["values"]: entry["counts"] for entry in pc.value_counts(groups["status"]).to_pylist()}),
        repeated_ids=groups.num_rows - pc.count_distinct(groups["id"], mode="all").as_py(),
        absent=absent,
        invalid=tuple((row + 1, groups["reason"][row].as_py()) for row in rows),
    )
