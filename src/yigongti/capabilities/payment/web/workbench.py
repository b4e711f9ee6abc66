"""The settlement workbench: a year's budgets, its runs, one run; cleared, corrected, worked out again, compared."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.payment.models import LineResult, PoolResult, Run
from yigongti.capabilities.payment.selectors import differences, runs
from yigongti.capabilities.payment.selectors.runs import Names
from yigongti.capabilities.payment.selectors.wording import budget_label
from yigongti.capabilities.payment.services import jobs
from yigongti.capabilities.payment.services.runs import clear_year
from yigongti.kernel import clock
from yigongti.pages.charts import Chart, Series, Tone
from yigongti.pages.jobs import enqueue, latest_result, unfinished
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import scope_of


class ComputeForm(forms.Form):
    """Which year to settle."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)


def year(request: HttpRequest) -> HttpResponseBase:
    """A year: its budgets and what became of them, and all its runs."""
    known = runs.years()
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) == 4 else (known[0] if known else clock.today().year - 1)
    run = runs.latest(chosen)
    return answer(
        request,
        "payment/settlements.html",
        _runs_table(chosen),
        years=sorted({*known, chosen}, reverse=True),
        year=chosen,
        run=run,
        cleared=runs.standing(chosen),
        form=ComputeForm(initial={"year": chosen}),
        jobs=unfinished(jobs.settle_job),
        **(_picture(run, request.user) if run else {}),
    )


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """One run: its pools, and what each institution gets."""
    run = runs.run_or_404(key)
    return answer(
        request,
        "payment/settlement.html",
        _lines_table(run, request.user),
        run=run,
        cleared=runs.standing(run.year),
        clearing=getattr(run, "clearing", None),
        reproduction=latest_result(jobs.reproduce_job, run_id=run.pk),
        jobs=[job for job in unfinished(jobs.reproduce_job) if job.arguments.get("run_id") == run.pk],
        facts=[(name, len(parts), sum(part["rows"] for part in parts)) for name, parts in run.inputs.items()],
        **_picture(run, request.user),
    )


