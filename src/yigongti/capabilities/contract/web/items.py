"""Items that are due: the list of what to do, and entering what was done."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.packages import DUTIES
from yigongti.capabilities.contract.models import DueItem
from yigongti.capabilities.contract.selectors.people import names_of
from yigongti.capabilities.contract.selectors.teams import teams
from yigongti.capabilities.contract.services import items
from yigongti.capabilities.contract.services.items import Done
from yigongti.capabilities.contract.web.choosing import chosen
from yigongti.capabilities.contract.web.forms import DoneForm
from yigongti.capabilities.contract.web.panels import proof_of
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import scope_of


def due(request: Any) -> HttpResponse:
    """What is to be done for one's people now: open, overdue, disputed."""
    here, today = chosen(request), clock.today()
    live = DueItem.objects.filter(contract__team__in=here.teams, contract__state="in_force")
    open_now = live.filter(done_on__isnull=True, opens_on__lte=today)
    sets = {"open": open_now, "overdue": open_now.filter(due_on__lt=today), "disputed": live.filter(said="disputed")}
    which = request.GET.get("which", "open")
    rows = sets.get(which, open_now).annotate(resident_id=F("contract__resident_id"))
    by, item = request.GET.get("by", ""), request.GET.get("item", "")
    rows = rows.filter(**{name: value for name, value in (("by", by), ("name", item)) if value})
    names = names_of(rows.values_list("resident_id", flat=True), user=request.user)
    return answer(
        request,
        "contract/due.html",
        Table("due", _columns(names, request.user), rows, sort="due_on", empty=_("没有要做的服务项目。")),
        here=here,
        which=which,
        counts={name: found.count() for name, found in sets.items()},
        by=by,
        item=item,
        duties=[(code, _(label)) for code, label in DUTIES.items()],
        names=sorted(set(live.values_list("name", flat=True))),
        tab="due",
    )


def enter(request: Any, key: int) -> HttpResponse:
    """Enter that an item was done; 404 outside one's teams."""
    item = DueItem.objects.select_related("contract__team").filter(pk=key).first()
    if item is None or not teams(request.user).filter(pk=item.contract.team_id).exists():
        raise Http404("no item inside the user's teams")
    items.find(DueItem.objects.filter(pk=item.pk), today=clock.today())
    item.refresh_from_db()
    form = DoneForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            items.enter(item, Done(**form.cleaned_data), by=request.user, at=clock.now())
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记:%(item)s") % {"item": item.name})
            return redirect("work_case", item.contract_id)
    name = names_of([item.contract.resident_id], user=request.user).get(item.contract.resident_id, "")
    return render(request, "contract/item.html", {"item": item, "form": form, "name": name, "proof": proof_of(item)})


def _columns(names: dict[str, str], user: Any) -> tuple[Column, ...]:
    today = clock.today()
    may = not scope_of(user).roles.isdisjoint({Role.FAMILY_DOCTOR, Role.VILLAGE_DOCTOR})
    return (
        Column("name", _("项目"), link=lambda row: reverse("contract_item", args=[row.pk]) if may else None),
        Column("resident", _("居民"), value=lambda row: names.get(row.resident_id, row.resident_id), order=None,
               link=lambda row: reverse("work_case", args=[row.contract_id])),
        Column("by", _("由谁完成"), value=lambda row: _(DUTIES[row.by])),
        Column("opens_on", _("可做日期")),
        Column("due_on", _("应完成日期"), tone=lambda row: "bad" if row.due_on < today and not row.done_on else ""),
        Column("remark", _("居民意见")),
    )  # fmt: skip
