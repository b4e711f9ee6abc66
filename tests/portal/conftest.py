"""A county, residents with identities and phones, and somebody at a phone."""

import shutil
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.spine.home import home

NOW = datetime(2025, 3, 3, 7, tzinfo=COUNTY_TIME)
CARDS = {"R1": "990001195005010018", "R2": "990001195206020026", "R3": "990001198001010034"}


@pytest.fixture
def county(db: None) -> None:
    from tests.booking import county as drawn

    from yigongti.spine.people.models import Identity

    shutil.rmtree(home().path / "audit", ignore_errors=True)
    drawn.draw()
    for number, (name, card) in enumerate(CARDS.items()):
        drawn.resident(name)
        Identity.objects.create(resident_id=name, name=f"王小{number}", id_number=card, phone=f"1380000000{number}")


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(NOW):
        yield


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that leave for phones, latest last."""
    from yigongti.capabilities.portal.services import codes

    texts: list[str] = []
    monkeypatch.setattr(codes, "post_now", lambda _to, *, text, **_: texts.append(text))
    return texts


@pytest.fixture
def phone(county: None, sent: list[str]) -> Callable[[str], Client]:
    """phone("R1") → a client in which that person has signed in with the code from their phone."""

    def signed_in(who: str) -> Client:
        client = Client()
        client.post("/my/sign-in/", {"id_number": CARDS[who]})
        answer = client.post("/my/sign-in/code/", {"code": code_in(sent)})
        assert answer.status_code == 302
        assert answer["Location"] == "/my/"
        return client

    return signed_in


def code_in(sent: list[str]) -> str:
    return sent[-1].removeprefix("验证码 ")[:6]
