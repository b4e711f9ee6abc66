"""The one door of contracts for other capabilities: who has one, and what a resident does with theirs.

    valid(resident_id)                       # Valid | None: with whom a person has a contract now
    contracts_of(resident_id, reader=user)   # a resident's contracts, for themselves or a relative who may look
    items_of(contract_id, resident_id=…, reader=user)              # and what falls due of one
    apply(Application(…), by=user, at=…, request_id=…)
    confirm(contract_id, …), step(contract_id, "terminate", data=…, …), confirm_item(…), dispute_item(…)
    due_count(user, most=…)                  # what a team's member can do for the team's people now

`by` of everything that changes something is the resident's own account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.packages import DUTIES, SUITS, packages, suited
from yigongti.capabilities.contract.decisions.signing import TERM, may_renew
from yigongti.capabilities.contract.models import HOW, SAID, Contract, DueItem, Member, Team, ValidContract
from yigongti.capabilities.contract.selectors import standing
from yigongti.capabilities.contract.selectors.people import open_items
from yigongti.capabilities.contract.selectors.teams import own_teams
from yigongti.capabilities.contract.services import saying
from yigongti.capabilities.contract.services.following import has_successor, renewable
from yigongti.capabilities.contract.services.signing import Terms, propose, sign
from yigongti.capabilities.contract.workflow import CONTRACT, LIVE, TEAM
from yigongti.kernel import clock
from yigongti.kernel.workflow import Step
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.checks import steps_for
from yigongti.spine.cases.engine import take
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

__all__ = [
    "Application", "MyContract", "MyItem", "PackageOffer", "TeamOffer", "Valid", "apply", "confirm", "confirm_item",
    "contracts_of", "dispute_item", "due_count", "items_of", "may_begin", "package_offers", "step",
    "team_offers", "terms_of_years", "valid",
]  # fmt: skip

LONGEST = 10
"""Years that no rule goes beyond: up to there the choices are looked for."""


@dataclass(frozen=True)
class Valid:
    """A contract in force.  staff_ids: the team's members today; case_id: None where a file brought the contract."""

    contract_id: str
    institution_id: str
    team_id: str
    team: str
    package: str
    start_on: date
    end_on: date
    staff_ids: frozenset[str]
    case_id: str | None


@dataclass(frozen=True)
class MyContract:
    """A resident's contract.  steps: (name, label) of what the reader may do with it now; is_loaded: brought by a file,
    to be looked at only."""

    contract_id: str
    state: str
    state_label: str
    institution: str
    team: str
    phone: str
    members: Sequence[tuple[str, str]]
    package: str
    price_fen: int | None
    self_fen: int | None
    start_on: date
    end_on: date
    steps: Sequence[tuple[str, str]] = ()
    is_loaded: bool = False


@dataclass(frozen=True)
class MyItem:
    """An item of a contract.  how: record or entry, "" while it is not done; site: which institution did it, where that
    is not the team's; said: confirmed, disputed or ""; answer: what is answered to a dispute; is_upheld: nobody did in
    time, it counts as not done; may_say: the reader may confirm or dispute it now."""

    id: int
    name: str
    by: str
    opens_on: date
    due_on: date
    done_on: date | None
    how: str
    how_label: str
    site: str
    said: str
    said_label: str
    remark: str
    is_overdue: bool
    answer: str = ""
    is_upheld: bool = False
    may_say: bool = False


@dataclass(frozen=True)
class TeamOffer:
    """A team that may be chosen."""

    team_id: str
    name: str
    institution: str
    phone: str
    doctors: Sequence[str]
    is_model: bool


@dataclass(frozen=True)
class PackageOffer:
    """A package that may be chosen.  suits: it is meant for the groups the person belongs to; services: (name, times a
    year)."""

    code: str
    name: str
    price_fen: int
    self_fen: int
    suits: bool
    services: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Application:
    """What a resident applies for."""

    team_id: str
    package: str
    start_on: date
    years: int


def valid(resident_id: str) -> Valid | None:
    """The contract that a person has today, made here or brought by a file; None where there is none."""
    today = clock.today()
    row = ValidContract.objects.filter(pk=resident_id, start_on__lte=today, end_on__gte=today).first()
    if row is None:
        return None
    team = Team.objects.filter(pk=row.team_id).first()
    staff = frozenset(standing.members(team, on=today).values_list("staff_id", flat=True)) if team else frozenset()
    return Valid(
        row.contract_id, row.institution_id, row.team_id, team.name if team else row.team_id, row.package,
        row.start_on, row.end_on, staff, row.case_id,
    )  # fmt: skip


