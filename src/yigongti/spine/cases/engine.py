"""The step engine: opens cases and takes steps, each in one transaction, each exactly once.

A step locks the case's row; checks request id, version, role, scope, what was filled in and the guard; then writes
the new state, one event, one audit record, one `case_step` fact and the notices.  Anything refused changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.workflow import Workflow
from yigongti.spine.audit import trail
from yigongti.spine.cases.bindings import Binding, binding_of, of_its_model
from yigongti.spine.cases.checks import Actor, check_data, check_guard, check_open, permitted
from yigongti.spine.cases.deadlines import due, earliest_due
from yigongti.spine.cases.fields import cleaned, plain, store
from yigongti.spine.cases.live_facts import publish
from yigongti.spine.cases.models import Case, CaseEvent, CaseStepFact
from yigongti.spine.cases.recipients import waiting_for
from yigongti.spine.notices.inbox import notify
from yigongti.spine.statements import TEXT, kept

OPEN_STEP = "open"
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Parties:
    """Who a new case concerns: the institution that opens it (None: the county), the one that serves it, a resident."""

    institution_id: str | None
    counterpart_id: str | None = None
    resident_id: str | None = None


@dataclass(frozen=True)
class _Move:
    """A step that has passed every check, ready to be written."""

    step: str
    from_state: str | None
    to_state: str
    actor: Actor
    by: Any
    at: datetime
    request_id: str
    due_at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def open_case(
    workflow_id: str,
    *,
    parties: Parties,
    by: Any,
    at: datetime,
    request_id: str,
    data: Mapping[str, Any] | None = None,
) -> Case:
    """Open a case in the workflow's initial state; returns it (of the workflow's own model).

    by: an account or SYSTEM_ACTOR; at: aware; request_id: the client's, repeated on a retry; data: the fields that
    opening needs and asks for, `title` allowed.  Raises NotAllowed (nothing is written).
    """
    try:
        with transaction.atomic():
            return _open(binding_of(workflow_id), parties, data or {}, by=by, at=at, request_id=request_id)
    except IntegrityError:
        if earlier := _already(request_id):  # the same request arrived twice at once, and the other was first
            return _opened(earlier)
        raise


def _open(
    binding: Binding, parties: Parties, data: Mapping[str, Any], *, by: Any, at: datetime, request_id: str
) -> Case:
    if earlier := _already(request_id):
        return _opened(earlier)
    workflow = binding.workflow
    actor = check_open(workflow, by=by, **vars(parties))
    values = cleaned(binding, data, needs=workflow.opening, asks=("title", *workflow.opening_asks))
    case = binding.model(workflow=workflow.id, version=0, opener_id=by.pk, opened_at=at, entered_at=at, **vars(parties))
    move = _Move(OPEN_STEP, None, workflow.initial, actor, by, at, request_id, values=values)
    _write(binding, case, move, effect=binding.on_open)
    return case


def _opened(earlier: CaseEvent) -> Case:
    return of_its_model(_repeat(earlier, OPEN_STEP, case_id=None).case)


@transaction.atomic
def take(
    case: Case,
    step: str,
    *,
    by: Any,
    at: datetime,
    request_id: str,
    data: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step; returns its event.  `case` is as the actor saw it: its version must still be the stored one.

    Raises NotAllowed (nothing is written).  A repeat of a request that was done returns what it did.
    """
    locked = _lock(case)
    if earlier := _already(request_id):
        return _repeat(earlier, step, case_id=case.pk)
    if locked.version != case.version:
        raise NotAllowed("该事项刚刚被他人办理过,您看到的内容已过时", where=f"事项 {case.pk}", remedy="请刷新后再办理")
    binding = binding_of(locked.workflow)
    declared, actor = permitted(locked, step, by=by, at=at)
    values = check_data(binding, declared, data or {})
    check_guard(binding, locked, declared, data=values, by=by, at=at)
    due_at = due(declared, entered_at=locked.entered_at)
    moment = max(at, locked.entered_at + _TICK)
    move = _Move(step, locked.state, declared.target, actor, by, moment, request_id, due_at, values)
    return _write(binding, locked, move, effect=binding.effects.get(declared.effect))


