"""A hand-drawn county for the spine's tests: two consortia, their branches, and people who sign in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Assignment, Reach, User
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

TREE = (
    # institution, kind, parent, consortium
    ("H1", "county_hospital", None, "C1"),
    ("T1", "township_center", None, "C1"),
    ("V1", "village_room", "T1", "C1"),
    ("V2", "village_room", "T1", "C1"),
    ("H2", "tcm_hospital", None, "C2"),
    ("T2", "township_center", None, "C2"),
)


def draw_county() -> None:
    """The institutions of TREE."""
    for institution_id, kind, parent_id, consortium_id in TREE:
        Institution.objects.create(
            institution_id=institution_id, name=institution_id, kind=kind, level="primary", ownership="public",
            parent_id=parent_id, consortium_id=consortium_id, place_id="P", is_lead=kind.endswith("hospital"),
            in_county=True,
        )  # fmt: skip


def resident(resident_id: str, **changed: Any) -> Resident:
    values = {"sex": "female", "birth_date": date(1950, 5, 1), "insured_as": "resident",
              "registered_on": date(2020, 1, 1)}  # fmt: skip
    return Resident.objects.create(resident_id=resident_id, **{**values, **changed})


def account(username: str, *assignments: tuple[Role, str, str | None], resident_id: str | None = None) -> User:
    """An account and its assignments (role, reach, institution); the password is the login name."""
    user = User.objects.create_user(username, password=username, display_name=username, resident_id=resident_id)
    assign(user, assignments)
    return user


def assign(user: User, assignments: Iterable[tuple[Role, str, str | None]]) -> None:
    for role, reach, institution_id in assignments:
        Assignment.objects.create(user=user, role=role, reach=Reach(reach), institution_id=institution_id)


def fresh(user: User) -> User:
    """The account as the next request finds it, with nothing resolved yet."""
    return User.objects.get(pk=user.pk)