def contracts_of(resident_id: str, *, reader: Any) -> list[MyContract]:
    """A resident's contracts: those that live, then one that a file brought, if valid.  That the reader may look is the
    caller's matter; only the resident's own account is offered steps."""
    live = Contract.objects.filter(resident_id=resident_id, state__in=LIVE)
    found = [_mine(contract, reader) for contract in live.select_related("team__institution").order_by("start_on")]
    return [*found, *(_loaded(row) for row in ValidContract.objects.filter(pk=resident_id, case__isnull=True))]


def items_of(contract_id: str, *, resident_id: str, reader: Any) -> list[MyItem]:
    """What falls due of a resident's contract, made here or brought by a file, by day; none of another's."""
    rows = DueItem.objects.filter(number=contract_id, resident_id=resident_id).select_related("dispute", "performer")
    return [_item(each, is_own=reader.resident_id == resident_id) for each in rows]


def team_offers(user: Any) -> list[TeamOffer]:
    """The teams that work, those of the town where the resident lives first."""
    home = Resident.objects.filter(pk=user.resident_id).select_related("place").first()
    near = _institutions_near(home)
    working = Team.objects.filter(closed_on__isnull=True).select_related("institution").order_by("name")
    doctors = _names(Member.objects.filter(until__isnull=True, duty__in=standing.DOCTORS))
    found = [
        TeamOffer(team.pk, team.name, team.institution.name, team.phone, doctors.get(team.pk, []), team.is_model)
        for team in sorted(working, key=lambda each: each.institution_id not in near)
    ]
    return [offer for offer in found if offer.doctors]


def package_offers(user: Any) -> list[PackageOffer]:
    """The packages of today, those that suit the resident first."""
    book, today = county_rules(), clock.today()
    resident = Resident.objects.filter(pk=user.resident_id).first()
    suiting = suited(resident.key_groups if resident else [], book.find(SUITS, on=today))
    found = [
        PackageOffer(
            each.code, _(each.name), each.price_fen, each.sources["self"], each.code in suiting,
            [(_(item.name), item.times) for item in each.items if item.is_done],
        )
        for each in packages(book, on=today).values()
    ]  # fmt: skip
    return sorted(found, key=lambda offer: not offer.suits)


def may_begin(resident_id: str) -> date | None:
    """From which day a resident may apply for a contract now: today without one; after the last day of one that a file
    brought, once it is time to renew (rule contract.renew_from); None while there is one to keep or to agree to."""
    today, held = clock.today(), [each for each in standing.held(resident_id) if each.end_on >= clock.today()]
    if not held:
        return today
    row = ValidContract.objects.filter(pk=resident_id, case__isnull=True).first()
    rules = county_rules().on(today)
    if row is None or len(held) > 1 or not may_renew(end_on=row.end_on, on=today, rules=rules).allowed:
        return None
    return row.end_on + standing.DAY


def apply(application: Application, *, by: Any, at: datetime, request_id: str) -> str:
    """Apply for a contract; returns its id.  Raises NotAllowed with every reason that refuses."""
    terms = Terms(application.team_id, application.package, application.start_on, application.years)
    return str(propose(terms, resident_id=by.resident_id, by=by, at=at, request_id=request_id).pk)


def confirm(contract_id: str, *, by: Any, at: datetime, request_id: str) -> None:
    """Agree to what the team proposed.  Raises NotAllowed as the step does, Http404 for another's."""
    sign(_own(contract_id, by), "confirm", by=by, at=at, request_id=request_id)


def step(contract_id: str, name: str, *, data: Mapping[str, Any], by: Any, at: datetime, request_id: str) -> None:
    """Take another step with one's own contract: decline, renew, transfer or terminate, with what it needs.  Raises
    NotAllowed as the step does, Http404 for another's."""
    take(_own(contract_id, by), name, by=by, at=at, request_id=request_id, data=data)


def terms_of_years() -> list[int]:
    """For how many years a contract may be made today (rule contract.term)."""
    term = county_rules().find(TERM, on=clock.today())
    return [years for years in range(1, LONGEST) if term.covers(years)]


