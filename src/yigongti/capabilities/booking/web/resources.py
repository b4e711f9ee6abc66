"""Resources and their schedules: weekly templates, exceptions, slots opened ahead, who waits."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.booking.models import WAITING, Kind, Resource, Template
from yigongti.capabilities.booking.selectors.day import keepable
from yigongti.capabilities.booking.services import opening, schedules
from yigongti.capabilities.booking.services.withdrawing import Displaced
from yigongti.capabilities.booking.web.forms import WEEKDAYS, ExceptionForm, ResourceForm, TemplateForm
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import written_day
from yigongti.pages.tables import Column, Table, answer
from yigongti.pages.work.people import masked
from yigongti.spine.access.rows import scoped_or_404
from yigongti.spine.county_rules import county_rules

AHEAD = "booking.opened_ahead"


def resources(request: Any) -> HttpResponse:
    """What can be booked at one's institutions."""
    table = Table(
        "resources",
        columns=(
            Column("name", _("名称"), link=lambda row: reverse("resource", args=[row.pk])),
            Column("kind", _("种类"), value=lambda row: _now(Kind(row.kind).label), order=""),
            Column("item", _("项目")),
            Column("institution", _("机构"), value=lambda row: row.institution.name, order="institution__name"),
        ),
        rows=keepable(request.user),
        sort="name",
        empty=_("还没有可预约的资源;请先登记"),
    )
    return answer(request, "booking/resources.html", table)


def new(request: Any) -> HttpResponse:
    """A new resource, then its page."""
    form = ResourceForm(request.POST or None, user=request.user)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = schedules.add_resource(
                kind=said["kind"], item=said["item"], name=said["name"], institution_id=said["institution"].pk,
                by=request.user, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("resource", made.pk)
    return render(request, "booking/new_resource.html", {"form": form})


def one(request: Any, resource_id: str) -> HttpResponse:
    """A resource's schedule; posting a template or an exception adds it."""
    resource = _mine(request, resource_id)
    weekly, otherwise = _forms(request)
    try:
        if _added(request, resource, weekly, otherwise):
            return redirect("resource", resource_id)
    except Refusal as refusal:
        (weekly if weekly.is_bound else otherwise).add_error(None, str(refusal))
    return render(request, "booking/resource.html", _context(resource, weekly, otherwise))


@require_POST
def end_template(request: Any, template_id: int) -> HttpResponse:
    """A weekly session ends today."""
    template = Template.objects.select_related("resource").filter(pk=template_id).first()
    if template is None:
        raise Refusal(_now("没有这条排班"), where=str(template_id))
    left = schedules.end_template(template, on=clock.today(), by=request.user, at=clock.now())
    told = _now("已结束;今后的空余名额不再开放,已约的 %(count)s 人保留,不能接诊的日子请停诊")
    messages.success(request, told % {"count": left})
    return redirect("resource", template.resource_id)


@require_POST
def as_usual(request: Any, resource_id: str) -> HttpResponse:
    """The weekly hours hold again on a day."""
    day = written_day(request.POST.get("day", ""))
    if day is None:
        raise Refusal(_now("请选择日期"), remedy=_now("请刷新页面"))
    done = schedules.as_usual(_mine(request, resource_id), day, by=request.user, at=clock.now())
    messages.success(request, _became(done))
    return redirect("resource", resource_id)


@require_POST
def open_ahead(request: Any, resource_id: str) -> HttpResponse:
    """Open the coming days' slots now instead of waiting for the job."""
    resource = _mine(request, resource_id)
    schedules.may_keep(request.user, resource.institution_id)
    count = _open(resource)
    messages.success(request, _now("已开放 %(count)s 个时段") % {"count": count})
    return redirect("resource", resource_id)


def _open(resource: Resource) -> int:
    today = clock.today()
    ahead = county_rules().find(AHEAD, on=today).days
    return opening.open_days(resource, first=today, last=today + timedelta(days=ahead), at=clock.now())


def _forms(request: Any) -> tuple[TemplateForm, ExceptionForm]:
    which = request.POST.get("form", "")
    weekly = TemplateForm(
        request.POST if which == "weekly" else None, initial={"from_on": clock.today(), "minutes": 30, "seats": 5}
    )
    return weekly, ExceptionForm(request.POST if which == "otherwise" else None)


def _added(request: Any, resource: Resource, weekly: TemplateForm, otherwise: ExceptionForm) -> bool:
    keeping = {"by": request.user, "at": clock.now()}
    if weekly.is_bound and weekly.is_valid():
        said = weekly.cleaned_data
        schedules.add_template(
            resource, weekdays=said["weekdays"], session=weekly.session, from_on=said["from_on"], **keeping
        )
        _open(resource)
        return True
    if otherwise.is_bound and otherwise.is_valid():
        said = otherwise.cleaned_data
        done = schedules.except_day(resource, said["day"], session=otherwise.hours, reason=said["reason"], **keeping)
        messages.success(request, _became(done))
        return True
    return False


def _became(done: Displaced) -> str:
    """What became of who was booked."""
    counts = {"count": len(done.cancelled), "again": len(done.rebooked), "waiting": len(done.waiting)}
    return (
        _now("已安排;取消了 %(count)s 个预约并已通知本人,其中 %(again)s 个已改约到空余时段,%(waiting)s 个转入候补")
        % counts
    )


def _context(resource: Resource, weekly: TemplateForm, otherwise: ExceptionForm) -> dict[str, Any]:
    today = clock.today()
    waiting = list(resource.waiting.filter(WAITING).order_by("asked_at"))
    names, days = masked(entry.resident_id for entry in waiting), dict(WEEKDAYS)
    templates = resource.templates.exclude(until_on__lt=today).order_by("weekday", "begins")
    return {
        "resource": resource,
        "kind": _now(Kind(resource.kind).label),
        "templates": [(each, days[each.weekday]) for each in templates],
        "exceptions": resource.exceptions.filter(day__gte=today).order_by("day"),
        "waiting": [(entry, names.get(entry.resident_id, entry.resident_id)) for entry in waiting],
        "weekly": weekly,
        "otherwise": otherwise,
        "today": today,
        "free": resource.slots.filter(begins__gte=clock.now(), closed_at__isnull=True).count(),
    }


def _mine(request: Any, resource_id: str) -> Resource:
    found: Resource = scoped_or_404(Resource.objects.select_related("institution"), request.user, pk=resource_id)
    return found
