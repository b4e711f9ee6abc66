"""Full-scene search: which slots still have a seat, where, how far away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yigongti.capabilities.booking.decisions.life import Source
from yigongti.capabilities.booking.models import Kind, Resource, Seat, Slot
from yigongti.kernel.geography import Point, kilometres, point_of

MOST = 60


@dataclass(frozen=True)
class Sought:
    """What is looked for: kind and item ("" any), through whom, inside which stretch of time, at which institution
    ("" any), from where and within how many kilometres (None: any distance)."""

    kind: str
    source: Source
    begin: datetime
    end: datetime
    item: str = ""
    institution_id: str = ""
    near: Point | None = None
    within_km: float | None = None


@dataclass(frozen=True)
class Offer:
    """A slot with a seat that may be had; free: seats for this source; reserved: of them kept for referrals;
    kilometres: None where nobody said from where, or the institution's place is not known."""

    slot_id: int
    resource_id: str
    resource: str
    kind: str
    item: str
    institution_id: str
    institution: str
    begins: datetime
    ends: datetime
    free: int
    reserved: int
    kilometres: float | None


def offers(sought: Sought, *, at: datetime, limit: int = MOST) -> list[Offer]:
    """The earliest slots with a seat for this source, the nearer first among those of one time."""
    far = {each.pk: away for each, away in _within(sought).items()}
    slots = _slots(sought, list(far), at=at)[:limit]
    free = _free([slot.pk for slot in slots])
    made = [_offer(slot, sought.source, free, far[slot.resource_id], at=at) for slot in slots]
    return sorted(made, key=lambda offer: (offer.begins, offer.kilometres or 0.0, offer.resource))


@dataclass(frozen=True)
class Bookable:
    """A resource for which one may wait; kilometres as in Offer."""

    resource_id: str
    name: str
    kind: str
    item: str
    institution: str
    kilometres: float | None


def resources(sought: Sought) -> list[Bookable]:
    """What is offered of what is looked for, free or not, the nearest first."""
    far = _within(sought)
    made = [
        Bookable(each.pk, each.name, Kind(each.kind).label, each.item, each.institution.name, away)
        for each, away in far.items()
    ]
    return sorted(made, key=lambda each: (each.kilometres or 0.0, each.institution, each.name))


def items(kind: str = "") -> list[str]:
    """What there is of a kind (or of any): CT, MRI, specialties."""
    rows = Resource.objects.filter(closed_on__isnull=True)
    rows = rows.filter(kind=kind) if kind else rows
    return list(rows.values_list("item", flat=True).distinct().order_by("item"))


def _resources(sought: Sought) -> list[Resource]:
    rows = Resource.objects.filter(closed_on__isnull=True).select_related("institution")
    given = {"kind": sought.kind, "item": sought.item, "institution_id": sought.institution_id}
    return list(rows.filter(**{name: value for name, value in given.items() if value}))


def _within(sought: Sought) -> dict[Resource, float | None]:
    """The resources that are near enough, each with how far away it is."""
    far = {each: _far(each, sought.near) for each in _resources(sought)}
    if sought.within_km is None:
        return far
    return {each: away for each, away in far.items() if away is not None and away <= sought.within_km}


def _far(resource: Resource, near: Point | None) -> float | None:
    here = point_of(resource.institution)
    return None if near is None or here is None else kilometres(near, here)


def _slots(sought: Sought, resource_ids: Sequence[str], *, at: datetime) -> QuerySet:
    free = Seat.objects.filter(slot_id=OuterRef("pk"), is_taken=False)
    if sought.source is not Source.REFERRAL:
        free = free.filter(Q(is_reserved=False) | Q(slot__shared_from__lte=at))
    slots = Slot.objects.filter(
        Exists(free), resource_id__in=resource_ids, closed_at__isnull=True,
        begins__gt=max(sought.begin, at), begins__lt=sought.end,
    )  # fmt: skip
    return slots.select_related("resource__institution").order_by("begins", "pk")


def _free(slot_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Slot → free seats, free reserved seats."""
    rows = Seat.objects.filter(slot_id__in=slot_ids, is_taken=False).values("slot_id")
    counted = rows.annotate(every=Count("pk"), kept=Count("pk", filter=Q(is_reserved=True)))
    return {row["slot_id"]: (row["every"], row["kept"]) for row in counted}


def _offer(
    slot: Slot, source: Source, free: Mapping[int, tuple[int, int]], away: float | None, *, at: datetime
) -> Offer:
    every, kept = free.get(slot.pk, (0, 0))
    if source is not Source.REFERRAL and at < slot.shared_from:
        every, kept = every - kept, 0
    resource = slot.resource
    return Offer(
        slot.pk, resource.pk, resource.name, Kind(resource.kind).label, resource.item, resource.institution_id,
        resource.institution.name, slot.begins, slot.ends, every, kept, away,
    )  # fmt: skip
