"""Items that fall due: scheduled, found in the record, entered by the team (what residents say: `services.saying`)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from yigongti.capabilities.contract.decisions.evidence import ENTRY, KIND_OF, Proof, Wanted, matched, tables_of
from yigongti.capabilities.contract.decisions.packages import package
from yigongti.capabilities.contract.decisions.schedule import DAY, Due, Window, schedule
from yigongti.capabilities.contract.models import ENTERED, FOUND, Contract, DueItem
from yigongti.capabilities.contract.selectors.sites import sites_of
from yigongti.capabilities.contract.workflow import TEAM
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail
from yigongti.spine.cases.live_facts import publish, publish_all
from yigongti.spine.county_rules import county_rules
from yigongti.spine.record import bulk
from yigongti.spine.record.models import Entry
from yigongti.spine.record.selectors import facts_of

__all__ = ["DAY", "Done", "Holder", "bring", "drop_after", "enter", "find", "publish_overdue", "row_of", "schedule_for"]

_BATCH = 200
_NEW = [
    "number", "resident_id", "institution_id", "team_id", "item", "name", "by", "evidence", "opens_on", "due_on",
    "done_on", "how", "proof", "performer_id", "said", "remark", "told",
]  # fmt: skip
_ENTRY = ["resident_id", "day", "table", "key", "institution_id", "line"]
_FOUND = ["done_on", "how", "proof", "performer", "told"]


@dataclass(frozen=True)
class Done:
    """What the team enters: on which day, and what proves it."""

    on: date
    proof: str


@dataclass(frozen=True)
class Holder:
    """The contract that items belong to.  case_id: None where a file brought it."""

    number: str
    resident_id: str
    institution_id: str
    team_id: str
    case_id: str | None = None


def schedule_for(contract: Contract, *, since: date) -> None:
    """Schedule the package's items, as it is on `since`, from that day to the contract's end."""
    offered = package(county_rules(), contract.package, on=since)
    found = schedule(offered.items, start=since, end=contract.end_on)
    holder = Holder(contract.pk, contract.resident_id, contract.institution_id, contract.team_id, contract.pk)
    DueItem.objects.bulk_create([row_of(holder, due) for due in found], ignore_conflicts=True)


def row_of(holder: Holder, due: Due) -> DueItem:
    """A row for an item that falls due of a contract."""
    return DueItem(
        contract_id=holder.case_id, number=holder.number, resident_id=holder.resident_id,
        institution_id=holder.institution_id, team_id=holder.team_id, item=due.item.code, name=due.item.name,
        by=due.item.by, evidence=due.item.evidence, opens_on=due.window.opens_on, due_on=due.window.due_on,
    )  # fmt: skip


def drop_after(contract: Contract, *, day: date) -> None:
    """Forget what is not done and could be done only, or could still be done, after a day."""
    contract.items.filter(done_on__isnull=True, due_on__gt=day).delete()


def find(open_items: "QuerySet[DueItem]", *, today: date) -> int:
    """Look in the record for what proves open items, and mark them; returns how many were found.

    Items whose window has not opened are passed over.  One query for 200 people.
    """
    ids = list(
        open_items.filter(done_on__isnull=True, opens_on__lte=today)
        .exclude(evidence=ENTRY)
        .order_by("number")
        .values_list("pk", flat=True)
    )
    return sum(map(_find, _batches(ids)))


@transaction.atomic
def enter(item: DueItem, done: Done, *, by: Any, at: datetime) -> DueItem:
    """The team enters what it did, with what proves it, anew where the resident disputes it.

    Raises NotAllowed for a day outside the window or in the future, without a proof, or where it is done already.
    """
    held = locked(item)
    _check(held, done, today=day_of(at))
    held.done_on, held.how, held.proof, held.entered_by_id = done.on, ENTERED, done.proof.strip()[:300], by.pk
    held.said, held.remark, held.said_at, held.performer_id = "", "", None, _seat(by, held)
    save(held)
    audit("contract_item_entered", held, by=by, at=at)
    return held


def locked(item: DueItem) -> DueItem:
    """An item, held until the transaction ends."""
    found: DueItem = DueItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    return found


def publish_overdue(*, today: date, limit: int = 5000) -> int:
    """Let the facts of items that were due and not done wait for the lake; returns how many."""
    missed = DueItem.objects.filter(done_on__isnull=True, due_on__lt=today, told=False)
    with transaction.atomic():
        found = list(missed.select_for_update(of=("self",))[:limit])
        for ids in _batches([item.pk for item in found]):
            DueItem.objects.filter(pk__in=ids).update(told=True)
        publish_all("contract_item", map(_fact, found))
    return len(found)


@transaction.atomic
def _find(ids: list[int]) -> int:
    waiting = DueItem.objects.filter(pk__in=ids, done_on__isnull=True).select_for_update(of=("self",))
    found = list(prove(waiting))
    DueItem.objects.bulk_create(found, update_conflicts=True, unique_fields=["id"], update_fields=_FOUND)
    publish_all("contract_item", map(_fact, found))
    return len(found)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def prove(items: Iterable[DueItem]) -> Iterator[DueItem]:
    """Mark the items that the record proves as done and to be told of, not yet stored; yields these."""
    waiting = list(items)
    proofs, sites = _proofs(waiting), sites_of({item.institution_id for item in waiting})
    for resident_id, own in groupby(sorted(waiting, key=_resident), key=_resident):
        held = dict(enumerate(own))
        wanted = [_wanted(key, item, sites[item.institution_id]) for key, item in held.items()]
        for key, proof in matched(wanted, by=proofs.get(resident_id, ())).items():
            held[key].done_on, held[key].how, held[key].told = proof.day, FOUND, True
            held[key].proof, held[key].performer_id = f"{proof.table} {proof.key}"[:300], proof.institution_id
            yield held[key]


def _wanted(key: int, item: DueItem, sites: frozenset[str]) -> Wanted:
    return Wanted(key, item.evidence, Window(item.opens_on, item.due_on), sites)


def _resident(item: DueItem) -> str:
    return str(item.resident_id)


def _proofs(items: Iterable[DueItem]) -> Mapping[str, list[Proof]]:
    """Resident → the facts that could prove any of their items."""
    listed = list(items)
    if not listed:
        return {}
    people = {item.resident_id for item in listed}
    tables = frozenset[str]().union(*(tables_of(item.evidence) for item in listed))
    first, last = min(item.opens_on for item in listed), max(item.due_on for item in listed)
    entries = Entry.objects.filter(resident_id__in=people, table__in=tables, day__range=(first, last))
    found = defaultdict[str, list[Proof]](list)
    for entry in entries.values_list(*_ENTRY, named=True):  # ten times as many as items: no model of each
        kind = str(facts_of(entry).get(KIND_OF[entry.table], ""))
        found[entry.resident_id].append(Proof(entry.table, kind, entry.day, entry.key, entry.institution_id))
    return found


def _seat(by: Any, item: DueItem) -> str:
    """From where somebody acts for the team: its institution where they reach it, else their own."""
    inside = scope_of(by).narrowed(TEAM)
    if inside.covers(item.institution_id):
        return str(item.institution_id)
    return min(inside.institution_ids, default=str(item.institution_id))


def bring(items: Sequence[DueItem], *, today: date) -> None:
    """Store new items, those that the record proves as done; one that is there already stays as it is."""
    done = list(prove(item for item in items if item.opens_on <= today and item.evidence != ENTRY))
    columns = [pa.array([getattr(item, name) for item in items]) for name in _NEW]
    batch = pa.RecordBatch.from_arrays(columns, names=_NEW)
    bulk.insert_new(DueItem._meta.db_table, _NEW, [batch], key=["number", "item", "due_on"])
    publish_all("contract_item", map(_fact, done))


def save(item: DueItem) -> None:
    """Store, and let the fact wait for the lake."""
    item.told = True
    item.save()
    publish("contract_item", _fact(item))


def _fact(item: DueItem) -> dict[str, Any]:
    return {
        "contract_id": item.number, "item": item.item, "due_on": item.due_on, "resident_id": item.resident_id,
        "institution_id": item.institution_id, "team_id": item.team_id, "done_on": item.done_on,
        "said": item.said or None,
    }  # fmt: skip


def audit(action: str, item: DueItem, *, by: Any, at: datetime) -> None:
    """Keep in the audit who did what to an item."""
    detail = {"item": item.item, "due_on": item.due_on.isoformat(), "done_on": str(item.done_on), "remark": item.remark}
    subject = f"case:{item.contract_id}" if item.contract_id else f"contract:{item.number}"
    trail.record(action, actor=by.username, at=at, subject=subject, resident_id=item.resident_id, detail=detail)


def _check(item: DueItem, done: Done, *, today: date) -> None:
    if item.done_on is not None and item.said != "disputed":
        raise NotAllowed(f"“{item.name}”已于 {item.done_on} 完成", remedy="不必重复登记")
    if not done.proof.strip():
        raise NotAllowed("请写明依据", where="依据", why="履约要有据可查", remedy="例如服务记录单编号、照片编号或经过")
    if done.on > today:
        raise NotAllowed(f"完成日期 {done.on} 在今天之后", where="完成日期", remedy="请填写实际完成的日期")
    if done.on < item.opens_on:
        raise NotAllowed(
            f"完成日期 {done.on} 早于本期开始 {item.opens_on}",
            where="完成日期",
            why="每期各做一次",
            remedy="请登记到相应的一期",
        )
