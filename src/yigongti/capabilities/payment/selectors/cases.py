"""The stays of a run, from the file that it keeps: by group, one by one.  Money in fen, points × 10,000."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yigongti.capabilities.payment.models import LineResult, Run
from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home


@dataclass(frozen=True)
class Group:
    """The stays of one group in a line; code "" has no group."""

    code: str
    name: str
    cases: int
    points_e4: int
    total_fen: int
    fund_fen: int
    self_fen: int
    worth_fen: int
    due_fen: int

    @property
    def gain_fen(self) -> int:
        """What the group is due beyond what the fund was charged; below 0: short of it."""
        return self.due_fen - self.fund_fen


@dataclass(frozen=True)
class Case:
    """One stay: its group, how it came by its points and by which rule, what it cost and what is due."""

    stay_id: str
    pool: str
    insured_as: str
    institution_id: str
    in_county: bool
    discharged_on: date
    scheme: str
    group: str
    name: str
    kind: str
    rule: str
    base_e4: int
    factor_e4: int
    ratio_e4: int
    points_e4: int
    total_fen: int
    fund_fen: int
    self_fen: int
    overcharged_fen: int
    worth_fen: int
    due_fen: int

    @property
    def gain_fen(self) -> int:
        return self.due_fen - self.fund_fen


_SUMMED = ("points_e4", "total_fen", "fund_fen", "self_fen", "worth_fen", "due_fen")


def groups_of(line: LineResult) -> Sequence[Group]:
    """The stays of a line by group, the most money first."""
    run = line.pool.run
    table = _read(run, _of_line(line))
    found = table.group_by("group").aggregate([([], "count_all"), *((name, "sum") for name in _SUMMED)])
    groups = [
        Group(
            row["group"] or "",
            run.names.get(row["group"] or "", ""),
            row["count_all"],
            *(row[f"{name}_sum"] for name in _SUMMED),
        )
        for row in found.to_pylist()
    ]
    return sorted(groups, key=lambda group: (-group.worth_fen, group.code))


def cases_of(line: LineResult, group: str | None) -> Sequence[Case]:
    """The stays of a line, of one group where one is named, in the order of their numbers."""
    run = line.pool.run
    wanted = _of_line(line)
    if group is not None:
        wanted &= pc.field("group") == group if group else pc.field("group").is_null()
    return [_case(row, run) for row in _read(run, wanted).to_pylist()]


def case_of(run: Run, stay_id: str) -> Case | None:
    """One stay of a run, or None."""
    found = _read(run, pc.field("stay_id") == stay_id).to_pylist()
    return _case(found[0], run) if found else None


def _of_line(line: LineResult) -> pc.Expression:
    pool = line.pool
    return (
        (pc.field("institution_id") == line.institution_id)
        & (pc.field("pool") == pool.consortium_id)
        & (pc.field("insured_as") == pool.insured_as)
    )


def _case(row: dict[str, Any], run: Run) -> Case:
    texts = {name: row[name] or "" for name in ("group", "kind", "rule")}
    return Case(**{**row, **texts}, name=run.names.get(texts["group"], ""))


def _read(run: Run, wanted: pc.Expression) -> pa.Table:
    path = home().path / run.cases_file
    if not path.exists():
        raise Refusal(
            "这一批次的逐例结果文件不在了", run.cases_file, "文件在数据目录下单独保存", "从备份恢复,或重新结算"
        )
    return pq.read_table(path, filters=wanted)
