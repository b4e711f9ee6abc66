"""How a workflow runs, worked out from its `case_step` facts: those in the lake, and those that still wait for it.

Everything is said of one cohort: the cases opened since an instant that the reader may see.
Times in a state are hours; a state that a case has not left yet counts in `now`, not in the times.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from yigongti.analytics.engines import DuckDBEngine, unbound
from yigongti.analytics.lake.manifest import paths
from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind
from yigongti.kernel.workflow import Workflow
from yigongti.spine.cases import buffer
from yigongti.spine.cases.engine import OPEN_STEP

STEP = COUNTY["case_step"]
WAITING = replace(STEP, name="case_step_waiting")
OWN = FactTable("own_case", "事项", ("case_id",), (Column("case_id", "事项编号", Kind.TEXT),))
"""The cases that a reader may see, where these are not the county's."""
COHORT = "steps_of_the_cohort"
HOUR = 3600.0


@dataclass(frozen=True)
class Lateness:
    """Steps with a deadline that were taken: how many, and how many of them late."""

    name: str
    taken: int
    late: int

    @property
    def share(self) -> float:
        return self.late / self.taken


@dataclass(frozen=True)
class Stay:
    """How long cases stayed in a state before they left it: median and nine in ten, in hours."""

    state: str
    left: int
    p50: float
    p90: float


@dataclass(frozen=True)
class Month:
    """Cases of the cohort opened and closed in a month ("2025-07")."""

    month: str
    opened: int
    closed: int


@dataclass(frozen=True)
class Figures:
    """now: state → cases in it; closure: closed ÷ opened, None where nothing was opened."""

    opened: int
    closed: int
    now: Mapping[str, int]
    stays: Sequence[Stay]
    by_step: Sequence[Lateness]
    by_institution: Sequence[Lateness]
    months: Sequence[Month]

    @property
    def closure(self) -> float | None:
        return self.closed / self.opened if self.opened else None

    @property
    def in_time(self) -> float | None:
        """Steps taken in time ÷ steps taken that had a deadline."""
        taken, late = sum(each.taken for each in self.by_step), sum(each.late for each in self.by_step)
        return 1 - late / taken if taken else None


def figures(workflow: Workflow, *, since: datetime, own: Iterable[str] | None) -> Figures:
    """The figures of a workflow.  own: the ids of the cases that count, None for the county's."""
    files = [*paths(STEP.name)]  # before what waits: a row that moves in between is missed once, not counted twice
    waiting, _ids = buffer.waiting()
    with DuckDBEngine(threads=2) as engine:
        engine.attach([STEP, WAITING], sources={STEP.name: files, WAITING.name: waiting})
        if own is not None:
            engine.attach([OWN], sources={OWN.name: pa.table({"case_id": pa.array(own, pa.string())})})
        engine.define(COHORT, _cohort(workflow, since, restricted=own is not None))
        rows = _Rows(engine)
        return _figures(workflow, rows)


class _Rows:
    """Expressions over the cohort's steps, worked out to dictionaries."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self.engine = engine
        fields = {**dict(_steps(STEP).schema().items()), "entered_at": "timestamp('UTC')"}
        self.steps = ibis.table(fields, name=COHORT)

    def of(self, expression: ir.Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.engine.collect(expression).to_pylist()
        return found


def _steps(table: FactTable) -> ir.Table:
    return unbound([table])[table.name]


def _cohort(workflow: Workflow, since: datetime, *, restricted: bool) -> ir.Table:
    every = _steps(STEP).union(_steps(WAITING)).filter(_.workflow == workflow.id, _.at >= ibis.literal(since))
    inside = every.filter(_.step == OPEN_STEP).select("case_id")
    steps = every.semi_join(inside, "case_id")
    if restricted:
        steps = steps.semi_join(_steps(OWN), "case_id")
    return steps.mutate(entered_at=_.at.lag().over(group_by=_.case_id, order_by=_.at))


def _figures(workflow: Workflow, rows: _Rows) -> Figures:
    steps = rows.steps
    latest = steps.group_by("case_id").aggregate(state=_.to_state.argmax(_.at))
    counted = rows.of(latest.group_by("state").aggregate(cases=_.count()))
    now = {row["state"]: row["cases"] for row in counted}
    closed = sum(cases for state, cases in now.items() if workflow.is_final(state))
    timed = steps.filter(_.due_at.notnull())
    return Figures(
        opened=sum(now.values()),
        closed=closed,
        now={state: now.get(state, 0) for state in workflow.states},
        stays=_stays(workflow, rows),
        by_step=_lateness(rows, timed, "step"),
        by_institution=_lateness(rows, timed.filter(_.institution_id.notnull()), "institution_id"),
        months=_months(workflow, rows),
    )


def _stays(workflow: Workflow, rows: _Rows) -> list[Stay]:
    left = rows.steps.filter(_.entered_at.notnull())
    hours = left.mutate(hours=(_.at.epoch_seconds() - _.entered_at.epoch_seconds()) / HOUR)
    asked = hours.group_by("from_state").aggregate(left=_.count(), p50=_.hours.quantile(0.5), p90=_.hours.quantile(0.9))
    found = {row["from_state"]: row for row in rows.of(asked)}
    return [
        Stay(state, found[state]["left"], found[state]["p50"], found[state]["p90"])
        for state in workflow.states
        if state in found
    ]


def _lateness(rows: _Rows, timed: ir.Table, by: str) -> list[Lateness]:
    asked = timed.group_by(by).aggregate(taken=_.count(), late=_.late.sum()).order_by(ibis.desc("late"), by)
    return [Lateness(row[by], row["taken"], int(row["late"])) for row in rows.of(asked)]


def _months(workflow: Workflow, rows: _Rows) -> list[Month]:
    month = rows.steps.mutate(month=_.at.strftime("%Y-%m"))
    ends = _.to_state.isin(sorted(workflow.ends))
    asked = month.group_by("month").aggregate(opened=(_.step == OPEN_STEP).sum(), closed=ends.sum()).order_by("month")
    return [Month(row["month"], int(row["opened"]), int(row["closed"])) for row in rows.of(asked)]
