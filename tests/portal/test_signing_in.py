"""A resident signs in with the ID number and a code from their phone: sent slowly, used once, tried a few times."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.portal.conftest import CARDS, NOW, code_in

from yigongti.capabilities.portal.models import OneTimeCode
from yigongti.capabilities.portal.services import codes
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.models import User
from yigongti.spine.people.models import Identity, Resident

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.store]


def test_the_code_from_the_phone_opens_the_portal_and_makes_an_account_without_a_password(
    phone: Callable[[str], Client],
) -> None:
    assert "王小0" in phone("R1").get("/my/").content.decode()
    account = User.objects.get(resident_id="R1")
    assert not account.has_usable_password()
    assert "王小0" not in account.display_name
    phone("R2")
    assert User.objects.filter(resident_id="R1").count() == 1


def test_a_number_that_is_nobodys_looks_the_same_and_opens_nothing(client: Client, sent: list[str]) -> None:
    known, unknown = (client.post("/my/sign-in/", {"id_number": n}) for n in (CARDS["R1"], "990001199912310099"))
    assert known["Location"] == unknown["Location"] == "/my/sign-in/code/"
    assert len(sent) == 1
    assert "验证码不正确" in client.post("/my/sign-in/code/", {"code": code_in(sent)}).content.decode()
    assert not User.objects.filter(resident_id="R1").exists()


def test_every_way_to_fail_reads_alike_so_that_nobody_learns_whose_number_it_is(
    client: Client, sent: list[str]
) -> None:
    def said(card: str, code: str) -> str:
        client.post("/my/sign-in/", {"id_number": card})
        answer = client.post("/my/sign-in/code/", {"code": code}).content.decode()
        return answer.partition("invalid-feedback")[2].partition("</div>")[0]

    Identity.objects.filter(pk="R2").update(phone=None)  # the codes sent differ from 000000 but once in a million
    wrong = said(CARDS["R1"], "000000")
    too_often = [said(CARDS["R1"], "000000") for _ in range(6)][-1]
    assert wrong
    assert {wrong} == {too_often, said(CARDS["R2"], "000000"), said("990001199912310099", "000000")}


def test_a_code_works_once(sent: list[str]) -> None:
    codes.send("R1", purpose="sign_in", at=NOW)
    codes.accept("R1", code_in(sent), at=NOW)
    with pytest.raises(NotAllowed, match="已失效"):
        codes.accept("R1", code_in(sent), at=NOW)


def test_a_code_ends_after_the_rules_minutes(sent: list[str]) -> None:
    codes.send("R1", purpose="sign_in", at=NOW)
    with pytest.raises(NotAllowed, match=r"portal\.code_lasts"):
        codes.accept("R1", code_in(sent), at=NOW + timedelta(minutes=5))


def test_after_five_wrong_tries_even_the_right_code_is_refused(sent: list[str]) -> None:
    codes.send("R1", purpose="sign_in", at=NOW)
    wrong = f"{(int(code_in(sent)) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(NotAllowed, match="验证码不正确"):
            codes.accept("R1", wrong, at=NOW)
    with pytest.raises(NotAllowed, match=r"portal\.code_tries"):
        codes.accept("R1", code_in(sent), at=NOW)


def test_a_code_for_one_purpose_is_not_good_for_another(sent: list[str]) -> None:
    codes.send("R1", purpose="family", at=NOW)
    with pytest.raises(NotAllowed):
        codes.accept("R1", code_in(sent), at=NOW)


def test_codes_are_sent_no_faster_and_no_more_often_than_the_rules_say(sent: list[str]) -> None:
    for number in range(10):
        codes.send("R1", purpose="sign_in", at=NOW + timedelta(minutes=number))
    with pytest.raises(Refusal, match=r"portal\.codes_per_day"):
        codes.send("R1", purpose="sign_in", at=NOW + timedelta(minutes=11))
    codes.send("R2", purpose="sign_in", at=NOW)
    with pytest.raises(Refusal, match=r"portal\.code_pause"):
        codes.send("R2", purpose="sign_in", at=NOW + timedelta(seconds=59))
    assert len(sent) == 11


def test_the_code_itself_is_kept_nowhere(sent: list[str]) -> None:
    codes.send("R1", purpose="sign_in", at=NOW)
    row = OneTimeCode.objects.values().get()
    assert code_in(sent) not in " ".join(map(str, row.values()))


def test_nobody_without_a_phone_on_the_record_and_none_of_the_dead_gets_a_code(client: Client, sent: list[str]) -> None:
    Identity.objects.filter(pk="R1").update(phone=None)
    Resident.objects.filter(pk="R2").update(died_on=NOW.date())
    for name in ("R1", "R2"):
        assert client.post("/my/sign-in/", {"id_number": CARDS[name]}).status_code == 302
    assert sent == []


def test_outside_a_demonstration_no_page_shows_the_code(client: Client, sent: list[str]) -> None:
    client.post("/my/sign-in/", {"id_number": CARDS["R1"]})
    assert code_in(sent) not in client.get("/my/sign-in/code/").content.decode()
