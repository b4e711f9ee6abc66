"""Monthly advances and pre-settlement, and how the budgets are used against the time passed."""

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.payment.decisions.monthly import USE_LIMITS
from yigongti.capabilities.payment.models import BudgetUse, Month, MonthLine, Tone
from yigongti.capabilities.payment.selectors import runs
from yigongti.capabilities.payment.selectors.explaining import named_rules, used_rules
from yigongti.capabilities.payment.selectors.runs import Names
from yigongti.capabilities.payment.services import jobs
from yigongti.kernel.periods import parse
from yigongti.pages.charts import Chart, Series
from yigongti.pages.jobs import enqueue, unfinished
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.rows import scoped
from yigongti.spine.access.scope import scope_of


class MonthForm(forms.Form):
    """Which month to settle."""

    month = forms.RegexField(r"^\d{4}-\d{2}$", label=gettext_lazy("月份"), help_text=gettext_lazy("如 2026-03"))


def listed(request: HttpRequest) -> HttpResponseBase:
    """All months, and how the latest stands."""
    months = Month.objects.order_by("-year", "-month")
    sums = {
        row["month_id"]: row
        for row in scoped(MonthLine.objects.all(), request.user).values("month_id").order_by("month_id").annotate(
            advance=Sum("advance_fen"), recorded=Sum("recorded_fen"), settled=Sum("settled_fen")
        )
    }  # fmt: skip
    rows = [{"month": each, **sums.get(each.pk, {"advance": 0, "recorded": 0, "settled": 0})} for each in months]
    columns = (
        Column("month", _("月份"), value=lambda row: str(row["month"]),
               link=lambda row: reverse("settlement_month", args=[row["month"].pk])),
        Column("advance", _("预付"), unit="fen"),
        Column("recorded", _("记账"), unit="fen"),
        Column("settled", _("预结算"), unit="fen"),
        Column("tone", _("总额使用"), value=lambda row: _(_worst(row["month"]).label),
               tone=lambda row: _worst(row["month"]).value, order=None),
    )  # fmt: skip
    table = Table("months", columns, rows, sort="-month", empty=_("还没有预结算过"), caption=_("各月"))
    last = months.first()
    standing = {"uses": _uses(last, request.user, runs.called()), "chart": _course(last, request.user)} if last else {}
    return answer(
        request, "payment/months.html", table, form=MonthForm(), jobs=unfinished(jobs.month_job), last=last,
        limits=named_rules(USE_LIMITS), **standing,
    )  # fmt: skip


def one(request: HttpRequest, key: int) -> HttpResponseBase:
    """One month: what each institution is advanced and settled for."""
    month = Month.objects.filter(pk=key).first()
    if month is None:
        raise Http404(f"no month {key}")
    called = runs.called()
    columns = (
        Column("institution_id", _("机构"), value=lambda line: called.institution(line.institution_id)),
        Column("pool", _("预算"), value=lambda line: called.budget(line), order=None),
        Column("advance_fen", _("预付"), unit="fen"),
        Column("recorded_fen", _("记账"), unit="fen"),
        Column("settled_fen", _("预结算"), unit="fen"),
        Column("balance_fen", _("本月应拨"), unit="fen", order=None),
    )  # fmt: skip
    rows = scoped(MonthLine.objects.filter(month=month), request.user)
    table = Table("lines", columns, rows, sort="-settled_fen", empty=_("没有您可以查看的机构"))
    return answer(request, "payment/month.html", table, month=month, uses=_uses(month, request.user, called),
                  rules=used_rules(month.rules))  # fmt: skip


@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Ask for a month to be advanced and settled; a job does it."""
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请按 2026-03 的样子填写月份"))
        return redirect("settlement_months")
    first = parse(form.cleaned_data["month"]).start
    enqueue(jobs.month_job, year=first.year, month=first.month, user_id=request.user.pk)
    messages.success(request, _("已开始预结算,完成后出现在列表中"))
    return redirect("settlement_months")


def _uses(month: Month, user: Any, called: Names) -> list[dict[str, Any]]:
    return [
        {
            "name": called.budget(use), "tone": use.tone, "label": _(Tone(use.tone).label),
            "budget": use.budget_fen, "spent": use.spent_fen,
            "ratio": float(Fraction(use.ratio)) if use.ratio else None, "passed": month.month / 12,
        }
        for use in _visible(month.uses, user)
    ]  # fmt: skip


def _visible(uses: Any, user: Any) -> list[BudgetUse]:
    """The county's people see every budget, others those of their institutions."""
    ordered = uses.order_by("consortium_id", "insured_as", "scheme")
    if scope_of(user).whole_county:
        return list(ordered)
    own = scoped(MonthLine.objects.all(), user).values("consortium_id")
    return list(ordered.filter(consortium_id__in=own))


def _worst(month: Month) -> Tone:
    order = (Tone.BAD, Tone.WARN)
    tones = {use.tone for use in month.uses.all()}
    return next((tone for tone in order if tone in tones), Tone.GOOD)


def _course(last: Month, user: Any) -> Chart:
    """The use of the year's budgets so far against the time passed, month by month."""
    months = list(Month.objects.filter(year=last.year).order_by("month"))
    used, passed = [], []
    for month in months:
        uses = _visible(month.uses, user)
        budget = sum(use.budget_fen for use in uses)
        used.append(sum(use.spent_fen for use in uses) / budget if budget else None)
        passed.append(month.month / 12)
    series = (Series(_("累计支出 ÷ 总额"), used), Series(_("时间进度"), passed))
    return Chart(_("总额使用与时间进度"), [str(month) for month in months], series, unit="ratio")
