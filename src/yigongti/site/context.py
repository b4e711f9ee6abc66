"""What every page shows around its content: county, menu, languages, inbox, and whether the data are invented."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from yigongti.pages.menu import Entry, Section
from yigongti.site.menu import account_menu_for, menu_for
from yigongti.spine.access.scope import scope_of
from yigongti.spine.notices.inbox import unread_count


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Context processor; what costs a query is only worked out where a template uses it."""
    menu = SimpleLazyObject(lambda: _menu(request))
    return {
        "county": settings.CHOICES.county,
        "demo": settings.CHOICES.demo,
        "languages": settings.LANGUAGES,
        "language_address": reverse("language"),
        "menu": menu,
        "account_menu": SimpleLazyObject(lambda: _account_menu(request)),
        "menu_entry": SimpleLazyObject(lambda: _open_entry(request, menu)),
        "role_names": SimpleLazyObject(lambda: [role.label for role in sorted(scope_of(request.user).roles)]),
        "resident_address": _address("portal_sign_in"),
        "inbox_address": _address("inbox"),
        "inbox_count": SimpleLazyObject(lambda: _unread(request)),
    }


def _menu(request: HttpRequest) -> list[Section]:
    return menu_for(scope_of(request.user).roles) if hasattr(request, "user") else []


def _account_menu(request: HttpRequest) -> Sequence[Entry]:
    return account_menu_for(scope_of(request.user).roles) if hasattr(request, "user") else []


def _open_entry(request: HttpRequest, menu: list[Section]) -> Entry | None:
    name = request.resolver_match.url_name if request.resolver_match else ""
    entries = (entry for section in menu for entry in section.entries)
    return next((entry for entry in entries if entry.is_open_at(name or "")), None)


def _unread(request: HttpRequest) -> int:
    return unread_count(request.user.pk) if request.user.is_authenticated else 0


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
