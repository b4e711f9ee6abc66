"""What a workflow needs besides its declaration: the model of its cases, its guards and its effects.

    bind(Binding(REFERRAL, model=Referral, guards={"criteria_met": …}, effects={"reserve": …}))

A workflow without guards, effects and columns of its own needs no binding.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from yigongti.kernel.decisions import Decision
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import Workflow
from yigongti.spine.cases.models import Case
from yigongti.spine.statements import TEXT, kept


class Guard(Protocol):
    """Decides whether a step may be taken with these data; pure but for reading."""

    def __call__(self, case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision: ...


class Effect(Protocol):
    """What a step does besides: may set the case's own columns (the engine saves them) and use other commands."""

    def __call__(self, case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None: ...


@dataclass(frozen=True)
class Published:
    """The fact that a case stands for.  row: case → the columns of the fact table, or None while it is none yet."""

    table: str
    row: Callable[[Any], Mapping[str, Any] | None]


@dataclass(frozen=True, eq=False)
class Binding:
    """model: Case or a model derived from it; guards and effects by the names that the workflow's steps use;
    on_open: an effect of opening; publishes: the fact that the engine lets wait for the lake after every step."""

    workflow: Workflow
    model: type[Case] = Case
    guards: Mapping[str, Guard] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    on_open: Callable[..., None] | None = None
    publishes: Published | None = None

    def unbound(self) -> list[str]:
        """The names of guards and effects that the workflow uses and nobody has bound."""
        steps = self.workflow.steps
        guards = {step.guard for step in steps if step.guard} - set(self.guards)
        return sorted(guards | {step.effect for step in steps if step.effect} - set(self.effects))


_bound: dict[str, Binding] = {}


def bind(binding: Binding) -> Binding:
    """Use a workflow in this process; it joins the registry.  Raises ValueError on a guard or effect not bound, or a
    declaration with problems."""
    if missing := binding.unbound():
        raise ValueError(f"workflow {binding.workflow.id!r}: not bound: {missing}")
    REGISTRY.add_workflow(binding.workflow)
    _bound[binding.workflow.id] = binding
    return binding


def binding_of(workflow_id: str) -> Binding:
    """Raises NotAllowed on a workflow that is not in use here."""
    if workflow_id not in _bound and workflow_id in REGISTRY.workflows:
        bind(Binding(REGISTRY.workflows[workflow_id]))
    if workflow_id not in _bound:
        raise NotAllowed(f"本县没有启用流程“{workflow_id}”", remedy="请核对流程编号")
    return _bound[workflow_id]


def of_its_model(case: Case) -> Case:
    """The case with the columns of its workflow's own model."""
    model = binding_of(case.workflow).model
    (found,) = kept(("case", model), lambda: model.objects.filter(pk=TEXT)).objects({TEXT: case.pk})
    return found  # type: ignore[no-any-return]  # Django is untyped
