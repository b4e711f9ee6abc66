"""A statement written once yields what its queryset would, whoever asks; and what is kept stays bounded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.spine.county import account, draw_county

from yigongti.kernel import clock
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Assignment, User
from yigongti.spine.access.scope import account as found_account
from yigongti.spine.access.scope import scope_of
from yigongti.spine.access.sessions import SessionStore
from yigongti.spine.keeping import Kept
from yigongti.spine.people.models import Identity
from yigongti.spine.places.models import Institution
from yigongti.spine.statements import MOMENT, TEXT, kept


@pytest.fixture
def county(db: None) -> None:
    draw_county()


@pytest.mark.store
def test_each_time_it_is_asked_of_another(county: None) -> None:
    rows = kept("test kinds", lambda: Institution.objects.filter(pk=TEXT).values_list("kind", "in_county"))
    assert [tuple(row) for row in rows.rows({TEXT: "T1"})] == [("township_center", True)]
    assert [tuple(row) for row in rows.rows({TEXT: "H2"})] == [("tcm_hospital", True)]
    assert not rows.rows({TEXT: "nowhere"})


@pytest.mark.store
def test_objects_come_with_those_that_were_selected_with_them(
    county: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    branches = kept("test branches", lambda: Institution.objects.select_related("parent").filter(pk=TEXT))
    with django_assert_num_queries(1):
        (village,) = branches.objects({TEXT: "V1"})
        assert (village, village.parent.name) == (Institution(pk="V1"), "T1")
    assert branches.objects({TEXT: "T1"})[0].parent is None


@pytest.mark.store
def test_what_is_sealed_is_read_as_everywhere(county: None) -> None:
    Identity.objects.create(resident_id="R1", name="王小明", id_number="", phone="")
    names = kept("test names", lambda: Identity.objects.filter(resident_id=TEXT).values_list("name"))
    assert [list(row) for row in names.rows({TEXT: "R1"})] == [["王小明"]]


@pytest.mark.store
def test_an_instant_is_the_one_at_which_it_is_asked(county: None) -> None:
    person = account("wang")
    since = kept("test signed in", lambda: User.objects.filter(last_login__lte=MOMENT).values_list("pk"))
    User.objects.update(last_login=datetime(2025, 3, 3, tzinfo=UTC))
    assert not since.rows({MOMENT: datetime(2025, 3, 2, tzinfo=UTC)})
    assert [row[0] for row in since.rows({MOMENT: datetime(2025, 3, 4, tzinfo=UTC)})] == [person.pk]


def test_conditions_that_nothing_meets_are_not_asked(
    county: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    nothing = kept("test nothing", lambda: Institution.objects.filter(pk__in=[]))
    with django_assert_num_queries(0):
        assert (nothing.rows({}), nothing.objects({})) == ([], [])


def test_plain_values_are_no_objects(county: None) -> None:
    with pytest.raises(TypeError, match="plain values"):
        kept("test plain", lambda: Institution.objects.values_list("pk")).objects({})


@pytest.mark.store
def test_an_account_is_found_as_it_is_now(county: None) -> None:
    person = account("wang", (Role.CLINICIAN, "institution", "T1"), (Role.MANAGER, "consortium", "H1"))
    assert scope_of(found_account(person.pk)).by_role == {"clinician": {"T1"}, "manager": {"H1", "T1", "V1", "V2"}}
    Assignment.objects.filter(role=Role.MANAGER).delete()
    User.objects.update(display_name="王医生")
    again = found_account(person.pk)
    assert again is not None
    assert (again.display_name, set(scope_of(again).by_role)) == ("王医生", {"clinician"})
    assert scope_of(found_account(account("nobody").pk)).by_role == {}
    assert found_account(0) is None


@pytest.mark.store
def test_a_session_is_django_s_own_and_ends_when_it_ends(county: None) -> None:
    kept_session = SessionStore()
    kept_session["seen"] = 1
    kept_session.save()
    assert SessionStore(kept_session.session_key)["seen"] == Plain(kept_session.session_key)["seen"] == 1
    with clock.at(timezone.now() + timedelta(days=30)):
        assert "seen" not in SessionStore(kept_session.session_key)
    kept_session.delete()
    assert SessionStore(kept_session.session_key).load() == {}


def test_when_there_are_too_many_all_are_let_go() -> None:
    things = Kept[int](most=2)
    assert [things.keep(key, number) for number, key in enumerate("ab")] == [0, 1]
    assert (things.get("a"), things.get("b")) == (0, 1)
    things.keep("c", 2)
    assert (things.get("a"), things.get("c")) == (None, 2)