def confirm_item(item_id: int, *, by: Any, at: datetime) -> None:
    """Say that a service was done.  Raises NotAllowed where it was not, Http404 for another's."""
    saying.confirm(_own_item(item_id, by), by=by, at=at)


def dispute_item(item_id: int, *, remark: str, by: Any, at: datetime) -> None:
    """Say what is wrong with a service; the team is told.  Raises as `confirm_item`."""
    saying.dispute(_own_item(item_id, by), remark=remark, by=by, at=at)


def due_count(user: Any, *, most: int) -> int:
    """How many services can be done today for the people of somebody's own teams, counted no further than `most`;
    0 for who does no such services."""
    if scope_of(user).roles.isdisjoint(TEAM):
        return 0
    return len(open_items(own_teams(user), today=clock.today()).values_list("pk")[:most])


def _own(contract_id: str, user: Any) -> Contract:
    found = Contract.objects.filter(pk=contract_id, resident_id=user.resident_id or "").first()
    if found is None:
        raise Http404("no such contract of this resident")
    return found


def _own_item(item_id: int, user: Any) -> DueItem:
    found = DueItem.objects.filter(pk=item_id, resident_id=user.resident_id or "").first()
    if found is None:
        raise Http404("no such item of this resident")
    return found


def _mine(contract: Contract, user: Any) -> MyContract:
    team, now = contract.team, clock.now()
    offered = packages(county_rules(), on=max(contract.start_on, clock.today())).get(contract.package)
    people = standing.members(team, on=clock.today())
    return MyContract(
        contract.pk, contract.state, _(CONTRACT.states[contract.state]), team.institution.name, team.name, team.phone,
        [(each.name or each.staff_id, _(DUTIES[each.duty])) for each in people],
        _(offered.name) if offered else contract.package, offered.price_fen if offered else None,
        offered.sources["self"] if offered else None, contract.start_on, contract.end_on,
        [(step.name, _(step.title)) for step in steps_for(contract, by=user, at=now) if _is_time(step, contract, now)],
    )  # fmt: skip


def _is_time(step: Step, contract: Contract, now: datetime) -> bool:
    """Whether a step is worth offering: renewing is once it is time for it, changing the team unless that is under
    way."""
    if step.name == "renew":
        return renewable(contract, data={}, by=None, at=now).allowed
    return step.name != "transfer" or not has_successor(contract)


def _loaded(row: ValidContract) -> MyContract:
    institution = Institution.objects.filter(pk=row.institution_id).values_list("name", flat=True).first() or ""
    team = Team.objects.filter(pk=row.team_id).first()
    people = standing.members(team, on=clock.today()) if team else ()
    return MyContract(
        row.contract_id, "in_force", _(CONTRACT.states["in_force"]), institution, team.name if team else row.team_id,
        team.phone if team else "", [(each.name or each.staff_id, _(DUTIES[each.duty])) for each in people],
        _(row.package), None, None, row.start_on, row.end_on, is_loaded=True,
    )  # fmt: skip


def _item(item: DueItem, *, is_own: bool) -> MyItem:
    dispute, site = item.dispute, item.performer
    is_open = dispute is not None and dispute.closed_at is None
    may_say = dispute.state == "answered" if dispute and is_open else item.done_on is not None and not item.said
    return MyItem(
        item.pk, _(item.name), _(DUTIES[item.by]), item.opens_on, item.due_on, item.done_on, item.how, _(HOW[item.how]),
        site.name if site and site.pk != item.institution_id else "", item.said, _(SAID[item.said]), item.remark,
        item.done_on is None and item.due_on < clock.today(), dispute.payload.get("answer", "") if dispute else "",
        dispute is not None and dispute.state == "upheld", is_own and may_say,
    )  # fmt: skip


def _institutions_near(resident: Resident | None) -> frozenset[str]:
    """The institutions of the resident's own place and of the town it belongs to."""
    if resident is None or resident.place is None:
        return frozenset()
    around = {resident.place_id, resident.place.parent_id} - {None}
    near = Institution.objects.filter(place_id__in=around) | Institution.objects.filter(place__parent_id__in=around)
    return frozenset(near.values_list("pk", flat=True))


def _names(members: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for member in members:
        found.setdefault(member.team_id, []).append(member.name or member.staff_id)
    return found
