"""The first page after signing in: headline numbers against targets, and what waits to be done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yigongti.capabilities.measure.api import Figure, Picture, picture
from yigongti.kernel.roles import Role
from yigongti.site.cockpit import todo
from yigongti.site.cockpit.headlines import HEADLINES, TILES
from yigongti.spine.access.scope import scope_of

WARNINGS = 8
MISSED = 10


def cockpit(request: HttpRequest) -> HttpResponse:
    """`?seat=consortium:A` shows another seat than one's own; a resident is led to the resident's page."""
    user: Any = request.user
    roles = scope_of(user).roles
    if roles <= {Role.RESIDENT}:
        return redirect("portal") if user.resident_id else redirect("login")
    seen = picture(user, seat=request.GET.get("seat", ""), headlines=HEADLINES, tiles=TILES, warnings=WARNINGS)
    context = {"seen": seen, "todo": todo.lines(user, seen), "missed": _missed(seen)}
    return render(request, "cockpit/cockpit.html", context)


def _missed(seen: Picture | None) -> list[Figure]:
    return [figure for figure in seen.figures if figure.tone == "bad"][:MISSED] if seen else []
