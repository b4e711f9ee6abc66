"""Monitoring and evaluation runs: made, looked at, compared, frozen, worked out again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.measure.models import Kind, Level, Run
from yigongti.capabilities.measure.selectors import figures, history, seats, watch
from yigongti.capabilities.measure.services import freezing, jobs
from yigongti.capabilities.measure.web.asking import asked, run_or_404
from yigongti.capabilities.measure.web.drawing import address
from yigongti.kernel.periods import parse
from yigongti.pages.jobs import enqueue, latest_result, unfinished
from yigongti.pages.numbers import shown
from yigongti.pages.tables import Column, Table, answer


class ComputeForm(forms.Form):
    """What to compute: a half-year's monitoring or a year's evaluation."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[("half_year", gettext_lazy("半年监测")), ("annual", gettext_lazy("年度评价"))],
    )
    period = forms.CharField(
        label=gettext_lazy("期间"), max_length=8, help_text=gettext_lazy("半年写成 2026H1,全年写成 2026")
    )


def listed(request: HttpRequest) -> HttpResponseBase:
    """All runs, what is being computed, and the form for a new one."""
    columns = (
        Column("label", _("期间"), value=lambda run: run.period.label, link=_address, order="period_end"),
        Column("kind", _("类别"), value=lambda run: _(Kind(run.kind).label)),
        Column("created_at", _("计算时间")),
        Column("missed", _("未达标"), unit=""),
        Column("warned", _("预警"), unit=""),
        Column("frozen_at", _("固化时间")),
    )
    table = Table("runs", columns, history.runs(), sort="-created_at", empty=_("还没有监测或评价"))
    jobs_now = unfinished(jobs.evaluate_job, jobs.refresh_job)
    return answer(request, "measure/evaluations.html", table, form=ComputeForm(), jobs=jobs_now)


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """One run at one seat: values against targets, warnings, what it rests on, and a comparison with another."""
    run, found = run_or_404(key), asked(request)
    seat = found.seat or seats.Seat(Level.COUNTY, "", _("全县"))
    other = _other(request, run)
    compared = history.compared(figures.at_seat(run, seat), figures.at_seat(other, seat) if other else [])
    table = Table("values", _value_columns(other), compared, size=200, empty=_("这一批次没有数值"))
    return answer(
        request,
        "measure/evaluation.html",
        table,
        run=run,
        kind=_(Kind(run.kind).label),
        asked=found,
        other=other,
        others=history.runs().exclude(pk=run.pk)[:20],
        tones=history.tones([each.figure for each in compared]),
        warnings=watch.ordered(watch.watched(watch.visible_warnings(run, seats.view_of(request.user)))),
        reproduction=latest_result(jobs.reproduce_job, run_id=run.pk),
        reproducing=[job for job in unfinished(jobs.reproduce_job) if job.arguments.get("run_id") == run.pk],
        inputs=history.inputs_of(run),
    )


@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Ask for a run; it is computed by a job."""
    form = ComputeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择类别并填写期间"))
        return redirect("evaluations")
    period = parse(form.cleaned_data["period"]).label
    enqueue(jobs.evaluate_job, kind=form.cleaned_data["kind"], period=period, user_id=request.user.pk)
    messages.success(request, _("已开始计算,完成后出现在列表中"))
    return redirect("evaluations")


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Compute the everyday results anew."""
    enqueue(jobs.refresh_job, user_id=request.user.pk)
    messages.success(request, _("已开始重新计算,完成前显示的仍是上一次的结果"))
    return redirect("evaluations")


@require_POST
def freeze(request: HttpRequest, key: str) -> HttpResponse:
    """Freeze a run for good."""
    freezing.freeze(run_or_404(key).pk, by=request.user)
    messages.success(request, _("已固化:数值、预警、所用数据和规则版本不再改变"))
    return redirect("evaluation", key)


@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a run that was not frozen."""
    freezing.discard(run_or_404(key).pk)
    messages.success(request, _("已删除"))
    return redirect("evaluations")


@require_POST
def reproduce(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a run to be worked out again."""
    enqueue(jobs.reproduce_job, run_id=run_or_404(key).pk)
    messages.success(request, _("已开始按记录的数据和规则重新计算"))
    return redirect("evaluation", key)


def _address(run: Run) -> str:
    return reverse("evaluation", args=[run.pk])


def _other(request: HttpRequest, run: Run) -> Run | None:
    key = request.GET.get("with", "")
    return run_or_404(key) if key and key != run.pk else None


def _value_columns(other: Run | None) -> tuple[Column, ...]:
    beside = (
        Column("before", _("对比值"), unit="", show=lambda each: shown(each.before, unit=each.unit), order=None),
        Column("change", _("变化"), unit="", show=_change, order=None),
    )
    return (
        Column("label", _("指标"), link=lambda each: address(each.figure)),
        Column("value", _("数值"), unit="", show=lambda each: shown(each.value, unit=each.unit), order=None),
        Column("target", _("目标"), order=None),
        Column("verdict", _("状况"), tone=lambda each: each.figure.tone, show=_verdict),
        *(beside if other else ()),
    )


def _verdict(each: history.Compared) -> str:
    return each.figure.why or each.figure.verdict


def _change(each: history.Compared) -> Any:
    if each.change is None:
        return "—"
    return f"{'+' if each.change > 0 else ''}{shown(each.change, unit=each.unit)}"