@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Ask for a year to be settled; a job does it."""
    form = ComputeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写年度"))
        return redirect("settlements")
    enqueue(jobs.settle_job, year=form.cleaned_data["year"], user_id=request.user.pk)
    messages.success(request, _("已开始试算,完成后出现在批次列表中"))
    return redirect(f"{reverse('settlements')}?year={form.cleaned_data['year']}")


@require_POST
def clear(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm a run as the year's clearing, or as the correction of it."""
    run = runs.run_or_404(key)
    clear_year(
        run.pk, by=request.user, corrects=request.POST.get("corrects", ""), reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已清算:结果、所用数据和规则不再改变"))
    return redirect("settlement", run.pk)


@require_POST
def reproduce(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a run to be worked out again."""
    enqueue(jobs.reproduce_job, run_id=runs.run_or_404(key).pk)
    messages.success(request, _("已开始按记录的数据和规则重新计算"))
    return redirect("settlement", key)


def difference(request: HttpRequest, key: str) -> HttpResponseBase:
    """What a run changes against the clearing it corrects, or another run (`?with=`)."""
    run = runs.run_or_404(key)
    other = _compared_with(run, request.GET.get("with", ""))
    if other is None:
        return render(request, "payment/difference.html", {"run": run, "others": runs.runs_of(run.year)})
    found, called = differences.difference(other.pk, run.pk), runs.called()
    visible = set(runs.lines_of(run, request.user).values_list("institution_id", flat=True))
    visible |= set(runs.lines_of(other, request.user).values_list("institution_id", flat=True))
    rows = [each for each in found.lines if each.institution_id in visible]
    columns = (
        Column("institution", _("机构"), value=lambda row: called.institution(row.institution_id)),
        Column("pool", _("预算"), value=lambda row: called.budget(row)),
        Column("before", _("原清算"), unit="fen"),
        Column("after", _("现清算"), unit="fen"),
        Column("change", _("差额"), unit="fen"),
    )
    table = Table("difference", columns, rows, sort="-change", empty=_("两次结果没有差别"))
    context = {"run": run, "other": other, "found": found, "others": runs.runs_of(run.year)}
    return answer(request, "payment/difference.html", table, change=sum(row.change for row in rows), **context)


def _compared_with(run: Run, asked: str) -> Run | None:
    if asked:
        return runs.run_or_404(asked)
    clearing = getattr(run, "clearing", None)
    if clearing is not None and clearing.corrects is not None:
        corrected: Run = clearing.corrects.run
        return corrected
    standing = runs.standing(run.year)
    return standing.run if standing is not None and standing.run_id != run.pk else None


def _picture(run: Run, user: Any) -> dict[str, Any]:
    """Pools with their use, added up."""
    pools, called = runs.pools_of(run, user), runs.called()
    lines = runs.lines_of(run, user)
    return {
        "whole": scope_of(user).whole_county,
        "pools": [(pool, called.budget(pool), _tone(pool)) for pool in pools],
        "budget_fen": sum(pool.budget_fen for pool in pools),
        "kept_fen": sum(pool.kept_by_fund_fen for pool in pools),
        "shared_fen": sum(pool.fund_share_fen for pool in pools),
        "totals": runs.totals_of(lines),
        "chart": _chart(pools, called),
    }


def _chart(pools: Any, called: Names) -> Chart:
    """How much of each budget was recorded."""
    labels = [f"{budget_label(pool)} {called.consortium(pool.consortium_id)}" for pool in pools]
    recorded = [sum(line.recorded_fen for line in pool.lines.all()) for pool in pools]
    used = [spent / pool.budget_fen if pool.budget_fen else None for spent, pool in zip(recorded, pools, strict=True)]
    tones: list[Tone] = ["none" if each is None else "bad" if each > 1 else "good" for each in used]
    links = [reverse("settlement_pool", args=[pool.run_id, pool.pk]) for pool in pools]
    series = Series(_("记账 ÷ 总额"), used, kind="bar", tones=tones, links=links)
    label = _("记账占总额的比例")
    return Chart(label, labels, [series], unit="ratio", target=1, target_label=_("预算总额"), lying=True)


def _tone(pool: PoolResult) -> str:
    return "bad" if pool.fund_share_fen else "good" if pool.kept_by_fund_fen else "plain"


def _runs_table(chosen: int) -> Table:
    columns = (
        Column("id", _("批次"), value=lambda run: run.pk[:12], link=lambda run: reverse("settlement", args=[run.pk])),
        Column("state", _("状态"), value=_state, tone=_state_tone, order=None),
        Column("pack", _("政策包")),
        Column("scheme", _("分组方案")),
        Column("cases_rows", _("住院例数"), unit=""),
        Column("created_at", _("计算时间")),
    )
    return Table("runs", columns, runs.runs_of(chosen), empty=_("这一年还没有结算过"), caption=_("批次"))


def _state(run: Run) -> str:
    clearing = getattr(run, "clearing", None)
    if clearing is None:
        return _("试算")
    return _("更正") if clearing.corrects_id else _("清算")


def _state_tone(run: Run) -> str:
    return "good" if hasattr(run, "clearing") else "none"


def _use(line: LineResult) -> float | None:
    """What was recorded ÷ what is due; None where nothing is due."""
    return line.recorded_fen / line.payable_fen if line.payable_fen else None


def _lines_table(run: Run, user: Any) -> Table:
    called = runs.called()
    columns = (
        Column("institution_id", _("机构"), show=lambda line: called.institution(line.institution_id),
               value=lambda line: called.institution(line.institution_id),
               link=lambda line: reverse("settlement_line", args=[run.pk, line.pk])),
        Column("pool", _("预算"), value=lambda line: called.budget(line.pool), order=None),
        Column("stays", _("住院例数"), unit=""),
        Column("points_e4", _("点数"), unit="", value=lambda line: line.points_e4 / 10_000),
        Column("recorded_fen", _("记账"), unit="fen", order=None),
        Column("payable_fen", _("应付"), unit="fen", order=None),
        Column("surplus_kept_fen", _("留用结余"), unit="fen"),
        Column("overrun_borne_fen", _("自担超支"), unit="fen"),
        Column("final_fen", _("清算"), unit="fen"),
        Column("use", _("记账/应付"), unit="ratio", value=_use, order=None),
    )  # fmt: skip
    return Table("lines", columns, runs.lines_of(run, user), sort="-final_fen", empty=_("没有您可以查看的机构"),
                 caption=_("各机构清算"))  # fmt: skip
