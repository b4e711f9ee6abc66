"""A team's people: by risk and key group, what is due for them, where they were treated and what it cost (JD-7)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.risk import Risk, risk_of
from yigongti.capabilities.contract.decisions.signing import RENEW_FROM
from yigongti.capabilities.contract.models import DueItem, Team, ValidContract
from yigongti.kernel import clock
from yigongti.kernel.facts.county import KEY_GROUPS, SEXES
from yigongti.spine.access.records import visible_residents
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.masking import age_on, surname_only
from yigongti.spine.people.models import Identity

RISK = "contract.risk"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Person:
    """One of a team's people.  name: masked, and is_visible False, for who may not see their record; number: of the
    contract; case_id: "" where a file brought it; open_items and overdue: counts of what is due now and what is late.
    """

    resident_id: str
    name: str
    is_visible: bool
    sex: str
    age: int
    place: str
    key_groups: Sequence[str]
    groups: Sequence[str]
    risk: Risk
    package: str
    end_on: date
    number: str
    case_id: str
    open_items: int
    overdue: int

    @property
    def risk_label(self) -> str:
        return _(self.risk.label)

    @property
    def risk_order(self) -> int:
        return self.risk.order


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" for all.  due: "due" or "overdue"; ends: "soon" for contracts to renew."""

    risk: str = ""
    key_group: str = ""
    due: str = ""
    ends: str = ""


@dataclass(frozen=True)
class People:
    """everybody: all of the teams'; shown: those asked for; by_risk and by_group: counts over everybody."""

    everybody: Sequence[Person]
    shown: Sequence[Person]
    by_risk: Mapping[Risk, int] = field(default_factory=dict)
    by_group: Sequence[tuple[str, str, int]] = ()


def people_of(teams: Sequence[Team], *, user: Any, wanted: Wanted) -> People:
    """The people with a valid contract with these teams, those at the highest risk first; five queries."""
    everybody = sorted(_people(teams, user=user), key=lambda each: (each.risk.order, -each.overdue, each.resident_id))
    counts = Counter(each.risk for each in everybody)
    groups = Counter(group for each in everybody for group in each.key_groups)
    by_group = [(group, _(KEY_GROUPS.get(group, group)), count) for group, count in groups.most_common()]
    renewable_by = clock.today() + timedelta(days=county_rules().find(RENEW_FROM, on=clock.today()).days)
    shown = [each for each in everybody if _asked(each, wanted, renewable_by)]
    return People(everybody, shown, {risk: counts[risk] for risk in Risk}, by_group)


@dataclass(frozen=True)
class Known:
    """Names by resident id, masked but for those whose record the reader may see; and who these are."""

    names: Mapping[str, str]
    visible: frozenset[str]

    def name(self, resident_id: str) -> str:
        """The name to show; the id where no identity has been loaded."""
        return self.names.get(resident_id, resident_id)


def known(resident_ids: Iterable[str], *, user: Any) -> Known:
    """People as the reader may know them; two queries."""
    asked = list(resident_ids)
    found = dict(Identity.objects.filter(pk__in=asked).values_list("pk", "name"))
    visible = frozenset(visible_residents(user).filter(pk__in=asked).values_list("pk", flat=True))
    return Known({key: name if key in visible else surname_only(name) for key, name in found.items()}, visible)


def _people(teams: Sequence[Team], *, user: Any) -> list[Person]:
    today = clock.today()
    version = county_rules().find(RISK, on=today)
    rows = list(
        ValidContract.objects.filter(team_id__in=[team.pk for team in teams], start_on__lte=today, end_on__gte=today)
        .select_related("resident__place")
        .filter(resident__resident_id__isnull=False)
    )
    people, due = known((row.resident_id for row in rows), user=user), _due(teams, today)
    return [_person(row, people, due.get(row.contract_id, (0, 0)), version) for row in rows]


def items_of(teams: Sequence[Team]) -> "QuerySet[DueItem]":
    """The items of the contracts that are in force with these teams, made here or brought by a file."""
    listed = [team.pk for team in teams]
    in_force = ValidContract.objects.filter(team_id__in=listed).values("contract_id")
    return DueItem.objects.filter(team_id__in=listed, number__in=in_force)


def open_items(teams: Sequence[Team], *, today: date) -> "QuerySet[DueItem]":
    """Of these items, those that can be done today."""
    return items_of(teams).filter(done_on__isnull=True, opens_on__lte=today)


def _due(teams: Sequence[Team], today: date) -> dict[str, tuple[int, int]]:
    """Contract number → items that can be done now, and of them those past their day."""
    rows = open_items(teams, today=today)
    counted = rows.order_by().values_list("number").annotate(n=Count("pk"), late=Count("pk", Q(due_on__lt=today)))
    return {number: (n, late) for number, n, late in counted}


def _person(row: ValidContract, people: Known, due: tuple[int, int], version: Any) -> Person:
    resident = row.resident
    return Person(
        resident_id=resident.pk, name=people.name(resident.pk), is_visible=resident.pk in people.visible,
        sex=_(SEXES.get(resident.sex or "", "")), age=age_on(clock.today(), born=resident.birth_date),
        place=resident.place.name if resident.place_id and resident.place else "", key_groups=resident.key_groups,
        groups=[_(KEY_GROUPS.get(group, group)) for group in resident.key_groups],
        risk=risk_of(resident.key_groups, version=version), package=row.package, end_on=row.end_on,
        number=row.contract_id, case_id=row.case_id or "", open_items=due[0], overdue=due[1],
    )  # fmt: skip


def _asked(person: Person, wanted: Wanted, renewable_by: date) -> bool:
    return (
        wanted.risk in ("", person.risk.value)
        and (not wanted.key_group or wanted.key_group in person.key_groups)
        and (not wanted.due or (person.overdue if wanted.due == "overdue" else person.open_items) > 0)
        and (not wanted.ends or person.end_on <= renewable_by)
    )
