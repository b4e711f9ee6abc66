"""The first page after signing in: headline numbers against targets, and what waits to be done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yigongti.capabilities.measure.api import Figure, Level, Picture, picture
from yigongti.kernel.roles import Role
from yigongti.pages.menu import admits
from yigongti.site.cockpit import todo
from yigongti.site.cockpit.headlines import HEADLINES, TILES
from yigongti.spine.access.scope import scope_of

WARNINGS = 8
MISSED = 10


def cockpit(request: HttpRequest) -> HttpResponse:
    """`?seat=consortium:A` shows another seat than one's own; a resident is led to their record."""
    user: Any = request.user
    roles = scope_of(user).roles
    if roles <= {Role.RESIDENT}:
        return _to_own_record(user)
    seen = picture(user, seat=request.GET.get("seat", ""), headlines=HEADLINES, warnings=WARNINGS)
    context = {"seen": seen, "todo": todo.lines(user, seen), "tiles": _tiles(seen), "missed": _missed(seen)}
    return render(request, "cockpit/cockpit.html", context)


def _to_own_record(user: Any) -> HttpResponse:
    if user.resident_id and admits("record", [Role.RESIDENT]):
        return redirect("record", user.resident_id)
    return redirect("login")


def _tiles(seen: Picture | None) -> list[Figure]:
    """The headline figures that have a value, then those that have none, up to the number of tiles."""
    if seen is None:
        return []
    order = HEADLINES[Level(seen.seat.level)]
    known = {figure.id: figure for figure in seen.figures}
    chosen = [known[key] for key in order if key in known]
    return sorted(chosen, key=lambda figure: figure.value is None)[:TILES]


def _missed(seen: Picture | None) -> list[Figure]:
    return [figure for figure in seen.figures if figure.tone == "bad"][:MISSED] if seen else []
