"""What every page shows around its content: county, menu, languages, inbox, and whether the data are invented."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yigongti.pages.menu import Entry
from yigongti.site.menu import account_menu_for, menu_drawn
from yigongti.spine.access.scope import scope_of
from yigongti.spine.notices.inbox import unread_at_most

_TOLD = 99
"""Unread notices beyond which it makes no difference how many they are."""


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Context processor; what costs a query is only worked out where a template uses it."""
    return {
        "county": settings.CHOICES.county,
        "demo": settings.CHOICES.demo,
        "languages": settings.LANGUAGES,
        "language_address": _address("language"),
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "account_menu": SimpleLazyObject(lambda: _account_menu(request)),
        "role_names": SimpleLazyObject(lambda: [role.label for role in sorted(scope_of(request.user).roles)]),
        "resident_address": _address("portal_sign_in"),
        "inbox_address": _address("inbox"),
        "inbox_count": SimpleLazyObject(lambda: _unread(request)),
    }


def _account_menu(request: HttpRequest) -> Sequence[Entry]:
    return account_menu_for(scope_of(request.user).roles) if hasattr(request, "user") else []


def _menu(request: HttpRequest) -> SafeString:
    if not hasattr(request, "user"):
        return SafeString("")
    name = request.resolver_match.url_name if request.resolver_match else ""
    return menu_drawn(scope_of(request.user).roles, at=name or "", language=get_language() or settings.LANGUAGE_CODE)


def _unread(request: HttpRequest) -> str:
    """As the mark at the inbox has room for it: 36, 99+; "" for none."""
    count = unread_at_most(_TOLD + 1, request.user.pk) if request.user.is_authenticated else 0
    return f"{_TOLD}+" if count > _TOLD else str(count or "")


@cache
def _address(name: str) -> str:
    """The address of a page, worked out once; "" in a composition that has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
