"""What people fill in: a sharing, money for the pool, a centre's cost, a reason."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yigongti.capabilities.finance.models import CENTRES, Kind
from yigongti.capabilities.finance.services.pool import SOURCES
from yigongti.kernel import clock
from yigongti.pages.work.fields import FenField
from yigongti.spine.choices import labelled

AmountField = partial(FenField, min_value=0, max_value=10**10)
"""An amount typed in yuan, up to ten thousand million; its cleaned value is fen."""


class SharingForm(forms.Form):
    """What is shared, for which period, how much."""

    kind = forms.ChoiceField(label=_("种类"), choices=labelled(Kind))
    period = forms.CharField(label=_("期间"), max_length=23, help_text=_("如 2025、2025H1、2025Q3、2025-07"))
    total_fen = AmountField(label=_("金额(元)"), required=False, help_text=_("成本分摊以登记的成本为准,不必填。"))
    source = forms.CharField(label=_("资金来源"), max_length=200, required=False)


class PoolForm(forms.Form):
    """Money that has arrived."""

    source = forms.ChoiceField(label=_("来源"), choices=list(SOURCES.items()))
    amount_fen = AmountField(label=_("金额(元)"))
    day = forms.DateField(
        label=_("到账日期"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    memo = forms.CharField(label=_("摘要"), max_length=200, required=False)


class CentreCostForm(forms.Form):
    """What a shared centre cost in a month."""

    centre = forms.ChoiceField(label=_("共享中心"), choices=list(CENTRES.items()))
    institution_id = forms.ChoiceField(label=_("承办机构"))
    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label=_("月份"), help_text=_("如 2025-07"))
    amount_fen = AmountField(label=_("成本(元)"))
    evidence = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, *arguments: Any, members: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["institution_id"].choices = members


class ReasonForm(forms.Form):
    """Why a sharing is taken back."""

    reason = forms.CharField(label=_("理由"), max_length=160)
