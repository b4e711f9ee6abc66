"""A resident's record: header and timeline, and what is opened from there."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yigongti.capabilities.record.selectors import charges as billing
from yigongti.capabilities.record.selectors.lookers import basis_label
from yigongti.capabilities.record.selectors.lookers import lookers as looks_at
from yigongti.capabilities.record.selectors.person import header, revealed
from yigongti.capabilities.record.selectors.story import Story, Wanted, contents, story
from yigongti.capabilities.record.selectors.vitals import drawn
from yigongti.capabilities.record.selectors.vitals import vitals as vitals_of
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.periods import written_day
from yigongti.spine.access.records import open_person


def record(request: Any, resident_id: str) -> HttpResponse:
    """The whole page with the timeline's newest days.  404 for who may not see the person."""
    basis = open_person(request.user, resident_id=resident_id, purpose="record")
    wanted = _wanted(request.GET)
    context = {
        "header": header(resident_id, basis=basis.kind),
        "basis": basis_label(basis.kind),
        "is_own": basis.kind == "own",
        **_timeline(resident_id, wanted),
    }
    return render(request, "record/record.html", context)


def timeline(request: Any, resident_id: str) -> HttpResponse:
    """The timeline alone: filtered, or with `before` the next days of it."""
    open_person(request.user, resident_id=resident_id, purpose="timeline")
    wanted = _wanted(request.GET)
    template = "record/moments.html" if wanted.before else "record/timeline.html"
    return render(request, template, _timeline(resident_id, wanted))


def vitals(request: Any, resident_id: str) -> HttpResponse:
    """Measurements as small series, one of them drawn."""
    open_person(request.user, resident_id=resident_id, purpose="vitals")
    every = vitals_of(resident_id)
    code = request.GET.get("code") or (every[0].code if every else "")
    context = {"resident_id": resident_id, "vitals": every, "code": code, "chart": drawn(every, code)}
    return render(request, "record/vitals.html", context)


def charges(request: Any, resident_id: str, table: str, key: str) -> HttpResponse:
    """The charges of one visit or stay, from the lake."""
    open_person(request.user, resident_id=resident_id, purpose="charges")
    return render(request, "record/charges.html", {"bill": billing.bill(resident_id, table=table, key=key)})


def readers(request: Any, resident_id: str) -> HttpResponse:
    """Who looked at the record."""
    open_person(request.user, resident_id=resident_id, purpose="readers")
    return render(request, "record/readers.html", {"looks": looks_at(resident_id)})


@require_POST
def identity(request: Any, resident_id: str) -> HttpResponse:
    """Name, ID number and phone in the clear; audited."""
    return render(request, "record/identity.html", {"identity": revealed(resident_id, to=request.user)})


def _timeline(resident_id: str, wanted: Wanted) -> dict[str, Any]:
    page = story(resident_id, wanted)
    return {
        "resident_id": resident_id,
        "wanted": wanted,
        "story": page,
        "contents": contents(resident_id),
        "more": _more(resident_id, wanted, page),
    }


def _wanted(given: QueryDict) -> Wanted:
    """What the address asks for; what is not understood is passed over."""
    table, year, before = (given.get(name, "") for name in ("kind", "year", "before"))
    return Wanted(
        table=table if table in COUNTY else "",
        year=int(year) if year.isdecimal() and 1900 <= int(year) <= 9000 else 0,
        before=written_day(before),
    )


def _more(resident_id: str, wanted: Wanted, page: Story) -> str:
    """The address of the next days; "" where nothing is left."""
    if page.before is None:
        return ""
    query = QueryDict(mutable=True)
    query.update({"kind": wanted.table, "year": str(wanted.year or ""), "before": page.before.isoformat()})
    return f"{reverse('record_timeline', args=[resident_id])}?{query.urlencode()}"
