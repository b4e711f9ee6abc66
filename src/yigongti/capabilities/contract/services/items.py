"""Items that fall due: scheduled, found in the record, entered by the team, confirmed or disputed by the resident."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from yigongti.capabilities.contract.decisions.evidence import KIND_OF, Proof, Wanted, matched, tables_of
from yigongti.capabilities.contract.decisions.packages import package
from yigongti.capabilities.contract.decisions.schedule import DAY, Due, Window, schedule
from yigongti.capabilities.contract.models import ENTERED, FOUND, Contract, DueItem
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.spine.access.scope import accounts_at
from yigongti.spine.audit import trail
from yigongti.spine.cases.live_facts import publish
from yigongti.spine.county_rules import county_rules
from yigongti.spine.notices.inbox import notify
from yigongti.spine.record.models import Entry
from yigongti.spine.record.selectors import facts_of

__all__ = ["DAY", "dispute", "drop_after", "enter", "find", "schedule_for"]

_BATCH = 200


@dataclass(frozen=True)
class Done:
    """What the team enters: on which day, and what proves it."""

    on: date
    proof: str


def schedule_for(contract: Contract, *, since: date) -> None:
    """Schedule the package's items, as it is on `since`, from that day to the contract's end."""
    offered = package(county_rules(), contract.package, on=since)
    found = schedule(offered.items, start=since, end=contract.end_on)
    DueItem.objects.bulk_create([_row(contract, due) for due in found], ignore_conflicts=True)


def drop_after(contract: Contract, *, day: date) -> None:
    """Forget what is not done and could be done only, or could still be done, after a day."""
    contract.items.filter(done_on__isnull=True, due_on__gt=day).delete()


def find(open_items: "QuerySet[DueItem]", *, today: date) -> int:
    """Look in the record for what proves open items, and mark them; returns how many were found.

    Items whose window has not opened are passed over.  One query for 200 people.
    """
    ids = list(
        open_items.filter(done_on__isnull=True, opens_on__lte=today)
        .exclude(evidence="entry")
        .order_by("contract_id")
        .values_list("pk", flat=True)
    )
    return sum(_find(ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH))


@transaction.atomic
def enter(item: DueItem, done: Done, *, by: Any, at: datetime) -> DueItem:
    """The team enters what it did, with what proves it; answers a dispute where there was one.

    Raises NotAllowed for a day outside the window or in the future, without a proof, or where it is done already.
    """
    held = DueItem.objects.select_for_update(of=("self",)).select_related("contract").get(pk=item.pk)
    _check(held, done, today=at.astimezone(COUNTY_TIME).date())
    held.done_on, held.how, held.proof, held.entered_by_id = done.on, ENTERED, done.proof.strip()[:300], by.pk
    held.said, held.remark, held.said_at = "", "", None
    _save(held)
    _audit("contract_item_entered", held, by=by, at=at)
    return held


def confirm(item: DueItem, *, by: Any, at: datetime) -> DueItem:
    """The resident says that it was done."""
    return _say(item, "confirmed", "", by=by, at=at)


def dispute(item: DueItem, *, remark: str, by: Any, at: datetime) -> DueItem:
    """The resident says that it was not done, or not so; the team and its managers are told.

    Raises NotAllowed without a remark, and as `confirm`.
    """
    if not remark.strip():
        raise NotAllowed("请写明有什么异议", where="意见", remedy="请简单说明,例如“当天没有来访”")
    return _say(item, "disputed", remark.strip()[:300], by=by, at=at)


def publish_overdue(*, today: date, limit: int = 5000) -> int:
    """Let the facts of items that were due and not done wait for the lake; returns how many."""
    missed = DueItem.objects.filter(done_on__isnull=True, due_on__lt=today, told=False).select_related("contract")
    found = list(missed[:limit])
    for item in found:
        with transaction.atomic():
            _save(item)
    return len(found)


@transaction.atomic
def _find(ids: list[int]) -> int:
    rows = DueItem.objects.filter(pk__in=ids, done_on__isnull=True)
    waiting = {item.pk: item for item in rows.select_related("contract")}
    if not waiting:
        return 0
    proofs = _proofs(waiting.values())
    found = 0
    for item in waiting.values():
        wanted = Wanted(item.pk, item.evidence, Window(item.opens_on, item.due_on))
        proof = matched([wanted], by=proofs.get(item.contract.resident_id, [])).get(item.pk)
        if proof is not None:
            item.done_on, item.how, item.proof = proof.day, FOUND, f"{proof.table} {proof.key}"[:300]
            _save(item)
            found += 1
    return found


def _proofs(items: Iterable[DueItem]) -> Mapping[str, list[Proof]]:
    """Resident → the facts that could prove any of their items."""
    listed = list(items)
    people = {item.contract.resident_id for item in listed}
    tables = frozenset[str]().union(*(tables_of(item.evidence) for item in listed))
    first, last = min(item.opens_on for item in listed), max(item.due_on for item in listed)
    entries = Entry.objects.filter(resident_id__in=people, table__in=tables, day__range=(first, last))
    found: dict[str, list[Proof]] = {}
    for entry in entries:
        kind = str(facts_of(entry).get(KIND_OF[entry.table], ""))
        found.setdefault(entry.resident_id, []).append(Proof(entry.table, kind, entry.day, entry.key))
    return found


@transaction.atomic
def _say(item: DueItem, said: str, remark: str, *, by: Any, at: datetime) -> DueItem:
    held = DueItem.objects.select_for_update(of=("self",)).select_related("contract").get(pk=item.pk)
    if held.done_on is None:
        raise NotAllowed(f"“{held.name}”还没有完成的记录", remedy="完成之后再确认或提出异议")
    if by.resident_id != held.contract.resident_id:
        raise NotAllowed("只有签约居民本人可以确认或提出异议", remedy="请由本人登录后办理")
    held.said, held.remark, held.said_at = said, remark, at
    _save(held)
    _audit(f"contract_item_{said}", held, by=by, at=at)
    if said == "disputed":
        _tell(held, at=at)
    return held


def _save(item: DueItem) -> None:
    """Store, and let the fact wait for the lake."""
    item.told = True
    item.save()
    publish(
        "contract_item",
        {
            "contract_id": item.contract_id, "item": item.item, "due_on": item.due_on,
            "resident_id": item.contract.resident_id, "institution_id": item.contract.institution_id,
            "team_id": item.contract.team_id, "done_on": item.done_on, "said": item.said or None,
        },
    )  # fmt: skip


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


def _tell(item: DueItem, *, at: datetime) -> None:
    team = accounts_at(item.contract.institution_id, roles=[Role.FAMILY_DOCTOR, Role.MANAGER])
    text = f"居民对签约服务“{item.name}”({item.done_on})有异议:{item.remark}"
    notify(team, kind="contract_dispute", text=text, at=at, subject=f"case:{item.contract_id}")


def _audit(action: str, item: DueItem, *, by: Any, at: datetime) -> None:
    detail = {"item": item.item, "due_on": item.due_on.isoformat(), "done_on": str(item.done_on), "remark": item.remark}
    trail.record(
        action, actor=by.username, at=at, subject=f"case:{item.contract_id}", resident_id=item.contract.resident_id,
        detail=detail,
    )  # fmt: skip


def _row(contract: Contract, due: Due) -> DueItem:
    return DueItem(
        contract_id=contract.pk, item=due.item.code, name=due.item.name, by=due.item.by, evidence=due.item.evidence,
        opens_on=due.window.opens_on, due_on=due.window.due_on,
    )  # fmt: skip
