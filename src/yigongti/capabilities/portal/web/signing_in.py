"""Signing in with the ID number and a code from one's phone; how large the type is; whose care is looked after."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from yigongti.capabilities.portal.selectors.people import members
from yigongti.capabilities.portal.services import codes
from yigongti.capabilities.portal.services.accounts import account_of, person_with
from yigongti.capabilities.portal.web.asking import CHOSEN, LARGE, page
from yigongti.capabilities.portal.web.forms import CardForm, CodeForm
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.access.models import User
from yigongti.spine.audit import trail
from yigongti.spine.people.models import Identity

CLAIM = "portal_claim"
SHOWN = "portal_demo_code"
BACKEND = "yigongti.spine.access.backend.Accounts"


def sign_in(request: Any) -> HttpResponse:
    """Asks for the ID number.  Whether it is anybody's is not said: the next page is the same."""
    if request.user.is_authenticated and request.user.resident_id:
        return redirect("portal")
    form = CardForm(request.POST or None)
    if form.is_valid():
        _send(request, form.cleaned_data["id_number"])
        return redirect("portal_code")
    return page(request, "portal/sign_in.html", {"form": form, "sample": _sample()})


def enter_code(request: Any) -> HttpResponse:
    """Asks for the code, then opens the portal."""
    claim = request.session.get(CLAIM)
    if claim is None:
        return redirect("portal_sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            _enter(request, claim, form.cleaned_data["code"])
        except NotAllowed as refusal:
            form.add_error("code", str(refusal))
        else:
            return redirect("portal")
    shown = request.session.get(SHOWN, "") if settings.CHOICES.demo else ""
    return page(request, "portal/code.html", {"form": form, "shown": shown})


@require_POST
def large_type(request: Any) -> HttpResponse:
    """Larger or normal type, kept in the session."""
    request.session[LARGE] = not request.session.get(LARGE, False)
    return redirect(_back(request))


@require_POST
def choose(request: Any) -> HttpResponse:
    """Whose care is looked after from now on."""
    wanted = request.POST.get("resident", "")
    if any(each.resident_id == wanted for each in members(request.user)):
        request.session[CHOSEN] = wanted
    return redirect(_back(request))


def _send(request: Any, id_number: str) -> None:
    """A code that is not sent again so soon is not spoken of: that would say that the number is somebody's."""
    resident_id = person_with(id_number) or ""
    if request.session.get(CLAIM) != resident_id:
        request.session.pop(SHOWN, None)
    request.session[CLAIM] = resident_id
    if not resident_id:
        return
    with suppress(Refusal):
        sent = codes.send(resident_id, purpose="sign_in", at=clock.now())
        if settings.CHOICES.demo and sent:
            request.session[SHOWN] = sent.code


def _enter(request: Any, resident_id: str, code: str) -> None:
    codes.accept(resident_id, code, at=clock.now())
    user = account_of(resident_id, at=clock.now())
    large = request.session.get(LARGE, False)
    login(request, user, backend=BACKEND)
    request.session[LARGE] = large
    for name in (CLAIM, SHOWN):
        request.session.pop(name, None)
    trail.record("sign_in", actor=user.username)


def _sample() -> str:
    """In a demonstration, the ID number of its resident, so that a visitor has one to try."""
    if not settings.CHOICES.demo:
        return ""
    resident_id = User.objects.filter(username="resident").values_list("resident_id", flat=True).first()
    return Identity.objects.filter(pk=resident_id).values_list("id_number", flat=True).first() or ""


def _back(request: Any) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "portal"
