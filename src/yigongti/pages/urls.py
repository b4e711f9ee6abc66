"""How a page is declared: its route, its view, its name, and whom it is for.

    urlpatterns = [page("cockpit/", cockpit, name="cockpit", roles={Role.BUREAU, Role.MANAGER})]

A view without a declaration is refused to everybody by the access middleware.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from yigongti.kernel.roles import Role
from yigongti.spine.access import guard
from yigongti.spine.access.guard import Audience

__all__ = ["EVERYBODY", "STAFF", "Audience", "api", "page"]

EVERYBODY = frozenset(Role)
STAFF = EVERYBODY - {Role.RESIDENT}


def page(route: str, view: Callable[..., Any], *, name: str, roles: Audience | Iterable[Role | str]) -> URLPattern:
    """One page.  roles: who may come (role names), or an Audience such as Audience.ANYONE."""
    return guard.guarded_path(route, view, name=name, roles_=guard.roles(roles))


def api(route: str, urls: Any, *, roles: Audience | Iterable[Role | str]) -> URLResolver:
    """A Ninja API (`NinjaAPI().urls`) under `route`; who may not come gets JSON and a status, not a sign-in page."""
    patterns, app_name, namespace = urls
    guard.guard_api(patterns, roles_=guard.roles(roles))
    return path(route, include((patterns, app_name), namespace=namespace))
