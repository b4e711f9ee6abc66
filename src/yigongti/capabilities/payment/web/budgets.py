"""How budgets were reckoned: people, history, growth, deductions, each with its formula."""

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.payment.decisions import budget
from yigongti.capabilities.payment.models import BUDGET_SCHEMES, INSURED, Composition
from yigongti.capabilities.payment.selectors import runs
from yigongti.capabilities.payment.selectors.explaining import RuleUsed, used_rules
from yigongti.capabilities.payment.services import budgeting, jobs
from yigongti.kernel import clock
from yigongti.pages.jobs import enqueue, unfinished
from yigongti.pages.tables import Column, Table, answer

DEDUCTED = {"risk_reserve": gettext_lazy("风险金"), "adjustment": gettext_lazy("调剂金")}


RULES_OF = {
    "rules_of_heads": (budgeting.PER_HEAD, budget.AGE_BANDS, budget.RELATIVE_COST),
    "rules_of_history": (
        budget.HISTORY_WEIGHTS, budgeting.INCOME_GROWTH, budgeting.REASONABLE_GROWTH, budget.GROWTH_CAP,
    ),
    "rules_of_gross": (budget.PER_HEAD_SHARE,),
    "rules_of_net": (budget.DEDUCTIONS,),
}  # fmt: skip
"""Part of a composition → the rules that enter it."""


class YearForm(forms.Form):
    """Whose budget to reckon."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)


def listed(request: HttpRequest) -> HttpResponseBase:
    """The budgets of a year (`?year=`), and the parts as they may be loaded."""
    known = list(Composition.objects.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) == 4 else (known[0] if known else clock.today().year + 1)
    composed = Composition.objects.filter(year=chosen).order_by("consortium_id", "insured_as")
    rows = [
        {"year": each.year, "consortium_id": each.consortium_id, "insured_as": each.insured_as, "scheme": scheme,
         "amount_fen": amount}
        for each in composed
        for scheme, amount in each.parts.items()
    ]  # fmt: skip
    called = runs.called()
    columns = (
        Column("year", _("年度")),
        Column("consortium_id", _("医共体"), show=lambda row: called.consortium(row["consortium_id"])),
        Column("insured_as", _("参保类型"), show=lambda row: _(INSURED[row["insured_as"]])),
        Column("scheme", _("预算"), show=lambda row: _(BUDGET_SCHEMES[row["scheme"]])),
        Column("amount_fen", _("金额"), unit="fen"),
    )
    table = Table("budget", columns, rows, empty=_("这一年还没有测算"), caption=_("分项预算"))
    return answer(
        request, "payment/budgets.html", table, year=chosen, years=sorted({*known, chosen}, reverse=True),
        composed=[_told(each, called.consortium(each.consortium_id)) for each in composed],
        form=YearForm(initial={"year": chosen}), jobs=unfinished(jobs.compose_job),
    )  # fmt: skip


@require_POST
def compose(request: HttpRequest) -> HttpResponse:
    """Ask for a year's budgets to be reckoned; a job does it."""
    form = YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写年度"))
        return redirect("settlement_budgets")
    enqueue(jobs.compose_job, year=form.cleaned_data["year"])
    messages.success(request, _("已开始测算,完成后在此显示"))
    return redirect(f"{reverse('settlement_budgets')}?year={form.cleaned_data['year']}")


def _rules(each: Composition, *ids: str) -> list[RuleUsed]:
    return used_rules({name: each.rules[name] for name in ids if name in each.rules})


def _told(each: Composition, consortium: str) -> dict[str, Any]:
    """A composition as the page shows it."""
    heads = each.heads
    return {
        "name": f"{consortium} {_(INSURED[each.insured_as])}",
        "number": heads["number"], "per_head_fen": heads["per_head_fen"], "risk": float(Fraction(heads["risk"])),
        "history": [(each.year - back, spent) for back, spent in enumerate(each.history_fen, start=1)],
        "growth": float(Fraction(each.growth)), "deductions": [
            (DEDUCTED.get(name, name), amount) for name, amount in each.deductions.items()
        ],
        "composition": each, **{name: _rules(each, *ids) for name, ids in RULES_OF.items()},
    }  # fmt: skip
