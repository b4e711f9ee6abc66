"""The shapes that REST takes and gives."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema


class FieldShape(Schema):
    """A field of a step: kind as in the dictionary of facts, choices code → label."""

    name: str
    label: str
    kind: str
    required: bool
    choices: dict[str, str] = {}
    refers: str = ""


class StepShape(Schema):
    """A step as declared; deadline: the id of its rule, "" for none."""

    name: str
    label: str
    sources: list[str]
    target: str
    roles: list[str]
    side: str
    deadline: str
    fields: list[FieldShape]


class WorkflowShape(Schema):
    """A workflow as declared; states: id → label."""

    id: str
    label: str
    states: dict[str, str]
    initial: str
    final: list[str]
    opened_by: list[str]
    opening: list[FieldShape]
    steps: list[StepShape]


class CaseLine(Schema):
    """A case as lists give it."""

    case_id: str
    workflow: str
    state: str
    version: int
    title: str
    institution_id: str | None
    counterpart_id: str | None
    resident_id: str | None
    opened_at: datetime
    entered_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


class CasePage(Schema):
    """Some cases of a list; after: give it back for the next page, "" at the end."""

    cases: list[CaseLine]
    after: str


class EventShape(Schema):
    """A step that was taken."""

    version: int
    step: str
    from_state: str | None
    to_state: str
    role: str
    institution_id: str | None
    at: datetime
    due_at: datetime | None
    late: bool
    data: dict[str, Any]


class OfferedStep(Schema):
    """A step that the reader may take now; refused: why a guard does not allow it just now, "" where it does."""

    name: str
    label: str
    fields: list[FieldShape]
    refused: str


class CaseShape(CaseLine):
    """A case whole: what is known of it, what happened, and what the reader may do now."""

    data: dict[str, Any]
    events: list[EventShape]
    steps: list[OfferedStep]


class Opening(Schema):
    """A new case.  request_id: the client's own, the same on a retry: then nothing happens twice."""

    workflow: str
    request_id: str = Field(min_length=1, max_length=64)
    institution_id: str | None = None
    counterpart_id: str | None = None
    resident_id: str | None = None
    data: dict[str, Any] = {}


class Taking(Schema):
    """A step to take.  version: the case's as it was read; request_id as in Opening."""

    request_id: str = Field(min_length=1, max_length=64)
    version: int
    data: dict[str, Any] = {}
