"""The items of contracts that files brought: scheduled as their package was on the day from which they hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from yigongti.capabilities.contract.decisions.evidence import ENTRY
from yigongti.capabilities.contract.decisions.packages import PREFIX, Package, packages
from yigongti.capabilities.contract.decisions.schedule import Due, schedule
from yigongti.capabilities.contract.models import DueItem, Planned, ValidContract
from yigongti.capabilities.contract.services import items
from yigongti.capabilities.contract.services.items import Holder
from yigongti.spine.county_rules import county_rules

_BATCH = 1000
_AT_ONCE = 50_000
"""Contracts a turn of the timer: the first load of a large county takes several turns, and holds up nothing else."""


Offer = Callable[[date], Mapping[str, Package]]
"""The packages of a day by their name."""


def plan_loaded(*, today: date) -> int:
    """Schedule the items of loaded contracts that have none yet, or hold on other terms now; returns how many
    contracts.  What their records prove is found at once, however long ago."""
    drop_ended(today=today)
    waiting, offered, planned = _unplanned(), cache(_offered), 0
    while planned < _AT_ONCE and (batch := list(waiting[:_BATCH])):
        _plan(batch, offered, today=today)
        planned += len(batch)
    return planned


def drop_ended(*, today: date) -> int:
    """Forget what could still be done of loaded contracts that are no longer valid; returns how many items."""
    valid = ValidContract.objects.filter(case__isnull=True).values("contract_id")
    ended = DueItem.objects.filter(contract__isnull=True, done_on__isnull=True, due_on__gte=today)
    return int(ended.exclude(number__in=valid).delete()[0])


def _unplanned() -> "QuerySet[ValidContract]":
    same = Planned.objects.filter(
        pk=OuterRef("contract_id"),
        package=OuterRef("package"),
        start_on=OuterRef("start_on"),
        end_on=OuterRef("end_on"),
    )
    names = {rule.label for key, rule in county_rules().rules.items() if key.startswith(PREFIX)}
    loaded = ValidContract.objects.filter(case__isnull=True, package__in=names)
    return loaded.exclude(Exists(same)).order_by("contract_id")


@transaction.atomic
def _plan(contracts: Sequence[ValidContract], offered: Offer, *, today: date) -> None:
    numbers = [each.contract_id for each in contracts]
    held = DueItem.objects.filter(number__in=numbers, contract__isnull=True)
    held.filter(done_on__isnull=True, due_on__gte=today).delete()
    rows = [
        items.row_of(_holder(each), due)
        for each in contracts
        for due in _due(each, offered(each.start_on).get(each.package), today=today)
    ]
    kept = set(held.values_list("number", "item", "due_on"))
    new = [row for row in rows if (row.number, row.item, row.due_on) not in kept]
    items.bring(new, today=today)
    plans = [Planned(each.contract_id, each.package, each.start_on, each.end_on) for each in contracts]
    Planned.objects.bulk_create(
        plans, update_conflicts=True, unique_fields=["number"], update_fields=["package", "start_on", "end_on"]
    )
    if kept:
        items.find(held, today=today)


def _holder(contract: ValidContract) -> Holder:
    return Holder(contract.contract_id, contract.resident_id, contract.institution_id, contract.team_id)


def _due(contract: ValidContract, offered: Package | None, *, today: date) -> Iterator[Due]:
    """Everything that falls due, but what only a team's entry proves and fell due before the contract came here."""
    for due in schedule(offered.items if offered else (), start=contract.start_on, end=contract.end_on):
        if due.item.evidence != ENTRY or due.window.due_on >= today:
            yield due


def _offered(day: date) -> dict[str, Package]:
    return {each.name: each for each in packages(county_rules(), on=day).values()}
