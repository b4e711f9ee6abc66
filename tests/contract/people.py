"""A small county for contracts: a township centre with a team, another with another, people who sign."""

from datetime import date
from typing import Any

from yigongti.capabilities.contract.models import Member, Team
from yigongti.capabilities.contract.services.signing import Terms, propose, sign
from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Assignment, User
from yigongti.spine.people.models import Resident, Staff
from yigongti.spine.places.models import Institution, Place

TODAY = date(2026, 3, 2)


def draw() -> None:
    """County hospital H, centres T1 (with the village room V1) and T2 with teams A and B of one family doctor each;
    everybody lives in P."""
    Place.objects.create(place_id="P", name="东寨村", kind="village", population=3000)
    for key, kind in (
        ("H", "county_hospital"),
        ("C", "city_hospital"),
        ("T1", "township_center"),
        ("T2", "township_center"),
    ):
        Institution.objects.create(
            institution_id=key, name=f"{key}院", kind=kind, level="primary", ownership="public", place_id="P",
            is_lead=key == "H", in_county=key != "C", consortium_id="YX",
        )  # fmt: skip
    Institution.objects.create(
        institution_id="V1", name="V1室", kind="village_room", level="none", ownership="public", place_id="P",
        is_lead=False, in_county=True, parent_id="T1",
    )  # fmt: skip
    for team, centre in (("A", "T1"), ("B", "T2")):
        Team.objects.create(team_id=team, institution_id=centre, name=f"{team}团队", opened_on=date(2020, 1, 1))
        join(team, f"D{team}", "leader", centre)


def join(team: str, staff: str, duty: str, centre: str) -> Member:
    Staff.objects.get_or_create(
        staff_id=staff, institution_id=centre, profession="physician", title="attending", general_practitioner=True
    )
    return Member.objects.create(team_id=team, staff_id=staff, name=staff, duty=duty, since=date(2020, 1, 1))


def resident(key: str = "R1", **changed: Any) -> Resident:
    values = {"sex": "female", "birth_date": date(1955, 5, 1), "insured_as": "resident", "place_id": "P",
              "key_groups": ["elderly", "hypertension"], "registered_on": date(2020, 1, 1)}  # fmt: skip
    return Resident.objects.create(resident_id=key, **{**values, **changed})


def account(role: str, *, at: str | None = None, resident_id: str | None = None, staff_id: str | None = None) -> User:
    name = f"{role}-{at or resident_id or 'county'}"
    user = User.objects.create_user(
        name, password="a long enough passphrase", display_name=name, resident_id=resident_id, staff_id=staff_id
    )
    reach = "institution" if at else "county"
    if role != Role.RESIDENT:
        Assignment.objects.create(user=user, role=role, reach=reach, institution_id=at)
    else:
        Assignment.objects.create(user=user, role=role, reach="institution", institution_id="T1")
    return user


def terms(**changed: Any) -> Terms:
    return Terms(**{"team_id": "A", "package": "chronic", "start_on": clock.today(), "years": 1, **changed})


def signed(doctor: Any, *, resident_id: str = "R1", **changed: Any) -> Any:
    """A contract signed on paper today."""
    contract = proposed(doctor, resident_id=resident_id, **changed)
    return sign(contract, "sign_on_paper", by=doctor, at=clock.now(), request_id=new_id(), paper="纸-1")


def proposed(by: Any, *, resident_id: str = "R1", **changed: Any) -> Any:
    return propose(terms(**changed), resident_id=resident_id, by=by, at=clock.now(), request_id=new_id())
