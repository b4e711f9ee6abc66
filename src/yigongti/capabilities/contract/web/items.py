"""Items that are due: the list of what to do, and entering what was done."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.packages import DUTIES
from yigongti.capabilities.contract.models import DueItem
from yigongti.capabilities.contract.selectors.people import Known, items_of, known, open_items
from yigongti.capabilities.contract.selectors.teams import teams
from yigongti.capabilities.contract.services import items, saying
from yigongti.capabilities.contract.services.items import Done
from yigongti.capabilities.contract.web.choosing import chosen
from yigongti.capabilities.contract.web.forms import DoneForm
from yigongti.capabilities.contract.web.panels import proof_of
from yigongti.capabilities.contract.workflow import DISPUTE
from yigongti.kernel import clock
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import Role
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.models import Case


def due(request: Any) -> HttpResponse:
    """What is to be done for one's people now: open, overdue, disputed."""
    here, today = chosen(request), clock.today()
    live = items_of(here.teams).select_related("dispute")
    open_now = open_items(here.teams, today=today).select_related("dispute")
    sets = {"open": open_now, "overdue": open_now.filter(due_on__lt=today), "disputed": live.filter(said="disputed")}
    which = request.GET.get("which", "open")
    rows = sets.get(which, open_now)
    by, item = request.GET.get("by", ""), request.GET.get("item", "")
    rows = rows.filter(**{name: value for name, value in (("by", by), ("name", item)) if value})
    people = known(rows.values_list("resident_id", flat=True), user=request.user)
    return answer(
        request,
        "contract/due.html",
        Table("due", _columns(people, request.user, which), rows, sort="due_on", empty=_("没有要做的服务项目。")),
        here=here,
        which=which,
        counts={name: found.count() for name, found in sets.items()},
        by=by,
        item=item,
        duties=[(code, _(label)) for code, label in DUTIES.items()],
        names=[(name, _(name)) for name in sorted(set(live.values_list("name", flat=True)))],
        tab="due",
    )


def enter(request: Any, key: int) -> HttpResponse:
    """Enter that an item was done; 404 outside one's teams."""
    item = DueItem.objects.select_related("contract", "dispute").filter(pk=key).first()
    if item is None or not teams(request.user).filter(pk=item.team_id).exists():
        raise Http404("no item inside the user's teams")
    items.find(DueItem.objects.filter(pk=item.pk), today=clock.today())
    item.refresh_from_db()
    form = DoneForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            saying.enter(item, Done(**form.cleaned_data), by=request.user, at=clock.now())
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记:%(item)s") % {"item": _(item.name)})
            return redirect(contract_address(item))
    context = {
        "item": item, "form": form, "proof": proof_of(item), "contract": contract_address(item),
        "name": known([item.resident_id], user=request.user).name(item.resident_id),
    }  # fmt: skip
    return render(request, "contract/item.html", context)


def contract_address(item: DueItem) -> str:
    """The page of the contract that an item belongs to."""
    if item.contract_id:
        return reverse("work_case", args=[item.contract_id])
    return reverse("contract_held", args=[item.number])


def _columns(people: Known, user: Any, which: str) -> tuple[Column, ...]:
    today = clock.today()
    may = not scope_of(user).roles.isdisjoint({Role.FAMILY_DOCTOR, Role.VILLAGE_DOCTOR})
    return (
        Column("name", _("项目"), value=lambda row: _(row.name),
               link=lambda row: reverse("contract_item", args=[row.pk]) if may else None),
        Column("resident", _("居民"), value=lambda row: people.name(row.resident_id), order=None,
               link=lambda row: contract_address(row) if row.resident_id in people.visible else None),
        Column("by", _("由谁完成"), value=lambda row: _(DUTIES[row.by])),
        Column("opens_on", _("可做日期")),
        Column("due_on", _("应完成日期"), tone=lambda row: "bad" if row.due_on < today and not row.done_on else ""),
        *(_dispute_columns(people) if which == "disputed" else ()),
    )  # fmt: skip


def _dispute_columns(people: Known) -> tuple[Column, ...]:
    now = clock.now()
    return (
        Column("remark", _("居民意见"),
               link=lambda row: reverse("work_case", args=[row.dispute_id])
               if row.dispute_id and row.resident_id in people.visible else None),
        Column("state", _("进展"), order=None, value=lambda row: _(DISPUTE.states[row.dispute.state])
               if row.dispute else "", tone=lambda row: "bad" if row.dispute and is_late(row.dispute, now) else ""),
        Column("answer_by", _("答复期限"), order=None,
               value=lambda row: day_of(row.dispute.due_at)
               if row.dispute and row.dispute.due_at else None),
    )  # fmt: skip


def is_late(dispute: Case, now: datetime) -> bool:
    """Whether an answer to a dispute is overdue."""
    return dispute.due_at is not None and dispute.due_at < now
