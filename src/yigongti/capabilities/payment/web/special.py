"""Special cases: stays put forward by their institutions, and how the latest run judged them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yigongti.capabilities.payment.decisions.special_cases import (
    APPLY_WITHIN,
    GROUND_LABELS,
    RECOGNISED_SHARE,
    SHARE,
)
from yigongti.capabilities.payment.models import Run, SpecialCase
from yigongti.capabilities.payment.selectors import runs
from yigongti.capabilities.payment.selectors.explaining import named_rules
from yigongti.capabilities.payment.services.special import put_forward
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.rows import scoped


class ApplyForm(forms.Form):
    """The stay, why, and what is to be said about it."""

    stay_id = forms.CharField(label=gettext_lazy("住院编号"), max_length=64)
    ground = forms.ChoiceField(label=gettext_lazy("理由"))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["ground"].choices = [(name, _(label)) for name, label in GROUND_LABELS.items()]


def listed(request: HttpRequest) -> HttpResponseBase:
    """All that were put forward inside one's scope, with their outcome."""
    answers = _answers()
    called = runs.called()

    def outcome(row: SpecialCase) -> dict[str, Any]:
        return answers.get(row.pk, {})

    columns = (
        Column("stay_id", _("住院编号")),
        Column("institution_id", _("机构"), show=lambda row: called.institution(row.institution_id)),
        Column("ground", _("理由"), value=lambda row: _(GROUND_LABELS[row.ground])),
        Column("applied_on", _("申报日期")),
        Column("outcome", _("评议"), value=lambda row: _OUTCOMES.get(outcome(row).get("outcome", ""), _("待结算评议")),
               tone=lambda row: {"allow": "good", "refuse": "bad"}.get(outcome(row).get("outcome", ""), "none"),
               order=None),
        Column("reason", _("依据"), value=lambda row: ";".join(text for _id, text in outcome(row).get("reasons", ())),
               order=None),
        Column("recognised_fen", _("认可金额"), unit="fen", order=None),
    )  # fmt: skip
    rows = list(scoped(SpecialCase.objects.all(), request.user).order_by("-applied_on", "pk"))
    for row in rows:
        row.recognised_fen = outcome(row).get("recognised_fen")
    table = Table("special", columns, rows, empty=_("还没有申报"), caption=_("特例单议"))
    rules = named_rules(SHARE["drg"], SHARE["dip"], APPLY_WITHIN, RECOGNISED_SHARE)
    return answer(request, "payment/special.html", table, form=ApplyForm(), rules=rules)


@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Put a stay forward."""
    form = ApplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写住院编号、理由和说明"))
        return redirect("special_cases")
    given = form.cleaned_data
    put_forward(given["stay_id"].strip(), ground=given["ground"], note=given["note"], by=request.user)
    messages.success(request, _("已申报,下次结算时评议"))
    return redirect("special_cases")


def _answers() -> dict[str, dict[str, Any]]:
    """Stay → how the latest run of its year judged it."""
    found: dict[str, dict[str, Any]] = {}
    for year in Run.objects.values_list("year", flat=True).distinct():
        run = runs.latest(year)
        found |= {each["stay_id"]: each for each in run.answers} if run else {}
    return found


_OUTCOMES = {"allow": gettext_lazy("准予单议"), "refuse": gettext_lazy("不予单议")}
