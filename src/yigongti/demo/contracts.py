"""The demonstration county's family doctors: the teams that its contract files name, and some contracts made here.

Every team gets its members from the staff of its centre, the rooms below it and the county hospital; the centre of the
demonstration's family doctor signs people up whose contracts of last year were not renewed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from yigongti.capabilities.contract.models import Contract, DueItem, Team, ValidContract
from yigongti.capabilities.contract.selectors import standing
from yigongti.capabilities.contract.selectors.teams import own_teams, undescribed
from yigongti.capabilities.contract.services.items import Done, enter
from yigongti.capabilities.contract.services.signing import Terms, propose, sign_up
from yigongti.capabilities.contract.services.standing import refresh
from yigongti.capabilities.contract.services.teams import MemberValues, TeamValues, describe_team, join
from yigongti.capabilities.contract.services.timer import run_due
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.spine.people.models import Resident, Staff
from yigongti.spine.places.models import Institution, Place

SIGNED, PROPOSED = 16, 2
DAYS_AGO = 300
"""When the contracts made here began: long enough ago for services to have fallen due."""
SURNAMES, GIVEN = "陈林周吴郑赵孙杨何许曹袁", ("秀英", "建国", "丽华", "明", "玉兰", "志强", "敏", "海燕")
DUTY_OF = {"physician": "doctor", "assistant_physician": "doctor", "nurse": "nurse", "public_health": "public_health",
           "pharmacist": "pharmacist", "village_doctor": "village_doctor"}  # fmt: skip
MOST_MEMBERS = 6
MOST_ENTERED = 300
"""So many services that no record shows have been entered by the teams."""


def fill_contracts(bureau: Any, *, doctor: Any) -> int:
    """Describe every team and sign people up at the doctor's centre; returns how many contracts were made here."""
    refresh(today=clock.today())
    names = _names()
    for named in list(undescribed(bureau)):
        _team(named.team_id, named.institution_id, names, by=bureau)
    teams = [team for team in own_teams(doctor) if team.doctors]
    if teams:
        _sign_people_up(teams[0], doctor)
    run_due(at=clock.now(), tell=lambda text: None)
    _enter_some(bureau, doctor=doctor)
    return int(Contract.objects.count())


def _team(team_id: str, institution_id: str, names: Iterator[str], *, by: Any) -> None:
    centre = Institution.objects.get(pk=institution_id)
    number = team_id.rpartition("-")[2]
    values = TeamValues(centre.pk, f"{centre.name}家庭医生{int(number)}队", date(2020, 1, 1), team_id=team_id,
                        is_model=number == "01" and centre.is_lead)  # fmt: skip
    team = describe_team(values, by=by, at=clock.now())
    for staff, duty in _members(centre):
        join(team, MemberValues(staff.pk, next(names), duty, date(2020, 1, 1)), by=by, at=clock.now())


def _members(centre: Institution) -> Iterable[tuple[Staff, str]]:
    """A leader, others of the centre, the doctors of two rooms, and a specialist of the county hospital."""
    present = Staff.objects.filter(left_on__isnull=True, profession__in=DUTY_OF)
    own = list(present.filter(institution=centre).order_by("-general_practitioner", "pk"))
    leader = next((staff for staff in own if DUTY_OF[staff.profession] == "doctor"), None)
    found = [(leader, "leader")] if leader else []
    others: dict[str, Staff] = {}
    for staff in (each for each in own if each is not leader):
        others.setdefault(DUTY_OF[staff.profession], staff)
    rooms = present.filter(institution__parent=centre, profession="village_doctor").order_by("pk")[:2]
    found += [(staff, duty) for duty, staff in others.items()][:MOST_MEMBERS]
    found += [(staff, "village_doctor") for staff in rooms]
    hospital = present.filter(institution_id=centre.parent_id, profession="physician").order_by("-title", "pk")
    return found + [(staff, "specialist") for staff in hospital[:1]]


def _sign_people_up(team: Team, doctor: Any) -> None:
    began = clock.today() - timedelta(days=DAYS_AGO)
    people = _unsigned(team, SIGNED + PROPOSED)
    with clock.at(began):
        for place, resident in enumerate(people[:-PROPOSED]):
            _sign(Terms(team.pk, _package(resident), began, 1), resident, f"清潭-{place + 1:03d}", doctor)
    for resident in people[-PROPOSED:]:
        terms = Terms(team.pk, _package(resident), clock.today(), 1)
        propose(terms, resident_id=resident.pk, by=doctor, at=clock.now(), request_id=new_id())


def _sign(terms: Terms, resident: Resident, paper: str, doctor: Any) -> None:
    """Somebody whom the rules do not let sign (their town moved them on, say) is passed over."""
    try:
        sign_up(terms, resident_ids=[resident.pk], paper=paper, by=doctor, at=clock.now(), request_id=new_id())
    except NotAllowed:
        return


def _unsigned(team: Team, most: int) -> list[Resident]:
    """The living of the centre's town who have no contract this year, those of key groups first."""
    town = team.institution.place_id
    places = [town, *Place.objects.filter(parent_id=town).values_list("pk", flat=True)]
    valid = ValidContract.objects.values("pk")
    rows = Resident.objects.filter(place_id__in=places, died_on__isnull=True).exclude(pk__in=valid).order_by("pk")
    began = clock.today() - timedelta(days=DAYS_AGO)
    free = [row for row in rows[: most * 10] if all(held.end_on < began for held in standing.held(row.pk))]
    return sorted(free, key=lambda row: (not row.key_groups, row.pk))[:most]


def _package(resident: Resident) -> str:
    groups = set(resident.key_groups)
    if groups & {"long_term_care", "disabled"}:
        return "personal"
    if groups & {"hypertension", "diabetes"}:
        return "chronic"
    if "elderly" in groups:
        return "elderly"
    return "personal" if resident.pk[-1] in "13579" else "primary"


def _enter_some(bureau: Any, *, doctor: Any) -> None:
    """What no record shows, the teams have entered for most: what is only ever entered, care at home, and some of what
    the contracts made here ask for."""
    today = clock.today()
    missing = DueItem.objects.filter(done_on__isnull=True, opens_on__lte=today).order_by("due_on", "number", "item")
    unseen = missing.filter(evidence__in=("entry", "visit:home"))[:MOST_ENTERED]
    made_here = missing.filter(contract__isnull=False)
    for place, item in enumerate([*unseen, *made_here.exclude(evidence__in=("entry", "visit:home"))[::3]]):
        if place % 6:
            by = doctor if item.contract_id else bureau
            enter(item, Done(min(item.due_on, today), f"团队服务记录本 {place + 1}"), by=by, at=clock.now())


def _names() -> Iterator[str]:
    pairs = [f"{surname}{given}" for given in GIVEN for surname in SURNAMES]
    return cycle(pairs)
