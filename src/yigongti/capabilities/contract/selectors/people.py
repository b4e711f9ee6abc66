"""A team's people: by risk and key group, what is due for them, where they were treated and what it cost (JD-7)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.risk import Risk, risk_of
from yigongti.capabilities.contract.decisions.signing import RENEW_FROM
from yigongti.capabilities.contract.models import DueItem, Team, ValidContract
from yigongti.kernel import clock
from yigongti.kernel.facts.county import KEY_GROUPS, SEXES
from yigongti.spine.access.records import CARING_ROLES
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Identity

RISK = "contract.risk"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Person:
    """One of a team's people.  name: masked for who does not care for people; case_id: "" where a file brought the
    contract; open_items and overdue: counts of what is due now and of what is late."""

    resident_id: str
    name: str
    sex: str
    age: int
    place: str
    key_groups: Sequence[str]
    groups: Sequence[str]
    risk: Risk
    package: str
    end_on: date
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


def names_of(resident_ids: Iterable[str], *, user: Any) -> dict[str, str]:
    """Names by resident id: whole for who cares for people, else only the first character."""
    found = dict(Identity.objects.filter(pk__in=list(resident_ids)).values_list("pk", "name"))
    if not scope_of(user).roles.isdisjoint(CARING_ROLES):
        return found
    return {key: masked(name) for key, name in found.items()}


def masked(name: str) -> str:
    """Only the first character of a name."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def _people(teams: Sequence[Team], *, user: Any) -> list[Person]:
    today = clock.today()
    version = county_rules().find(RISK, on=today)
    rows = list(
        ValidContract.objects.filter(team_id__in=[team.pk for team in teams], start_on__lte=today, end_on__gte=today)
        .select_related("resident__place")
        .filter(resident__resident_id__isnull=False)
    )
    names, due = names_of((row.resident_id for row in rows), user=user), _due(teams, today)
    return [_person(row, names, due.get(row.case_id or "", (0, 0)), version) for row in rows]


def _due(teams: Sequence[Team], today: date) -> dict[str, tuple[int, int]]:
    """Contract → items that can be done now, and of them those past their day."""
    rows = DueItem.objects.filter(
        contract__team__in=[team.pk for team in teams], contract__state="in_force", done_on__isnull=True,
        opens_on__lte=today,
    )  # fmt: skip
    counted = rows.order_by().values_list("contract_id").annotate(n=Count("pk"), late=Count("pk", Q(due_on__lt=today)))
    return {contract: (n, late) for contract, n, late in counted}


def _person(row: ValidContract, names: Mapping[str, str], due: tuple[int, int], version: Any) -> Person:
    resident = row.resident
    born, today = resident.birth_date, clock.today()
    return Person(
        resident_id=resident.pk, name=names.get(resident.pk, resident.pk), sex=_(SEXES.get(resident.sex or "", "")),
        age=today.year - born.year - ((today.month, today.day) < (born.month, born.day)),
        place=resident.place.name if resident.place_id and resident.place else "", key_groups=resident.key_groups,
        groups=[_(KEY_GROUPS.get(group, group)) for group in resident.key_groups],
        risk=risk_of(resident.key_groups, version=version), package=row.package, end_on=row.end_on,
        case_id=row.case_id or "", open_items=due[0], overdue=due[1],
    )  # fmt: skip


def _asked(person: Person, wanted: Wanted, renewable_by: date) -> bool:
    return (
        wanted.risk in ("", person.risk.value)
        and (not wanted.key_group or wanted.key_group in person.key_groups)
        and (not wanted.due or (person.overdue if wanted.due == "overdue" else person.open_items) > 0)
        and (not wanted.ends or person.end_on <= renewable_by)
    )
