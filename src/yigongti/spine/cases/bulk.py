"""Opens many cases at once that the system itself found: one audit record and one notice for all of them.

What a case is afterwards (state, deadline, event, fact) is what `engine.open_case` would have made of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from yigongti.kernel.workflow import Workflow
from yigongti.spine.access.scope import SYSTEM_ACTOR
from yigongti.spine.audit import trail
from yigongti.spine.cases.bindings import Binding, binding_of
from yigongti.spine.cases.checks import Actor, check_open
from yigongti.spine.cases.deadlines import earliest_due
from yigongti.spine.cases.engine import OPEN_STEP, Parties
from yigongti.spine.cases.fields import cleaned, plain, store
from yigongti.spine.cases.models import Case, CaseEvent, CaseStepFact
from yigongti.spine.cases.recipients import waiting_for
from yigongti.spine.notices.inbox import notify

_BATCH = 500


@dataclass(frozen=True)
class Draft:
    """A case to be opened.  data: the fields that opening needs and asks for; request_id: makes a repeat an error."""

    parties: Parties
    request_id: str
    data: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def open_many(workflow_id: str, drafts: Sequence[Draft], *, at: datetime, notice: str) -> list[Case]:
    """The cases, of the workflow's own model, in the order of the drafts; opened by the system, at once or not at all.

    notice: what those are told, once, who may take the next step at any of them.  A workflow with an effect of opening
    cannot be opened so.  Raises NotAllowed as `open_case` does, IntegrityError where a request was made before.
    """
    binding = binding_of(workflow_id)
    if binding.on_open is not None:
        raise TypeError(f"workflow {workflow_id!r} has an effect of opening: use open_case")
    actors = [check_open(binding.workflow, by=SYSTEM_ACTOR, **vars(draft.parties)) for draft in drafts]
    cases = [_made(binding, draft, at=at) for draft in drafts]
    _insert(binding, cases)
    opened = list(zip(cases, drafts, actors, strict=True))
    CaseEvent.objects.bulk_create([_event(binding.workflow, *each, at=at) for each in opened], batch_size=_BATCH)
    CaseStepFact.objects.bulk_create([_fact(binding.workflow, *each, at=at) for each in opened], batch_size=_BATCH)
    if cases:
        detail = {"workflow": workflow_id, "cases": [case.pk for case in cases]}
        trail.record("open_cases", actor=SYSTEM_ACTOR.username, at=at, detail=detail)
        notify(_waiting(binding.workflow, cases), kind="case_step", text=notice, at=at)
    return cases


def _made(binding: Binding, draft: Draft, *, at: datetime) -> Case:
    workflow = binding.workflow
    values = cleaned(binding, draft.data, needs=workflow.opening, asks=("title", *workflow.opening_asks))
    case = binding.model(
        workflow=workflow.id, state=workflow.initial, version=1, opened_at=at, entered_at=at, **vars(draft.parties)
    )
    store(case, values)
    case.due_at = earliest_due(workflow, workflow.initial, entered_at=at)
    return case


def _insert(binding: Binding, cases: Sequence[Case]) -> None:
    """The common columns in one statement a batch, then each workflow's own columns."""
    common = [field.attname for field in Case._meta.concrete_fields]
    bases = [Case(**{name: getattr(case, name) for name in common}) for case in cases]
    Case.objects.bulk_create(bases, batch_size=_BATCH)
    if binding.model is Case:
        return
    link = binding.model._meta.get_ancestor_link(Case)
    for case in cases:
        setattr(case, link.attname, case.case_id)
        case.save_base(raw=True, force_insert=True)


def _event(workflow: Workflow, case: Case, draft: Draft, actor: Actor, *, at: datetime) -> CaseEvent:
    data = {name: plain(value) for name, value in draft.data.items()}
    return CaseEvent(
        case_id=case.pk, version=1, step=OPEN_STEP, to_state=workflow.initial, role=actor.role,
        institution_id=actor.institution_id, at=at, late=False, request_id=draft.request_id, data=data,
    )  # fmt: skip


def _fact(workflow: Workflow, case: Case, draft: Draft, actor: Actor, *, at: datetime) -> CaseStepFact:
    return CaseStepFact(
        case_id=case.pk, at=at, step=OPEN_STEP, workflow=workflow.id, to_state=workflow.initial, role=actor.role,
        institution_id=actor.institution_id, late=False,
    )  # fmt: skip


def _waiting(workflow: Workflow, cases: Sequence[Case]) -> set[int]:
    """The accounts that may take a next step at one of the cases; asked once for cases with the same parties."""
    alike = {(case.institution_id, case.counterpart_id, case.resident_id): case for case in cases}
    return {user_id for case in alike.values() for user_id in waiting_for(workflow, case)}
