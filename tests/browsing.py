"""Pages as somebody who is signed in gets them, without a real browser."""

import re
from typing import Any

from django.test import Client


def browser(user: Any) -> Client:
    """The browser of somebody signed in."""
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    """What can be read on a page: no markup, one blank between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def source_of(answer: Any) -> str:
    """A page as it was sent, with its markup."""
    return str(answer.content.decode())


def page_of(answer: Any) -> str:
    """A page as it was sent, where it is one and not a refusal."""
    assert answer.status_code == 200
    return source_of(answer)
