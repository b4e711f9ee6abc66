"""Issuing statements of fees, and correcting one: what the health bureau's buttons do."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.contract.models import IssuedStatement
from yigongti.capabilities.contract.selectors.teams import team_or_404
from yigongti.capabilities.contract.services import issuing
from yigongti.capabilities.contract.web.fees import year_of
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal


@require_POST
def issue(request: Any) -> HttpResponse:
    """Issue the statements of a year."""
    year = year_of(request.POST)
    try:
        made = issuing.issue(year, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已定稿 %(n)s 个团队的结算单") % {"n": len(made)})
    return redirect(f"{reverse('contract_fees')}?year={year}")


@require_POST
def correct(request: Any, key: str) -> HttpResponse:
    """Correct a statement by one that follows it; 404 for one of a team that the user may not see."""
    statement = IssuedStatement.objects.select_related("team__institution").filter(pk=key).first()
    if statement is None:
        raise Http404("no such statement")
    team_or_404(request.user, statement.team_id)
    try:
        made = issuing.correct(statement, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已定稿第 %(n)s 号结算单") % {"n": made.number})
    return redirect(f"{reverse('contract_fee', args=[statement.team_id])}?year={statement.year}")
