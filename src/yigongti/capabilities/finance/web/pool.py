"""The pooled account: what it holds, every movement, money in, and what the shared centres cost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.finance.models import POOL, CentreCost, Posting
from yigongti.capabilities.finance.services.pool import SOURCES, balance, note_centre_cost, take_in
from yigongti.capabilities.finance.web.choosing import Seat, seat
from yigongti.capabilities.finance.web.forms import CentreCostForm, PoolForm
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.ids import new_id
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.places.models import Institution


def pool(request: HttpRequest, *, forms: dict[str, Any] | None = None) -> HttpResponse:
    """The page; forms: those that were filled in wrongly, with their errors."""
    here = seat(request)
    shown = {"pool": PoolForm(), "cost": CentreCostForm(members=_members(here)), **(forms or {})}
    return answer(
        request,
        "finance/pool.html",
        _postings(here),
        _costs(here),
        seat=here,
        balance_fen=balance(here.id) if here.id else None,
        forms=shown,
        request_id=new_id(),
    )


@require_POST
def money_in(request: Any) -> HttpResponse:
    """Money that has arrived is written down."""
    here, form = _managed(request), PoolForm(request.POST)
    if not form.is_valid():
        return pool(request, forms={"pool": form})
    request_id = request.POST.get("request_id") or new_id()
    take_in(here.id, by=request.user, request_id=request_id, **form.cleaned_data)
    messages.success(request, _("已入账"))
    return redirect(_address(here))


@require_POST
def centre_cost(request: Any) -> HttpResponse:
    """What a shared centre cost is written down."""
    here = _managed(request)
    form = CentreCostForm(request.POST, members=_members(here))
    if not form.is_valid():
        return pool(request, forms={"cost": form})
    note_centre_cost(here.id, by=request.user, **form.cleaned_data)
    messages.success(request, _("已登记"))
    return redirect(_address(here))


def _managed(request: Any) -> Seat:
    here = seat(request)
    if not here.may_manage:
        raise NotAllowed(_("您不能管理这个医共体的资金"), remedy=_("请由医共体管理者或卫生健康局办理"))
    return here


def _address(here: Seat) -> str:
    return f"{reverse('finance_pool')}?consortium={here.id}"


def _members(here: Seat) -> list[tuple[str, str]]:
    if here.members is None:
        return []
    names = {each.pk: each.name for each in here.members.institutions}
    return [(member, names[member]) for member in here.members.with_books]


def _postings(here: Seat) -> Table:
    names = dict(Institution.objects.values_list("pk", "name")) if here.id else {}

    def called(owner: str) -> str:
        if owner.startswith("source:"):
            return SOURCES.get(owner.removeprefix("source:"), owner)
        return _("资金池") if owner == POOL else names.get(owner, owner.removeprefix("zone:"))

    columns = (
        Column("day", _("日期")),
        Column("from_owner", _("付方"), value=lambda row: called(row.from_owner)),
        Column("to_owner", _("收方"), value=lambda row: called(row.to_owner)),
        Column("amount_fen", _("金额"), unit="fen"),
        Column(
            "memo", _("摘要"), link=lambda row: reverse("finance_sharing", args=[row.run_id]) if row.run_id else None
        ),
    )
    rows = Posting.objects.filter(consortium_id=here.id)
    return Table("postings", columns, rows, sort="-day", caption=_("资金分录"), empty=_("还没有资金进出。"))


def _costs(here: Seat) -> Table:
    columns = (
        Column("month", _("月份")),
        Column("centre", _("共享中心"), value=lambda row: row.get_centre_display()),
        Column("institution_id", _("承办机构"), value=lambda row: row.institution.name),
        Column("amount_fen", _("成本"), unit="fen"),
        Column("evidence", _("依据"), order=None),
    )
    rows = CentreCost.objects.filter(consortium_id=here.id).select_related("institution")
    return Table(
        "costs", columns, rows, sort="-month", caption=_("共享中心成本"), empty=_("还没有登记共享中心的成本。")
    )
