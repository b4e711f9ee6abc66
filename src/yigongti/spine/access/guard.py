"""Which roles a view is for: declared beside its route, enforced by the middleware, read by the role table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from yigongti.kernel.roles import Role

View = Callable[..., Any]


class Audience(Enum):
    """Who may come, where it is not a matter of roles.

    ANYONE: without signing in; PASSWORD_GIVEN: signed in, a second factor perhaps still to come;
    SIGNED_IN: anybody fully signed in.
    """

    ANYONE = "anyone"
    PASSWORD_GIVEN = "password_given"
    SIGNED_IN = "signed_in"


Roles = Audience | frozenset[Role]


@dataclass(frozen=True)
class Guard:
    """A view's declaration: whom it is for, and whether a refusal is a page or an API answer."""

    roles: Roles
    form: Literal["page", "api"] = "page"

    def admits(self, held: Iterable[Role]) -> bool:
        """Whether somebody fully signed in who holds these roles may come."""
        return isinstance(self.roles, Audience) or not self.roles.isdisjoint(held)


def guarded(view: View, guard: Guard) -> View:
    """The view with its declaration attached; the view itself is left as it is, and may serve other routes."""

    @wraps(view)
    def declared(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response: HttpResponse = view(request, *arguments, **named)
        return response

    declared.guard = guard  # type: ignore[attr-defined]  # what the middleware reads
    return declared


def guard_of(view: View) -> Guard | None:
    """The declaration of a resolved view; None where there is none, and then nobody may come."""
    guard: Guard | None = getattr(view, "guard", None)
    return guard


def roles(given: Audience | Iterable[Role | str]) -> Roles:
    """Role names as declared → Roles.  Raises ValueError on an unknown role or an empty declaration."""
    if isinstance(given, Audience):
        return given
    found = frozenset(Role(name) for name in given)
    if not found:
        raise ValueError("a view for no role cannot be reached by anybody")
    return found


def guarded_path(route: str, view: View, *, name: str, roles_: Roles) -> URLPattern:
    """A route whose view carries its declaration."""
    return path(route, guarded(view, Guard(roles_)), name=name)


def guard_api(patterns: list[URLPattern | URLResolver], *, roles_: Roles) -> list[URLPattern | URLResolver]:
    """The routes of an API, each carrying the declaration; in place, since their names are resolved by identity."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            guard_api(entry.url_patterns, roles_=roles_)
        elif guard_of(entry.callback) is None:
            entry.callback = guarded(entry.callback, Guard(roles_, "api"))
    return patterns
