"""Where a team's people were treated and what it cost, and whom the team referred: from their records (JD-7 管费用)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yigongti.capabilities.contract.models import Team, ValidContract
from yigongti.capabilities.contract.selectors.people import YEAR, known
from yigongti.capabilities.contract.selectors.sites import sites_of
from yigongti.kernel import clock
from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.spine.places.models import Institution
from yigongti.spine.record.models import Entry
from yigongti.spine.record.selectors import facts_of

WHERE = {
    "team": gettext_noop("签约机构及其站室"), "primary": gettext_noop("县内其他基层机构"),
    "hospital": gettext_noop("县内医院"), "outside": gettext_noop("县外"),
}  # fmt: skip
"""Where care was given, seen from the team, in the order of a page."""


@dataclass(frozen=True)
class Sum:
    """Visits and stays and their fen: in all, by the insurance fund, by the person."""

    visits: int = 0
    stays: int = 0
    total_fen: int = 0
    fund_fen: int = 0
    self_fen: int = 0


@dataclass(frozen=True)
class Place:
    """One kind of place: its share of all cost."""

    where: str
    label: str
    sum: Sum
    share: float | None


@dataclass(frozen=True)
class PersonCost:
    """What one person's care cost, and where most of it was spent."""

    resident_id: str
    name: str
    is_visible: bool
    sum: Sum
    outside: int
    mostly: str


@dataclass(frozen=True)
class Care:
    """One visit or stay, as listed."""

    resident_id: str
    name: str
    is_visible: bool
    day: date
    kind: str
    institution: str
    where: str
    total_fen: int
    fund_fen: int
    self_fen: int
    is_referred: bool


@dataclass(frozen=True)
class Costs:
    """since: from which day; whole: everything together."""

    since: date
    whole: Sum
    places: Sequence[Place]
    people: Sequence[PersonCost]
    latest: Sequence[Care]


def costs_of(teams: Sequence[Team], *, user: Any, latest: int = 100) -> Costs:
    """The last twelve months of the teams' people: by place, by person (the dearest first), and the latest care."""
    since = clock.today() - YEAR
    care = _care(teams, since)
    people = known({each.resident_id for each in care}, user=user)
    care = [
        replace(each, name=people.name(each.resident_id), is_visible=each.resident_id in people.visible)
        for each in care
    ]
    whole = _sum(care)
    places = [
        Place(where, _(label), part, part.total_fen / whole.total_fen if whole.total_fen else None)
        for where, label in WHERE.items()
        for part in [_sum(each for each in care if each.where == where)]
    ]
    newest = sorted(care, key=lambda each: (each.day, each.resident_id), reverse=True)[:latest]
    return Costs(since, whole, places, _by_person(care), newest)


def _care(teams: Sequence[Team], since: date) -> list[Care]:
    valid = ValidContract.objects.filter(team_id__in=[team.pk for team in teams])
    entries = Entry.objects.filter(
        resident_id__in=valid.values("pk"), table__in=("visit", "stay"), day__gte=since, day__lte=clock.today()
    )
    found, own = list(entries), frozenset[str]().union(*sites_of({team.institution_id for team in teams}).values())
    institutions = Institution.objects.in_bulk({entry.institution_id for entry in found})
    return [_one(entry, institutions.get(entry.institution_id), own) for entry in found]


def _one(entry: Entry, at: Institution | None, own: frozenset[str]) -> Care:
    facts = facts_of(entry)
    return Care(
        resident_id=entry.resident_id, name="", is_visible=False, day=entry.day, kind=entry.table,
        institution=at.name if at else entry.institution_id or "", where=_where(at, own),
        total_fen=facts.get("total_fen", 0), fund_fen=facts.get("fund_fen", 0), self_fen=facts.get("self_fen", 0),
        is_referred=bool(facts.get("referral_id")),
    )  # fmt: skip


def _where(at: Institution | None, own: frozenset[str]) -> str:
    if at is None or not at.in_county:
        return "outside"
    if at.pk in own:
        return "team"
    return "primary" if at.kind in PRIMARY_KINDS else "hospital"


def _sum(care: Iterable[Care]) -> Sum:
    listed = list(care)
    stays = sum(each.kind == "stay" for each in listed)
    return Sum(
        len(listed) - stays, stays, sum(each.total_fen for each in listed), sum(each.fund_fen for each in listed),
        sum(each.self_fen for each in listed),
    )  # fmt: skip


def _by_person(care: Iterable[Care]) -> list[PersonCost]:
    grouped: dict[str, list[Care]] = {}
    for each in care:
        grouped.setdefault(each.resident_id, []).append(each)
    found = [_person(key, listed) for key, listed in grouped.items()]
    return sorted(found, key=lambda person: (-person.sum.total_fen, person.resident_id))


def _person(resident_id: str, care: Sequence[Care]) -> PersonCost:
    spent: Mapping[str, int] = {where: sum(each.total_fen for each in care if each.where == where) for where in WHERE}
    mostly = max(spent, key=lambda where: spent[where])
    return PersonCost(resident_id, care[0].name, care[0].is_visible, _sum(care), spent["outside"], _(WHERE[mostly]))
