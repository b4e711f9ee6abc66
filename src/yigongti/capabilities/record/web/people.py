"""Finding people, and opening a record in an emergency."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.record.selectors import people
from yigongti.capabilities.record.services import open_in_emergency
from yigongti.capabilities.record.web.forms import EmergencyForm
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.facts.county import KEY_GROUPS, PROGRAMMES
from yigongti.spine.access.records import EMERGENCY_ROLES
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail

FILTERS = ("place", "key_group", "programme", "after")


def residents(request: HttpRequest) -> HttpResponse:
    """The people whom somebody may see: by exact identifier (posted, so that it stays out of addresses and logs), or
    by where they live.  Nobody is listed before one of the two is given."""
    wanted = {name: request.GET.get(name, "") for name in FILTERS}
    text = request.POST.get("q", "").strip()
    found = _found(request.user, text, wanted)
    if found is not None:
        detail = {"by": "identifier" if text else wanted, "found": [person.resident_id for person in found.people]}
        trail.record("find_people", actor=request.user.username, detail=detail)
    context = {
        "wanted": wanted,
        "text": text,
        "found": found,
        "areas": people.areas(),
        "key_groups": [(code, _(label)) for code, label in KEY_GROUPS.items()],
        "programmes": [(code, _(label)) for code, label in PROGRAMMES.items()],
        "more": _more(request, found),
        "may_break_glass": not scope_of(request.user).roles.isdisjoint(EMERGENCY_ROLES),
    }
    return render(request, "record/residents.html", context)


def emergency(request: Any) -> HttpResponse:
    """The form by which a record outside one's relationships is opened for a time, told to the person."""
    form = EmergencyForm(request.POST or None)
    if form.is_valid():
        try:
            resident_id = open_in_emergency(by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("record", resident_id)
    return render(request, "record/emergency.html", {"form": form})


def _found(user: Any, text: str, wanted: dict[str, str]) -> people.Found | None:
    if text:
        return people.matching(user, text)
    if not wanted["place"]:
        return None
    filters = {name: wanted[name] for name in ("key_group", "programme", "after")}
    return people.living_in(user, wanted["place"], **filters)


def _more(request: HttpRequest, found: people.Found | None) -> str:
    """The address of the next page; "" where there is none."""
    if found is None or not found.after:
        return ""
    query = request.GET.copy()
    query["after"] = found.after
    return f"{reverse('residents')}?{query.urlencode()}"
