"""One's own API tokens: issued, shown once, revoked."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.site.security.forms import OwnToken
from yigongti.spine.access import tokens as store
from yigongti.spine.access.models import User

REVOKE = "revoke"


def tokens(request: Any) -> HttpResponse:
    """The account's tokens; posting issues one, whose secret only this answer holds, or revokes one."""
    if request.POST.get("do") == REVOKE:
        revoke(request, request.user)
        return redirect("tokens")
    form, issued = OwnToken(request.POST or None, user=request.user), None
    if form.is_valid():
        issued = issue(form.cleaned_data, user=request.user, by=request.user.username)
        form = OwnToken(user=request.user)
    context = {"form": form, "issued": issued, "tokens": store.tokens_of(request.user, at=clock.now())}
    response = render(request, "security/tokens.html", {**context, "longest": settings.API_TOKEN_DAYS})
    response["Cache-Control"] = "no-store"
    return response


def issue(said: dict[str, Any], *, user: User, by: str) -> store.Issued:
    """A token as a form asks for it."""
    return store.issue(user, label=said["label"], days=said["days"], by=by, at=clock.now())


def revoke(request: Any, user: User) -> None:
    """Revoke the token of an account that the button named."""
    key = request.POST.get("token", "")
    if not key.isdecimal():
        raise Refusal("没有这个在用的令牌", remedy="请刷新页面")
    store.revoke(int(key), user=user, by=request.user.username, at=clock.now())
