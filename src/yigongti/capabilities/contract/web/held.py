"""A contract that a file brought: with whom, on which terms, and what falls due of it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from yigongti.capabilities.contract.models import DueItem, Team, ValidContract
from yigongti.capabilities.contract.selectors.people import known
from yigongti.capabilities.contract.web.panels import items_panel
from yigongti.spine.audit import trail


def one(request: Any, key: str) -> HttpResponse:
    """The contract of that number; 404 for one of somebody whose record the user may not see."""
    contract = ValidContract.objects.filter(case__isnull=True, contract_id=key).select_related("institution").first()
    people = known([contract.resident_id] if contract else [], user=request.user)
    if contract is None or contract.resident_id not in people.visible:
        raise Http404("no such loaded contract of a person whom the user may see")
    items = list(DueItem.objects.filter(number=key).select_related("performer"))
    trail.record("open_contract", actor=request.user.username, resident_id=contract.resident_id, detail={"number": key})
    context = {
        "contract": contract,
        "team": Team.objects.filter(pk=contract.team_id).first(),
        "name": people.name(contract.resident_id),
        "panel": items_panel(items, request.user) if items else None,
    }
    return render(request, "contract/held.html", context)
