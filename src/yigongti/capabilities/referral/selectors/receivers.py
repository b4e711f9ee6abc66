"""Where a patient may be sent from an institution, nearest of kin first, by direction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from yigongti.capabilities.referral.decisions.parties import TIER, direction_between
from yigongti.capabilities.referral.selectors.patients import party
from yigongti.capabilities.referral.workflow import DESK, PROPOSERS
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

ORDER = ("up", "lateral", "down", "out")
ROOMS = ("village_room", "community_station", "clinic")
"""Kinds of which only those near the patient's home are offered."""


def receivers(sender: Institution, resident: Resident, *, on: date) -> Mapping[str, list[Institution]]:
    """Direction → open institutions: the sender's own centre or branches first, then its consortium, then its zone."""
    tiers = county_rules().find(TIER, on=on)
    home = Q(place_id=resident.place_id) | Q(place__parent_id=resident.place_id)
    rows = Institution.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on)).exclude(pk=sender.pk)
    rows = rows.filter(~Q(kind__in=ROOMS) | home | Q(parent_id=sender.pk))
    found: dict[str, list[Institution]] = {direction: [] for direction in ORDER}
    for each in sorted(rows, key=lambda row: _nearness(row, sender)):
        direction = direction_between(party(sender), party(each), tiers=tiers)
        if direction:
            found[direction].append(each)
    return {direction: each for direction, each in found.items() if each}


def _nearness(each: Institution, sender: Institution) -> tuple[bool, bool, bool, str, str]:
    is_kin = each.pk == sender.parent_id or each.parent_id == sender.pk
    return (
        not is_kin, each.consortium_id != sender.consortium_id, each.zone_id != sender.zone_id, each.kind or "",
        each.name,
    )  # fmt: skip


def way(sender: Institution, receiver: Institution, *, on: date) -> str:
    """The direction between two institutions on a day; "" where there is none."""
    return direction_between(party(sender), party(receiver), tiers=county_rules().find(TIER, on=on))


def senders(user: Any) -> list[Institution]:
    """The open institutions for which somebody sends patients, the one they sit at before its branches."""
    scope = scope_of(user).narrowed(PROPOSERS | DESK)
    rows = Institution.objects.filter(closed_on__isnull=True).exclude(in_county=False).order_by("name")
    if not scope.whole_county:
        rows = rows.filter(pk__in=sorted(scope.institution_ids))
    found = list(rows)
    known = {each.pk for each in found}
    return sorted(found, key=lambda each: each.parent_id in known)
