"""Sharings: the list, a new one, one with every number explained, into the books and back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.finance.models import Kind, Run
from yigongti.capabilities.finance.selectors.sharings import lines_of, may_manage, pots_of, run_or_404
from yigongti.capabilities.finance.services.running import post, prepare, take_back
from yigongti.capabilities.finance.web.choosing import seat
from yigongti.capabilities.finance.web.forms import ReasonForm, SharingForm
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.periods import Period, parse
from yigongti.pages.tables import Column, Table, answer


def sharings(request: HttpRequest) -> HttpResponse:
    """Every sharing of a consortium."""
    here = seat(request)
    columns = (
        Column("created_at", _("测算时间"), link=lambda row: reverse("finance_sharing", args=[row.pk])),
        Column("kind", _("种类"), value=lambda row: _(Kind(row.kind).label)),
        Column("period_start", _("期间"), value=lambda row: Period(row.period_start, row.period_end).label),
        Column("total_fen", _("总额"), unit="fen"),
        Column("state", _("状态"), value=lambda row: _(row.state), order=None),
        Column("source", _("资金来源"), order=None),
    )
    rows = Run.objects.filter(consortium_id=here.id)
    empty = _("还没有测算过;可从“新的测算”开始。")
    return answer(
        request, "finance/sharings.html", Table("runs", columns, rows, sort="-created_at", empty=empty), seat=here
    )


def new(request: Any) -> HttpResponse:
    """A sharing is computed for looking at; what refuses it is told on the form."""
    here = seat(request)
    form = SharingForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("finance_sharing", _prepared(request.user, here, form.cleaned_data).pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "finance/new.html", {"form": form, "seat": here})


def _prepared(user: Any, here: Any, given: dict[str, Any]) -> Run:
    if not here.may_manage:
        raise NotAllowed(_("您不能管理这个医共体的资金"), remedy=_("请由医共体管理者或卫生健康局办理"))
    kind = Kind(given["kind"])
    if given["total_fen"] is None and kind != Kind.APPORTIONMENT:
        raise Refusal(_("请填写金额"), _("金额"))
    return prepare(
        kind, consortium_id=here.id, period=parse(given["period"]), total_fen=given["total_fen"] or 0,
        source=given["source"], by=user,
    )  # fmt: skip


def sharing(request: Any, run_id: str) -> HttpResponse:
    """One sharing: total, pots, lines, each with its reckoning and rule."""
    run = run_or_404(run_id, request.user)
    lines = lines_of(run)
    columns = (
        Column("name", _("成员"), link=lambda row: _statement(run, row)),
        Column("factor", _("因素"), value=lambda row: _(row.factor)),
        Column("reckoning", _("怎么算的"), order=None),
        Column("amount_fen", _("金额"), unit="fen"),
    )
    manages = may_manage(request.user, run.consortium_id)
    return answer(
        request,
        "finance/sharing.html",
        Table("lines", columns, lines, sort="-amount_fen", size=100, caption=_("明细")),
        run=run,
        kind=_(Kind(run.kind).label),
        state=_(run.state),
        period=Period(run.period_start, run.period_end).label,
        pots=[{**pot, "factor": _(pot["factor"])} for pot in pots_of(lines)],
        may_post=manages and not run.posted_at and run.created_by_id != request.user.pk,
        may_take_back=manages and run.posted_at and not run.reversed_at,
        waits_for_another=manages and not run.posted_at and run.created_by_id == request.user.pk,
        reason_form=ReasonForm(),
    )


@require_POST
def post_run(request: Any, run_id: str) -> HttpResponse:
    """Into the books, by another person than who computed it."""
    _managed(request, run_id)
    post(run_id, by=request.user)
    messages.success(request, _("已入账"))
    return redirect("finance_sharing", run_id)


@require_POST
def back(request: Any, run_id: str) -> HttpResponse:
    """Taken back, with a reason."""
    _managed(request, run_id)
    take_back(run_id, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("已冲销"))
    return redirect("finance_sharing", run_id)


def _managed(request: Any, run_id: str) -> Run:
    run = run_or_404(run_id, request.user)
    if not may_manage(request.user, run.consortium_id):
        raise NotAllowed(_("您不能管理这个医共体的资金"), remedy=_("请由医共体管理者或卫生健康局办理"))
    return run


def _statement(run: Run, row: Any) -> str | None:
    if run.kind == Kind.ZONES:
        return None
    return f"{reverse('finance_statement', args=[row.member])}?year={run.period_start.year}"
