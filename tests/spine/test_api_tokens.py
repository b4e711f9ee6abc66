"""Another system signs in by a token: shown once, kept as a digest, for some days, until it is revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.browsing import browser, text_of
from tests.spine.county import account, draw_county

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.roles import Role
from yigongti.spine.access import tokens
from yigongti.spine.access.models import ApiToken, User
from yigongti.spine.audit.models import AuditRecord

pytestmark = pytest.mark.django_db
ADDRESS = "/api/work/cases"


@pytest.fixture
def doctor() -> User:
    draw_county()
    return account("doctor", (Role.CLINICIAN, "institution", "H1"))


def issued(user: User, *, days: int = 30) -> tokens.Issued:
    return tokens.issue(user, label="医院信息系统", days=days, by=user.username, at=clock.now())


def asked(secret: str, address: str = ADDRESS, *, client: Client | None = None):
    return (client or Client()).get(address, headers={"Authorization": f"Bearer {secret}"})


def test_a_token_acts_as_its_account_and_needs_no_session_and_no_forms_token(doctor: User) -> None:
    secret = issued(doctor).secret
    assert asked(secret).status_code == 200
    client = Client(enforce_csrf_checks=True)
    said = {"workflow": "none", "request_id": "r", "data": {}}
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post(ADDRESS, said, content_type="application/json", headers=headers)
    assert answer.status_code in {403, 409}  # the engine's answer: there is no such workflow
    assert "CSRF" not in answer.content.decode()
    assert not client.cookies


def test_the_secret_is_kept_nowhere(doctor: User) -> None:
    secret = issued(doctor).secret
    kept = " ".join(str(value) for value in ApiToken.objects.values().get().values())
    assert secret not in kept
    assert len(secret) > 40


def test_a_wrong_token_is_refused_even_beside_a_session(doctor: User) -> None:
    for secret in ("", "ygt_wrong", issued(doctor).secret + "x"):
        answer = asked(secret, client=browser(doctor))
        assert (answer.status_code, answer.json()["what"]) == (401, "令牌无效")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_with_its_days(doctor: User) -> None:
    secret = issued(doctor, days=30).secret
    with clock.at(clock.now() + timedelta(days=30)):
        answer = asked(secret)
    assert (answer.status_code, "失效" in answer.json()["what"]) == (401, True)


def test_a_revoked_token_opens_nothing_and_is_revoked_once(doctor: User) -> None:
    made = issued(doctor)
    tokens.revoke(made.token.pk, user=doctor, by="doctor", at=clock.now())
    assert asked(made.secret).json()["what"] == "令牌已吊销"
    with pytest.raises(Refusal):
        tokens.revoke(made.token.pk, user=doctor, by="doctor", at=clock.now())


def test_the_token_of_an_account_that_is_switched_off_opens_nothing(doctor: User) -> None:
    secret = issued(doctor).secret
    User.objects.update(is_active=False)
    assert "停用" in asked(secret).json()["what"]
    with pytest.raises(Refusal):
        issued(User.objects.get())


def test_a_token_may_what_its_account_may_and_no_more(doctor: User) -> None:
    nobody = User.objects.create_user("nobody", password="x", display_name="nobody")
    assert asked(issued(nobody).secret).status_code == 403  # no role, no entry


def test_a_token_opens_the_api_and_no_page(doctor: User) -> None:
    answer = asked(issued(doctor).secret, "/work/")
    assert (answer.status_code, answer["Location"].startswith("/login/")) == (302, True)


def test_days_and_a_use_are_asked_for(doctor: User) -> None:
    for label, days in (("", 30), ("系统", 0), ("系统", 366)):
        with pytest.raises(Refusal):
            tokens.issue(doctor, label=label, days=days, by="doctor", at=clock.now())
    assert not issubclass(Refusal, NotAllowed)


def test_issue_use_and_revocation_are_audited_and_use_once_an_hour(doctor: User) -> None:
    made, now = issued(doctor), clock.now()
    for minutes in (0, 1, 59, 61):
        with clock.at(now + timedelta(minutes=minutes)):
            assert asked(made.secret).status_code == 200
    tokens.revoke(made.token.pk, user=doctor, by="doctor", at=clock.now())
    actions = list(AuditRecord.objects.filter(subject="account:doctor").order_by("pk").values_list("action", flat=True))
    assert actions == ["issue_token", "use_token", "use_token", "revoke_token"]
    assert made.secret not in " ".join(str(row) for row in AuditRecord.objects.values())


def test_one_issues_a_token_with_ones_password_sees_it_once_and_revokes_it(doctor: User) -> None:
    client = browser(doctor)
    wrong = client.post("/tokens/", {"do": "issue", "label": "HIS", "days": "90", "password": "guess"})
    assert "密码不正确" in text_of(wrong)
    answer = client.post("/tokens/", {"do": "issue", "label": "HIS", "days": "90", "password": "doctor"})
    assert answer["Cache-Control"] == "no-store"
    secret = re.search(r"ygt_[\w-]{40,}", answer.content.decode())
    assert secret is not None
    assert asked(secret.group()).status_code == 200
    later = client.get("/tokens/")
    assert "HIS" in text_of(later)
    assert secret.group() not in later.content.decode()
    client.post("/tokens/", {"do": "revoke", "token": str(ApiToken.objects.get().pk)})
    assert asked(secret.group()).status_code == 401


def test_nobody_revokes_anothers_token(doctor: User) -> None:
    made = issued(doctor)
    other = browser(account("other", (Role.CLINICIAN, "institution", "H1")))
    for key in (str(made.token.pk), "x", "9" * 30):
        assert other.post("/tokens/", {"do": "revoke", "token": key}).status_code == 409
    assert asked(made.secret).status_code == 200


def test_the_administrator_issues_a_token_for_a_systems_account_and_takes_it_back(doctor: User) -> None:
    admin = browser(account("root", (Role.ADMIN, "county", None)))
    address = f"/accounts/{doctor.pk}/"
    assert "请写明" in text_of(admin.post(address, {"do": "issue", "label": "", "days": "90"}))
    shown = admin.post(address, {"do": "issue", "label": "检验系统", "days": "365"}).content.decode()
    secret = re.search(r"ygt_[\w-]{40,}", shown)
    assert secret is not None
    assert ApiToken.objects.get().issuer == "root"
    admin.post(address, {"do": "revoke", "token": str(ApiToken.objects.get().pk)})
    assert asked(secret.group()).status_code == 401


def test_the_document_says_how_to_sign_in(doctor: User) -> None:
    schemes = asked(issued(doctor).secret, "/api/work/openapi.json").json()["components"]["securitySchemes"]
    assert {(each["type"], each.get("scheme")) for each in schemes.values()} == {("http", "bearer"), ("apiKey", None)}
