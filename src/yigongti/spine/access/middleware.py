"""Default deny: a view is reached only by those whom its route declares; idle sessions end; the language is kept."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access import tokens
from yigongti.spine.access.guard import Audience, Guard, View, guard_of
from yigongti.spine.access.problems import problem
from yigongti.spine.access.scope import scope_of
from yigongti.spine.access.second_factor import is_pending

LANGUAGE = "language"
_LAST_SEEN = "last_seen"
_log = logging.getLogger(__name__)


class AccessMiddleware:
    """Stands before every view.  Undeclared: 404 for everybody; not signed in: to the sign-in page with `next`;
    second factor missing: to its page; wrong role: 403.

    An API is also for who shows a token, which was issued by somebody fully signed in; a wrong one is refused even
    beside a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: View, arguments: tuple[object, ...], named: dict[str, object]
    ) -> HttpResponse | None:
        guard = guard_of(view)
        if guard is None:
            _log.error("view %r declares no roles: refused", view)
            raise Http404("undeclared view")
        if guard.roles is Audience.ANYONE:
            return None
        if guard.form == "api" and (refused := _refused_token(request)):
            return refused
        if not request.user.is_authenticated:
            return _ask(request, guard, "login")
        if guard.roles is Audience.PASSWORD_GIVEN:
            return None
        if not hasattr(request, "api_token") and is_pending(request.user):
            return _ask(request, guard, "second_factor")
        return _admit(request, guard)


def _admit(request: Any, guard: Guard) -> HttpResponse | None:
    if guard.admits(scope_of(request.user).roles):
        return None
    if guard.form == "api":
        return problem(403, NotAllowed("您的岗位不能使用这个接口", where=request.path, remedy="请由有此权限的账号访问"))
    raise PermissionDenied


def _refused_token(request: Any) -> HttpResponse | None:
    """Signs the request in by its token, where it shows one; the answer where that is refused."""
    try:
        tokens.sign_in(request)
    except NotAllowed as refusal:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        return problem(401, refusal, headers=headers)
    return None


def _ask(request: Any, guard: Guard, page: str) -> HttpResponse:
    """To the page named, and back afterwards; htmx is told to move the whole window, an API gets a status."""
    if guard.form == "api":
        return problem(401, NotAllowed("请先登录", remedy="请带上接口令牌,或先在浏览器登录"))
    if request.headers.get("HX-Request"):
        came_from = request.headers.get("HX-Current-URL", "/")
        return HttpResponse(headers={"HX-Redirect": f"{reverse(page)}?{urlencode({'next': came_from})}"})
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


class IdleMiddleware:
    """Signs out who has not been seen for settings.SESSION_IDLE_SECONDS; writes the session at most ten times in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.user.is_authenticated:
            now, seen = clock.now().timestamp(), request.session.get(_LAST_SEEN)
            if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif seen is None or now - seen > settings.SESSION_IDLE_SECONDS / 10:
                request.session[_LAST_SEEN] = now
        return self.get_response(request)


class LanguageMiddleware:
    """The language chosen by the switch, kept in the session; otherwise the county's first language, whatever the
    browser would like."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        language = request.session.get(LANGUAGE, settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response
