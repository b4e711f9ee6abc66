"""Roles × scope: who may act where."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.spine.county import account, assign, draw_county, fresh

from yigongti.kernel.roles import Role
from yigongti.spine.access.rows import scoped, scoped_or_404
from yigongti.spine.access.scope import Scope, may, scope_of
from yigongti.spine.places.models import Institution, Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> None:
    draw_county()


@pytest.mark.parametrize(
    ("reach", "institution_id", "reached"),
    [
        ("institution", "T1", {"T1"}),
        ("subtree", "T1", {"T1", "V1", "V2"}),
        ("subtree", "V1", {"V1"}),
        ("consortium", "H1", {"H1", "T1", "V1", "V2"}),
        ("consortium", "H2", {"H2", "T2"}),
    ],
)
def test_an_assignment_reaches_as_far_as_it_says(reach: str, institution_id: str, reached: set[str]) -> None:
    scope = scope_of(account("a", (Role.MANAGER, reach, institution_id)))
    assert not scope.whole_county
    assert scope.institution_ids == reached


def test_a_county_wide_assignment_covers_every_institution() -> None:
    scope = scope_of(account("a", (Role.BUREAU, "county", None)))
    assert scope.whole_county
    assert scope.covers("T2")


def test_nobody_and_an_account_without_assignments_may_do_nothing() -> None:
    for user in (AnonymousUser(), account("a")):
        assert scope_of(user) == Scope()
        assert not scope_of(user).covers("H1")
        assert not scope_of(user).covers(None)
        assert not may(user, Role)


def test_an_account_switched_off_may_do_nothing_at_once() -> None:
    user = account("a", (Role.BUREAU, "county", None))
    user.is_active = False
    assert not may(user, [Role.BUREAU])


def test_a_role_held_at_one_institution_gives_nothing_at_another() -> None:
    user = account("a", (Role.CLINICIAN, "institution", "H1"), (Role.MANAGER, "institution", "H2"))
    assert may(user, [Role.CLINICIAN], institution_id="H1")
    assert not may(user, [Role.CLINICIAN], institution_id="H2")


def test_two_assignments_in_one_role_add_up_and_the_county_swallows_both() -> None:
    user = account("a", (Role.CLINICIAN, "institution", "H1"), (Role.CLINICIAN, "subtree", "T1"))
    assert scope_of(user).institution_ids == {"H1", "T1", "V1", "V2"}
    assign(user, [(Role.CLINICIAN, "county", None)])
    assert scope_of(fresh(user)).whole_county


@pytest.mark.parametrize("wrong", [("county", "H1"), ("institution", None)])
def test_the_database_refuses_a_county_role_at_an_institution_and_the_reverse(wrong: tuple[str, str | None]) -> None:
    user = account("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        assign(user, [(Role.MANAGER, *wrong)])


def test_rows_outside_the_scope_are_not_found() -> None:
    user = account("a", (Role.MANAGER, "subtree", "T1"))
    assert set(scoped(Institution.objects.all(), user).values_list("pk", flat=True)) == {"T1", "V1", "V2"}
    assert scoped_or_404(Institution.objects.all(), user, pk="V1").pk == "V1"
    with pytest.raises(Http404):
        scoped_or_404(Institution.objects.all(), user, pk="H2")


def test_a_model_that_does_not_say_how_its_rows_are_scoped_cannot_be_read_through_the_scope() -> None:
    with pytest.raises(TypeError, match="row_scope"):
        scoped(Place.objects.all(), account("a", (Role.BUREAU, "county", None)))
