"""Signing in: default deny, lockout, second factor, idle sessions, the language switch."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils.translation import gettext
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.spine.county import account

from yigongti.kernel import clock
from yigongti.kernel.roles import Role
from yigongti.pages.urls import Audience, page
from yigongti.spine.access.models import User


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(gettext("登录名") + request.user.get_username())


urlpatterns = [
    path("", include("yigongti.spine.access.urls")),
    page("", hello, name="home", roles=Audience.SIGNED_IN),
    page("bureau/", hello, name="bureau_only", roles={Role.BUREAU}),
    path("forgotten/", hello),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def bureau() -> User:
    return account("bureau", (Role.BUREAU, "county", None))


@pytest.fixture
def signed_in(client: Client) -> Client:
    assert sign_in(client).status_code == 302
    return client


def sign_in(client: Client, password: str = "bureau", **more: str) -> HttpResponse:
    return client.post("/login/", {"username": "bureau", "password": password, **more})


def code(device: TOTPDevice) -> str:
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token():06d}"


def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_where_they_wanted_to_go(client: Client) -> None:
    assert client.get("/bureau/?a=1")["Location"] == "/login/?next=%2Fbureau%2F%3Fa%3D1"
    assert sign_in(client, next="/bureau/?a=1")["Location"] == "/bureau/?a=1"


def test_signing_in_does_not_lead_to_another_site(client: Client) -> None:
    assert sign_in(client, next="https://evil.example/")["Location"] == "/"


def test_a_fragment_asked_for_without_a_session_moves_the_whole_window_to_the_sign_in_page(client: Client) -> None:
    answer = client.get("/bureau/", headers={"HX-Request": "true", "HX-Current-URL": "/here"})
    assert answer["HX-Redirect"] == "/login/?next=%2Fhere"


def test_a_view_that_declares_no_roles_is_found_by_nobody(signed_in: Client) -> None:
    assert signed_in.get("/forgotten/").status_code == 404


def test_a_page_for_another_role_is_forbidden(client: Client) -> None:
    client.force_login(account("cdc", (Role.CDC, "county", None)), backend="yigongti.spine.access.backend.Accounts")
    assert client.get("/bureau/").status_code == 403


def test_a_wrong_password_says_so_in_chinese_without_saying_which_part_was_wrong(client: Client) -> None:
    known, unknown = sign_in(client, "wrong"), client.post("/login/", {"username": "nobody", "password": "x"})
    for answer in (known, unknown):
        assert "登录名或密码不正确" in answer.content.decode()


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client: Client) -> None:
    for _ in range(5):
        answer = sign_in(client, "wrong")
    assert answer.status_code == 429
    assert "锁定" in answer.content.decode()
    assert sign_in(client).status_code == 429


def test_the_lock_opens_by_itself_after_its_time(client: Client) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    with override_settings(AXES_COOLOFF_TIME=timedelta(seconds=0.01)):
        time.sleep(0.05)
        assert sign_in(client).status_code == 302


def test_a_session_ends_when_nobody_was_there_for_half_an_hour(signed_in: Client) -> None:
    now = clock.now()
    with clock.at(now + timedelta(minutes=29)):
        assert signed_in.get("/").status_code == 200
    with clock.at(now + timedelta(minutes=58)):
        assert signed_in.get("/").status_code == 200
    with clock.at(now + timedelta(minutes=58 + 31)):
        assert signed_in.get("/").status_code == 302


def test_once_enrolled_the_password_alone_does_not_open_the_door(signed_in: Client, bureau: User) -> None:
    assert "data:image/svg+xml" in signed_in.get("/second-factor/enrol/").content.decode()
    device = TOTPDevice.objects.get(user=bureau)
    assert "不正确" in signed_in.post("/second-factor/enrol/", {"code": "000000"}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert signed_in.post("/second-factor/enrol/", {"code": code(device)}).status_code == 302
    assert signed_in.get("/").status_code == 200
    other = Client()
    sign_in(other)
    assert other.get("/bureau/")["Location"] == "/second-factor/?next=%2Fbureau%2F"


@pytest.fixture
def enrolled(client: Client, bureau: User) -> tuple[Client, TOTPDevice]:
    device = TOTPDevice.objects.create(user=bureau, confirmed=True)
    sign_in(client)
    return client, device


def test_the_code_opens_the_door_once(enrolled: tuple[Client, TOTPDevice]) -> None:
    client, device = enrolled
    token = code(device)
    assert client.post("/second-factor/?next=/bureau/", {"code": token})["Location"] == "/bureau/"
    assert client.get("/bureau/").status_code == 200
    again = Client()
    sign_in(again)
    assert again.post("/second-factor/", {"code": token}).status_code == 200
    assert again.get("/bureau/").status_code == 302


def test_a_wrong_code_is_refused_and_a_second_guess_must_wait(enrolled: tuple[Client, TOTPDevice]) -> None:
    client, device = enrolled
    assert "不正确" in client.post("/second-factor/", {"code": "000000"}).content.decode()
    assert client.post("/second-factor/", {"code": code(device)}).status_code == 200


def test_enrolling_itself_is_behind_the_second_factor(enrolled: tuple[Client, TOTPDevice]) -> None:
    client, _ = enrolled
    assert client.get("/second-factor/enrol/").status_code == 302


def test_the_language_switch_holds_for_the_session_and_the_browsers_wish_does_not_count(signed_in: Client) -> None:
    assert signed_in.get("/", headers={"Accept-Language": "en"})["Content-Language"] == "zh-hans"
    signed_in.post("/language/", {"language": "en", "next": "/"})
    assert signed_in.get("/")["Content-Language"] == "en"
    signed_in.post("/language/", {"language": "tlh", "next": "/"})
    assert signed_in.get("/")["Content-Language"] == "en"


@pytest.mark.parametrize("weak", ["short1", "1234567890123", "password123", "bureau12345"])
def test_a_weak_password_is_refused(weak: str, bureau: User) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, bureau)
