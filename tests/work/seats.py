"""Somebody signed in, and a case to work on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from yigongti.kernel import clock
from yigongti.spine.cases.engine import Parties, open_case
from yigongti.spine.cases.models import Case

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: Any) -> Client:
    """The browser of somebody signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def a_pack(by: Any, *, title: str = "换药包 3 个", days_ago: int = 0) -> Case:
    """A member's request for instrument packs, opened some days ago."""
    at = clock.now() - timedelta(days=days_ago)
    return open_case("sterile_supply", parties=Parties("T1", "H1"), by=by, at=at, request_id=uuid4().hex,
                     data={"title": title})  # fmt: skip


def text_of(answer: Any) -> str:
    return str(answer.content.decode())
