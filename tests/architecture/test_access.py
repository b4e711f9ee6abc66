"""One table of every URL × role: what each role gets is what the route declares, and no route declares nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from yigongti.kernel.roles import Role
from yigongti.spine.access.guard import Audience, Guard, guard_of
from yigongti.spine.access.models import Assignment, Reach, User

ANONYMOUS = "anonymous"
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000", "date": "2025-01-01"}
ADMITTED = frozenset({200, 302, 405, 409})
"""What somebody admitted can get: the page, a redirect, that it is to be posted to, or a refusal that says why."""
NOT_THERE = frozenset({404})
"""And where the route has parameters: nothing under the sample key."""


@dataclass(frozen=True)
class Route:
    path: str
    guard: Guard | None
    has_parameters: bool

    def __str__(self) -> str:
        return self.path


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            sample = PARAMETER.sub(lambda match: SAMPLES.get(match[1] or "", "x"), path)
            yield Route(sample, guard_of(pattern.callback), sample != path)


ROUTES = sorted(routes(get_resolver().url_patterns), key=str)


def expected(route: Route, who: str) -> frozenset[int]:
    assert route.guard is not None
    admitted = ADMITTED | NOT_THERE if route.has_parameters else ADMITTED
    if route.guard.roles is Audience.ANYONE:
        return admitted
    if who == ANONYMOUS:
        return frozenset({401 if route.guard.form == "api" else 302})
    return admitted if route.guard.admits({Role(who)}) else frozenset({403})


def sign_in(client: Client, role: str) -> None:
    user = User.objects.create_user(role, password=role, display_name=role)
    Assignment.objects.create(user=user, role=role, reach=Reach.COUNTY)
    client.force_login(user, backend="yigongti.spine.access.backend.Accounts")


def test_no_route_is_without_declared_roles() -> None:
    undeclared = [route.path for route in ROUTES if route.guard is None]
    assert not undeclared, f"declare these with pages.urls.page: {undeclared}"


def test_the_sign_in_routes_are_in_the_table() -> None:
    assert {"/login/", "/logout/", "/second-factor/", "/language/"} <= {route.path for route in ROUTES}


@pytest.mark.django_db
@pytest.mark.parametrize("who", [ANONYMOUS, *Role])
def test_every_url_gives_every_role_what_it_declares(who: str, client: Client) -> None:
    client.raise_request_exception = True
    if who != ANONYMOUS:
        sign_in(client, who)
    wrong = []
    for route in ROUTES:
        if route.path == "/logout/" or route.guard is None:
            continue
        answer: HttpResponse = client.get(route.path)
        if answer.status_code not in expected(route, who):
            wrong.append(f"{route.path}: {answer.status_code}")
        elif who == ANONYMOUS and answer.status_code == 302 and route.guard.roles is not Audience.ANYONE:
            assert answer["Location"].startswith("/login/?next="), route.path
    assert not wrong, f"{who}: {wrong}"
