"""Accounts to begin with: an administrator with a good password, and a demonstration's sign-ins."""

from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from tests.spine.county import draw_county, fresh, resident

from yigongti.kernel.errors import Refusal
from yigongti.kernel.roles import Role
from yigongti.spine.access.accounts import create_demo_accounts
from yigongti.spine.access.administration import (
    create_account,
    create_admin,
    forget_second_factor,
    grant,
    set_password,
    switch_off,
    switch_on,
    withdraw,
)
from yigongti.spine.access.models import Assignment, Reach, User
from yigongti.spine.access.records import person_visible
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIGONGTI_HOME", str(tmp_path))
    (tmp_path / "yigongti.toml").write_text("demo = true", encoding="utf-8")


@pytest.fixture
def county() -> None:
    draw_county()
    resident("R1")
    Entry.objects.create(resident_id="R1", day="2099-01-01", table="visit", key="1", institution_id="T1", line="[]")


def test_an_administrator_has_the_whole_county_and_only_that_role() -> None:
    scope = scope_of(create_admin("root", password="correct-horse-7"))
    assert scope.roles == {Role.ADMIN}
    assert scope.whole_county


@pytest.mark.parametrize(
    ("username", "password"), [("root", "short"), ("root", "12345678901"), ("taken", "correct-horse-7")]
)
def test_a_weak_password_or_a_taken_name_is_refused(username: str, password: str) -> None:
    create_admin("taken", password="correct-horse-7")
    with pytest.raises(Refusal):
        create_admin(username, password=password)
    assert User.objects.count() == 1


@pytest.mark.usefixtures("county")
def test_there_are_no_demonstration_accounts_in_a_real_county() -> None:
    with pytest.raises(Refusal, match="演示"):
        create_demo_accounts()
    assert not User.objects.exists()


@pytest.mark.usefixtures("demonstration", "county")
def test_a_demonstration_has_one_sign_in_a_role_each_at_its_place() -> None:
    logins = create_demo_accounts()
    assert [login.username for login in logins] == [role.value for role in Role]
    reached = {user.username: scope_of(user) for user in User.objects.all()}
    assert reached["village_doctor"].institution_ids == {"V1"}
    assert reached["family_doctor"].institution_ids == {"T1", "V1", "V2"}
    assert reached["manager"].institution_ids == {"H1", "T1", "V1", "V2"}
    assert reached["bureau"].whole_county
    assert reached["resident"].institution_ids == frozenset()


@pytest.mark.usefixtures("demonstration", "county")
def test_the_demonstrations_password_signs_in_and_the_second_start_lists_the_same() -> None:
    logins = create_demo_accounts()
    bureau = next(login for login in logins if login.role == "卫生健康局")
    request = RequestFactory().post("/login/")
    assert authenticate(request, username=bureau.username, password=bureau.password) is not None
    assert create_demo_accounts() == logins
    assert User.objects.count() == len(Role)


@pytest.mark.usefixtures("demonstration", "county")
def test_the_demonstrations_resident_is_known_to_its_family_doctor() -> None:
    create_demo_accounts()
    person = User.objects.get(username="resident")
    assert person_visible(person, person.resident_id)
    assert person_visible(User.objects.get(username="family_doctor"), person.resident_id)


@pytest.mark.usefixtures("demonstration")
def test_before_a_county_is_loaded_only_the_county_wide_roles_can_sign_in() -> None:
    assert {login.username for login in create_demo_accounts()} == {"insurer", "bureau", "cdc", "auditor", "admin"}


@pytest.fixture
def doctor() -> User:
    draw_county()
    return create_account("wang", password="correct-horse-7", display_name="王医生", by="root")


def test_a_new_account_may_do_nothing_until_a_role_is_granted_and_nothing_after_it_is_withdrawn(doctor: User) -> None:
    assert not scope_of(doctor).by_role
    given = grant(doctor, role=Role.CLINICIAN, reach=Reach.INSTITUTION, institution_id="H1", by="root")
    assert scope_of(fresh(doctor)).institution_ids == {"H1"}
    withdraw(given, by="root")
    assert not scope_of(fresh(doctor)).by_role


def test_granting_twice_is_one_role(doctor: User) -> None:
    for _ in range(2):
        grant(doctor, role=Role.CDC, reach=Reach.COUNTY, by="root")
    assert Assignment.objects.count() == 1
    assert AuditRecord.objects.filter(action="grant_role").count() == 1


@pytest.mark.parametrize(
    ("role", "reach", "institution_id"),
    [(Role.CLINICIAN, Reach.INSTITUTION, None), (Role.BUREAU, Reach.COUNTY, "H1"), (Role.RESIDENT, Reach.COUNTY, None)],
)
def test_a_role_that_does_not_fit_is_refused(
    role: Role, reach: Reach, institution_id: str | None, doctor: User
) -> None:
    with pytest.raises(Refusal):
        grant(doctor, role=role, reach=reach, institution_id=institution_id, by="root")
    assert not Assignment.objects.exists()


def test_an_account_switched_off_cannot_sign_in_until_it_is_switched_on(doctor: User) -> None:
    def signs_in() -> bool:
        request = RequestFactory().post("/login/")
        return authenticate(request, username="wang", password="correct-horse-7") is not None

    switch_off(doctor, by="root")
    assert not signs_in()
    switch_on(doctor, by="root")
    assert signs_in()
    with pytest.raises(Refusal, match="自己"):
        switch_off(doctor, by="wang")


def test_a_new_password_replaces_the_old_one_and_must_be_good(doctor: User) -> None:
    with pytest.raises(Refusal, match="不够安全"):
        set_password(doctor, password="12345", by="root")
    set_password(doctor, password="battery-staple-8", by="root")
    assert fresh(doctor).check_password("battery-staple-8")


def test_every_command_on_an_account_is_audited_with_who_gave_it(doctor: User) -> None:
    given = grant(doctor, role=Role.CDC, reach=Reach.COUNTY, by="root")
    set_password(doctor, password="battery-staple-8", by="root")
    forget_second_factor(doctor, by="root")
    switch_off(doctor, by="root")
    switch_on(doctor, by="root")
    withdraw(given, by="root")
    said = AuditRecord.objects.filter(actor="root", subject="account:wang").order_by("sequence")
    assert list(said.values_list("action", flat=True)) == [
        "create_account",
        "grant_role",
        "set_password",
        "forget_second_factor",
        "switch_off_account",
        "switch_on_account",
        "withdraw_role",
    ]
