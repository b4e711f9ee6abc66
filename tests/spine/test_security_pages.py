"""The administrator's pages give and take what accounts may do; the auditor's page finds who did what."""

import pytest
from django.test import Client
from tests.spine.county import account, draw_county, fresh

from yigongti.kernel.roles import Role
from yigongti.spine.access.models import User
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail
from yigongti.spine.audit.models import AuditRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    draw_county()
    client.force_login(account("root", (Role.ADMIN, "county", None)), backend="yigongti.spine.access.backend.Accounts")
    return client


@pytest.fixture
def wang(admin: Client) -> User:
    filled = {"username": "wang", "display_name": "王医生", "password": "correct-horse-7"}
    assert admin.post("/accounts/", filled).status_code == 302
    return User.objects.get(username="wang")


def command(admin: Client, user: User, do: str, **filled: str) -> str:
    return admin.post(f"/accounts/{user.pk}/", {"do": do, **filled}, follow=True).content.decode()


def test_an_account_is_created_and_found_by_name(admin: Client, wang: User) -> None:
    assert "王医生" in admin.get("/accounts/?q=王").content.decode()
    assert "王医生" not in admin.get("/accounts/?q=李").content.decode()


def test_a_weak_password_is_told_in_the_form(admin: Client) -> None:
    answer = admin.post("/accounts/", {"username": "li", "display_name": "李", "password": "123"})
    assert "密码不够安全" in answer.content.decode()
    assert not User.objects.filter(username="li").exists()


def test_a_role_is_granted_and_withdrawn(admin: Client, wang: User) -> None:
    command(admin, wang, "grant", role="clinician", reach="institution", institution="H1")
    assert scope_of(fresh(wang)).institution_ids == {"H1"}
    command(admin, wang, "withdraw", assignment=str(wang.assignments.get().pk))
    assert not scope_of(fresh(wang)).by_role


def test_what_cannot_be_done_is_told_on_the_page(admin: Client, wang: User) -> None:
    assert "不相符" in command(admin, wang, "grant", role="clinician", reach="institution")
    assert "请从列表中选择" in command(admin, wang, "grant", role="wizard", reach="county")
    assert "已不存在" in command(admin, wang, "withdraw", assignment="999")
    assert "不够安全" in command(admin, wang, "password", password="1")
    assert not wang.assignments.exists()


def test_an_account_is_switched_off_and_on_and_its_password_reset(admin: Client, wang: User) -> None:
    command(admin, wang, "off")
    assert not fresh(wang).is_active
    command(admin, wang, "on")
    command(admin, wang, "password", password="battery-staple-8")
    assert fresh(wang).check_password("battery-staple-8")


@pytest.fixture
def auditor(client: Client) -> Client:
    user = account("auditor", (Role.AUDITOR, "county", None))
    client.force_login(user, backend="yigongti.spine.access.backend.Accounts")
    trail.record("read_person", actor="wang", resident_id="R1")
    trail.record("break_glass", actor="li", resident_id="R2", detail={"reason": "昏迷"})
    return client


@pytest.mark.parametrize(
    ("query", "found"),
    [("actor=wang", "R1"), ("resident_id=R2", "R2"), ("action=紧急查阅", "R2"), ("action=read_person", "R1")],
)
def test_the_auditor_finds_who_did_what_to_whom(query: str, found: str, auditor: Client) -> None:
    text = auditor.get(f"/audit/?{query}").content.decode()
    assert f">{found}</td>" in text
    assert f">{'R2' if found == 'R1' else 'R1'}</td>" not in text


def test_a_day_without_records_shows_none(auditor: Client) -> None:
    assert "没有这样的审计记录" in auditor.get("/audit/?until=2000-01-01").content.decode()


def test_looking_at_the_trail_is_in_the_trail(auditor: Client) -> None:
    auditor.get("/audit/?actor=wang")
    assert AuditRecord.objects.get(action="read_audit").detail == '{"actor":"wang"}'
