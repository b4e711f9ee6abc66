"""Workflows as REST tells them, and what each opening and step takes, as JSON Schema."""

from typing import Any

from django.utils.translation import gettext as _

from yigongti.kernel.facts.columns import Kind
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import Step, Workflow
from yigongti.pages.work.api.shapes import FieldShape, StepShape, WorkflowShape
from yigongti.spine.cases.bindings import Binding, binding_of
from yigongti.spine.cases.engine import OPEN_STEP
from yigongti.spine.cases.fields import column_of

JSON: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"}, Kind.CODE: {"type": "string"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}}, Kind.DAY: {"type": "string", "format": "date"},
    Kind.MONTH: {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    Kind.INSTANT: {"type": "string", "format": "date-time"}, Kind.INTEGER: {"type": "integer"},
    Kind.FEN: {"type": "integer", "description": "fen"}, Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
}  # fmt: skip


def workflow_shape(workflow: Workflow) -> WorkflowShape:
    """A workflow as declared."""
    binding = binding_of(workflow.id)
    return WorkflowShape(
        id=workflow.id, label=_(workflow.label), initial=workflow.initial, final=sorted(workflow.ends),
        states={state: _(label) for state, label in workflow.states.items()}, opened_by=sorted(workflow.openers),
        opening=_opening(binding), steps=[_step(binding, step) for step in workflow.steps],
    )  # fmt: skip


def fields_of(binding: Binding, needs: tuple[str, ...], asks: tuple[str, ...]) -> list[FieldShape]:
    """The fields of a step."""
    found = []
    for name in (*needs, *asks):
        column = column_of(binding, name)
        choices = {code: _(label) for code, label in column.choices.items()}
        found.append(FieldShape(name=name, label=_(column.label), kind=column.kind.value, required=name in needs,
                                choices=choices, refers=column.refers))  # fmt: skip
    return found


def described(document: Any) -> Any:
    """The OpenAPI document with a schema for the data of every opening and step, named "<workflow>.<step>"."""
    schemas = document["components"]["schemas"]
    opening: list[str] = []
    steps: list[str] = []
    for workflow in REGISTRY.workflows.values():
        binding = binding_of(workflow.id)
        schemas[f"{workflow.id}.{OPEN_STEP}"] = _schema(_opening(binding))
        opening.append(f"{workflow.id}.{OPEN_STEP}")
        for step in workflow.steps:
            schemas[f"{workflow.id}.{step.name}"] = _schema(fields_of(binding, step.needs, step.asks))
            steps.append(f"{workflow.id}.{step.name}")
    for shape, names in (("Opening", opening), ("Taking", steps)):
        refs = [{"$ref": f"#/components/schemas/{name}"} for name in dict.fromkeys(names)]
        schemas[shape]["properties"]["data"] = {"anyOf": refs} if refs else {"type": "object"}
    return document


def _opening(binding: Binding) -> list[FieldShape]:
    workflow = binding.workflow
    asks = tuple(name for name in ("title", *workflow.opening_asks) if name not in workflow.opening)
    return fields_of(binding, workflow.opening, asks)


def _step(binding: Binding, step: Step) -> StepShape:
    return StepShape(
        name=step.name, label=_(step.title), sources=sorted(step.sources), target=step.target,
        roles=sorted(step.roles), side=step.side.value, deadline=step.deadline,
        fields=fields_of(binding, step.needs, step.asks),
    )  # fmt: skip


def _schema(fields: list[FieldShape]) -> dict[str, Any]:
    """What a step takes.  A field of choices has them as its enumeration."""
    properties = {}
    for each in fields:
        said = {**JSON[Kind(each.kind)], "title": each.label}
        if each.choices:
            said = {**said, "enum": sorted(each.choices)} if said["type"] == "string" else said
        properties[each.name] = said
    return {
        "type": "object", "properties": properties, "required": [each.name for each in fields if each.required],
        "additionalProperties": False,
    }  # fmt: skip
