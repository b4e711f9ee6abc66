"""A declared workflow as the engine alone sees it: the capability's columns as plain fields, its guards and effects
scripted by the test.  What the guards decide is tested where they are written; here every declaration meets the engine.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.decisions import Decision, Reason
from yigongti.kernel.facts import Column, Kind
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import Workflow
from yigongti.spine.cases import bindings
from yigongti.spine.cases.bindings import Binding
from yigongti.spine.cases.fields import column_of
from yigongti.spine.cases.models import Case


@dataclass
class Script:
    """What the guards say, and what the effects did: the case's id at every call."""

    allows: bool = True
    done: list[str] = field(default_factory=list)

    def guard(self, case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
        return Decision("allow") if self.allows else Decision("refuse", (Reason("", "", "按剧本不同意"),))

    def effect(self, case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
        self.done.append(case.pk)


@contextmanager
def bare(binding: Binding, script: Script) -> Iterator[Workflow]:
    """The workflow bound to plain cases and the script, and as it was afterwards."""
    workflow = replace(binding.workflow, fields=tuple(_columns(binding)))
    steps = workflow.steps
    plain = Binding(
        workflow,
        guards={step.guard: script.guard for step in steps if step.guard},
        effects={step.effect: script.effect for step in steps if step.effect},
    )
    shelf, before = REGISTRY.workflows._found, REGISTRY.workflows.get(workflow.id)  # type: ignore[attr-defined]  # put back below
    bound = bindings._bound.get(workflow.id)
    shelf[workflow.id], bindings._bound[workflow.id] = workflow, plain
    try:
        yield workflow
    finally:
        _restore(shelf, workflow.id, before)
        _restore(bindings._bound, workflow.id, bound)


def _restore(where: dict[str, Any], name: str, before: Any) -> None:
    if before is None:
        where.pop(name, None)
    else:
        where[name] = before


def _columns(binding: Binding) -> Iterator[Column]:
    workflow = binding.workflow
    names = {name for step in workflow.steps for name in (*step.needs, *step.asks)}
    for name in sorted(names | {*workflow.opening, *workflow.opening_asks}):
        yield replace(column_of(binding, name), null=False)


def filled(column: Column) -> st.SearchStrategy[Any]:
    """Values of a column."""
    if column.refers == "institution":
        return st.sampled_from(["H1", "H2"])
    if column.refers == "resident":
        return st.sampled_from(["R1", "R2"])
    if column.choices:
        code = st.sampled_from(sorted(column.choices))
        return st.lists(code, min_size=1, max_size=2) if column.kind is Kind.LIST else code
    return _BY_KIND[column.kind](column)


def _number(column: Column) -> tuple[int, int]:
    low = int(column.low) if isinstance(column.low, int | float) else 0
    high = int(column.high) if isinstance(column.high, int | float) else low + 1000
    return low, high


_WORDS = st.sampled_from(["湿包", "重复", "病情需要", "x"])
_BY_KIND: Mapping[Kind, Any] = {
    Kind.TEXT: lambda column: _WORDS,
    Kind.CODE: lambda column: _WORDS,
    Kind.LIST: lambda column: st.lists(_WORDS, min_size=1, max_size=3),
    Kind.DAY: lambda column: st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    Kind.MONTH: lambda column: st.sampled_from(["2026-01", "2026-11"]),
    Kind.INSTANT: lambda column: st.just(datetime(2026, 7, 1, 8, tzinfo=COUNTY_TIME)),
    Kind.INTEGER: lambda column: st.integers(*_number(column)),
    Kind.FEN: lambda column: st.integers(*_number(column)),
    Kind.NUMBER: lambda column: st.integers(*_number(column)).map(float),
    Kind.FLAG: lambda column: st.booleans(),
}