def _lock(case: Case) -> Case:
    """The stored case, of its workflow's model, its row held until the transaction ends."""
    locked = kept("case_locked", lambda: Case.objects.select_for_update().filter(pk=TEXT))
    (held,) = locked.objects({TEXT: case.pk})
    return held if binding_of(held.workflow).model is Case else of_its_model(held)


def _already(request_id: str) -> CaseEvent | None:
    events = kept("case_event", lambda: CaseEvent.objects.filter(request_id=TEXT).select_related("case").order_by())
    return next(iter(events.objects({TEXT: request_id})), None)


def _repeat(earlier: CaseEvent, step: str, *, case_id: str | None) -> CaseEvent:
    if earlier.step != step or case_id not in (None, earlier.case_id):
        raise NotAllowed(
            "这个请求编号已用于另一次办理", where=f"请求 {earlier.request_id}", remedy="请重新打开页面再提交"
        )
    return earlier


def _write(binding: Binding, case: Case, move: _Move, *, effect: Any) -> CaseEvent:
    store(case, move.values)
    _enter(binding.workflow, case, move)
    if effect is not None:
        effect(case, data=move.values, by=move.by, at=move.at)
    case.save()
    event = _event(case, move)
    event.save(force_insert=True)
    _fact(event, case.workflow).save(force_insert=True)
    _publish(binding, case)
    _tell(binding.workflow, case, move)
    _audit(case, event, move)  # last, for it holds the actor's chain until the transaction ends
    return event


def _enter(workflow: Workflow, case: Case, move: _Move) -> None:
    final = workflow.is_final(move.to_state)
    case.state, case.version, case.entered_at = move.to_state, case.version + 1, move.at
    case.closed_at = move.at if final else None
    case.due_at = None if final else earliest_due(workflow, move.to_state, entered_at=move.at)
    case.escalated_at = None


def _event(case: Case, move: _Move) -> CaseEvent:
    return CaseEvent(
        case_id=case.pk, version=case.version, step=move.step, from_state=move.from_state, to_state=move.to_state,
        user_id=move.by.pk, role=move.actor.role, institution_id=move.actor.institution_id, at=move.at,
        due_at=move.due_at, late=move.due_at is not None and move.at > move.due_at, request_id=move.request_id,
        data={name: plain(value) for name, value in move.values.items()},
    )  # fmt: skip


def _fact(event: CaseEvent, workflow: str) -> CaseStepFact:
    taken = ("case_id", "at", "step", "from_state", "to_state", "institution_id", "role", "due_at", "late")
    return CaseStepFact(workflow=workflow, **{name: getattr(event, name) for name in taken})


def _publish(binding: Binding, case: Case) -> None:
    row = binding.publishes.row(case) if binding.publishes else None
    if binding.publishes and row is not None:
        publish(binding.publishes.table, row)


def _audit(case: Case, event: CaseEvent, move: _Move) -> None:
    said = {"workflow": case.workflow, "step": event.step, "from": event.from_state, "to": event.to_state,
            "role": event.role, "request": event.request_id}  # fmt: skip
    trail.record(
        "case_step", actor=move.by.username, at=move.at, subject=f"case:{case.pk}",
        resident_id=case.resident_id or "", detail=said,
    )  # fmt: skip


def _tell(workflow: Workflow, case: Case, move: _Move) -> None:
    taken = "发起" if move.step == OPEN_STEP else workflow.labelled(move.step)
    text = f"{workflow.label}{case.title and f'“{case.title}”'}:{taken},现为“{workflow.states[move.to_state]}”"
    people = waiting_for(workflow, case) - {move.by.pk}
    notify(people, kind="case_step", text=text, at=move.at, subject=f"case:{case.pk}")
