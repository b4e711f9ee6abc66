"""The lead's workflow joined to its model, guards and effects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yigongti.capabilities.supervision.decisions.recovery import Balance, Entry, balance, may_enter, may_finish
from yigongti.capabilities.supervision.models import Lead, RecoveryLine
from yigongti.capabilities.supervision.workflow import SUPERVISION_LEAD
from yigongti.kernel.decisions import Decision, Reason
from yigongti.spine.cases.bindings import Binding, bind
from yigongti.spine.cases.models import Case


def bind_workflows() -> None:
    """Use the workflow in this process."""
    bind(
        Binding(
            SUPERVISION_LEAD,
            model=Lead,
            guards={
                "answer_is_late": answer_is_late,
                "may_judge": _may(Entry.JUDGED, "judged_fen"),
                "may_receive": _may(Entry.RECOVERED, "received_fen"),
                "may_reduce": _may(Entry.REDUCED, "reduced_fen"),
                "nothing_outstanding": nothing_outstanding,
            },
            effects={
                "enter_judged": _enter(Entry.JUDGED, "judged_fen"),
                "enter_received": _enter(Entry.RECOVERED, "received_fen"),
                "enter_reduced": _enter(Entry.REDUCED, "reduced_fen"),
                "enter_written_off": write_off,
            },
        )
    )


def balance_of(lead_id: str) -> Balance:
    """What a lead's recovery lines come to."""
    return balance(RecoveryLine.objects.filter(lead_id=lead_id).values_list("entry", "amount_fen"))


def answer_is_late(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of going on without the institution's answer: its time is over, or it is outside the county."""
    lead = Lead.objects.select_related("counterpart").get(pk=case.pk)
    outside = lead.counterpart is not None and not lead.counterpart.in_county
    if outside or case.due_at is None or at > case.due_at:
        return Decision("allow")
    return Decision("refuse", (Reason("supervision.lead.answer_within", "", "机构申辩期限未到"),))


def nothing_outstanding(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
    """Guard of closing as recovered."""
    return may_finish(balance_of(case.pk))


def write_off(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """Effect of giving up: what is still owed is written off."""
    owed = balance_of(case.pk).outstanding
    if owed:
        _line(case, Entry.WRITTEN_OFF, owed, data, by, at)


def _may(entry: Entry, field: str) -> Any:
    def guard(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> Decision:
        return may_enter(entry, data.get(field, 0), now=balance_of(case.pk))

    return guard


def _enter(entry: Entry, field: str) -> Any:
    def effect(case: Case, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
        _line(case, entry, data[field], data, by, at)

    return effect


def _line(case: Case, entry: Entry, amount_fen: int, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    note = str(data.get("reason") or data.get("note") or "")[:400]
    RecoveryLine.objects.create(lead_id=case.pk, entry=entry, amount_fen=amount_fen, at=at, by_id=by.pk, note=note)
